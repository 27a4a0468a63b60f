import { expect } from 'chai';
import { reportOf, resultBody } from './results.ts';

describe('A result that a backend sends later', () => {
  it('carries no card number, in its note or in its facts', () => {
    const card = '4539148803436467';
    const action = { actionId: 'act_1', caseId: 'case_1', name: 'request_refund' } as Parameters<typeof reportOf>[0];
    const report = reportOf(action, { status: 'done', note: `Paid back to ${card}`, card }, 1);
    expect(JSON.stringify(report)).not.to.include(card);
    expect(report.note).to.equal('Paid back to ••••');
  });

  it('refuses lists that are deeper than the stack, which were answered as a fault of ours', () => {
    const deep = (depth: number): unknown => JSON.parse(`{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`);
    expect(resultBody.safeParse(deep(10)).success).to.equal(true);
    expect(resultBody.safeParse(deep(50_000)).success).to.equal(false);
  });
});
