import { normalizeEmail, normalizePhone } from '@throughline/language/identifiers';
import { expect } from 'chai';
import { DEMO_CUSTOMERS } from './demo-backend.ts';

describe("the demo's customers", () => {
  it('have numbers and addresses that the gateways take for such', () => {
    for (const { identifiers, region } of DEMO_CUSTOMERS) {
      for (const { type, value } of identifiers) {
        const normal = type === 'phone' ? normalizePhone(value, region) : normalizeEmail(value);
        expect(normal, value).to.deep.include({ ok: true, value });
      }
    }
  });
});
