import { expect } from 'chai';
import { newCustomer } from './customers.ts';
import { givenNow } from './routing.ts';
import { customerView } from './view.ts';

describe('the view of a customer', () => {
  it('names its cases with their status and time', () => {
    const customer = { ...newCustomer('cus_1', true), cases: [givenNow('case_1', Date.UTC(2026, 0, 5))] };
    expect(customerView(customer)).to.deep.include({
      id: 'cus_1',
      provisional: true,
      cases: [
        { caseId: 'case_1', status: 'open', kind: null, continuedIn: null, version: 0, at: '2026-01-05T00:00:00.000Z' },
      ],
    });
  });
});
