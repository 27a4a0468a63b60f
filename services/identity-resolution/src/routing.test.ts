import { expect } from 'chai';
import fc from 'fast-check';
import { newCustomer } from './customers.ts';
import type { CaseNote } from './documents.ts';
import { caseNamed, noted } from './routing.ts';

const note = (caseId: string, version: number, changes: Partial<CaseNote> = {}): CaseNote => ({
  caseId,
  version,
  status: 'open',
  kind: null,
  references: [],
  continuedIn: null,
  atMs: version,
  ...changes,
});

describe('what is kept of the cases of a customer', () => {
  it('is the highest version of each, in whatever order the notices come', () => {
    const notices = fc.uniqueArray(
      fc.tuple(fc.constantFrom('case_1', 'case_2', 'case_3'), fc.integer({ min: 1, max: 30 })),
      {
        selector: ([caseId, version]) => `${caseId} ${version}`,
      },
    );
    fc.assert(
      fc.property(notices, (all) => {
        const apply = (list: readonly (readonly [string, number])[]) =>
          list.reduce<readonly CaseNote[]>((cases, [caseId, version]) => noted(cases, note(caseId, version)), []);
        expect(apply(all)).to.deep.equal(apply([...all].reverse()));
      }),
    );
  });

  it('is every case that is not closed, and the twenty newest closed ones', () => {
    let cases: readonly CaseNote[] = [note('case_open', 1)];
    for (let one = 2; one < 40; one += 1) cases = noted(cases, note(`case_${one}`, one, { status: 'closed' }));
    expect(cases).to.have.length(21);
    expect(cases.map((one) => one.caseId))
      .to.include.members(['case_open', 'case_39'])
      .and.not.include('case_2');
  });

  it('leads from a closed case to nothing where its continuations go round in a circle', () => {
    const circle = [
      note('case_1', 1, { status: 'closed', continuedIn: 'case_2' }),
      note('case_2', 2, { status: 'closed', continuedIn: 'case_1' }),
    ];
    expect(caseNamed({ ...newCustomer('cus_1', false), cases: circle }, ['case_1'])).to.equal(undefined);
  });
});
