import { expect } from 'chai';
import { type ResultBody, reportOf, resultBody } from './results.ts';

const action = { actionId: 'act_1', caseId: 'case_1', name: 'request_refund' };
const outcome = (status?: string) => reportOf(action, status === undefined ? {} : { status }, 1).outcome;

describe('A result that a backend sends later', () => {
  it('carries no card number, in its note or in its facts', () => {
    const card = '4539148803436467';
    const report = reportOf(action, { status: 'done', note: `Paid back to ${card}`, card }, 1);
    expect(JSON.stringify(report)).not.to.include(card);
    expect(report.note).to.equal('Paid back to ••••');
  });

  it('refuses lists that are deeper than the stack, which were answered as a fault of ours', () => {
    const deep = (depth: number): unknown => JSON.parse(`{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`);
    expect(resultBody.safeParse(deep(10)).success).to.equal(true);
    expect(resultBody.safeParse(deep(31)).success).to.equal(true);
    expect(resultBody.safeParse(deep(32)).success).to.equal(false);
    expect(resultBody.safeParse(deep(50_000)).success).to.equal(false);
    expect(resultBody.safeParse({ a: null, b: [1, 'two', null] }).success).to.equal(true);
  });

  it('is a report by the backend on the action, with what became known', () => {
    const { reportId, ...report } = reportOf(action, { status: 'done', amount: '12.50' }, 7);
    expect(reportId).to.match(/^rep_/);
    expect(report).to.deep.include({
      caseId: 'case_1',
      actionId: 'act_1',
      outcome: 'done',
      note: null,
      promiseDueMs: null,
      by: 'backend',
      atMs: 7,
    });
    expect(report.facts.map(({ value, assurance, source, atMs }) => [value, assurance, source, atMs])).to.deep.equal([
      ['done', 0, 'backend', 7],
      ['12.50', 0, 'backend', 7],
    ]);
  });

  it('failed, is still on its way, or is done where it says nothing else', () => {
    expect(['failed', 'ERROR', 'Rejected'].map(outcome)).to.deep.equal(['failed', 'failed', 'failed']);
    expect(['pending', 'Pending'].map(outcome)).to.deep.equal(['pending', 'pending']);
    expect([outcome('done'), outcome('whatever'), outcome()]).to.deep.equal(['done', 'done', 'done']);
  });

  it('has a note of five hundred characters at most', () => {
    expect(reportOf(action, { note: 'x '.repeat(400) }, 1).note).to.have.length(500);
  });

  it('is the same report when it is sent again, in whatever order its members come, and another one otherwise', () => {
    const id = (body: ResultBody) => reportOf(action, body, 1).reportId;
    const one = id({ status: 'done', list: [{ a: 1, b: null }, 2], c: true });
    expect(id({ c: true, list: [{ b: null, a: 1 }, 2], status: 'done' })).to.equal(one);
    for (const other of [
      { status: 'done', list: [2, { a: 1, b: null }], c: true },
      { status: 'done', list: [{ a: 1 }, 2], c: true },
      { status: 'done', list: [{ a: 1, b: null }, 2], c: false },
      { status: 'done' },
      {},
    ])
      expect(id(other)).to.not.equal(one);
    expect(reportOf({ ...action, actionId: 'act_2' }, {}, 1).reportId).to.not.equal(id({}));
  });
});
