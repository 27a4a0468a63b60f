import { expect } from 'chai';
import { MUTANTS } from './list.ts';
import { codeOf, planted } from './planting.ts';
import { playUntilCaught } from './playing.ts';

const SEEDS = 20;
const TIME_LIMIT_MS = 120_000;

describe('planted bugs', function () {
  this.timeout(TIME_LIMIT_MS);

  it('are at least forty, each with a name of its own and its place in the code exactly once', () => {
    expect(new Set(MUTANTS.map(({ name }) => name)).size)
      .to.equal(MUTANTS.length)
      .and.to.be.at.least(40);
    for (const mutant of MUTANTS) expect(planted(mutant, codeOf(mutant)), mutant.name).not.to.equal(codeOf(mutant));
  });

  it('refuse a place that is not there, or there twice', () => {
    const mutant = { name: 'bug', law: '1', file: 'a.ts', find: 'a', replace: 'b' };
    expect(planted(mutant, 'cab')).to.equal('cbb');
    for (const code of ['', 'aba']) expect(() => planted(mutant, code)).to.throw('instead of once');
  });

  for (const name of [
    'a document is read past what the unit has written',
    'everything counts as said by the contact itself',
  ]) {
    it(`are caught by the histories: ${name}`, async () => {
      const mutant = MUTANTS.find((each) => each.name === name);
      if (mutant === undefined) throw new Error(`There is no mutant "${name}".`);
      const { caught, broken } = await playUntilCaught(mutant, SEEDS);
      expect(broken).to.equal(undefined);
      expect(caught, `${SEEDS} seeds`).not.to.equal(undefined);
    });
  }
});
