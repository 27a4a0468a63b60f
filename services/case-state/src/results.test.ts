import { expect } from 'chai';
import { reportOf } from './results.ts';

describe('A result that a backend sends later', () => {
  it('carries no card number, in its note or in its facts', () => {
    const card = '4539148803436467';
    const action = { actionId: 'act_1', caseId: 'case_1', name: 'request_refund' } as Parameters<typeof reportOf>[0];
    const report = reportOf(action, { status: 'done', note: `Paid back to ${card}`, card }, 1);
    expect(JSON.stringify(report)).not.to.include(card);
    expect(report.note).to.equal('Paid back to ••••');
  });
});
