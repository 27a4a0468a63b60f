import { expect } from 'chai';
import type { StrikeName } from './faults.ts';
import type { History, Made } from './history.ts';
import { replayCommand, shrink } from './shrink.ts';

const strike = (number: number): StrikeName => `crash@processor/committed#${number}`;
const STRUCK = Array.from({ length: 40 }, (_, number) => strike(number));

/** A law that does not hold where all of these strike, and there are at least two customers. */
const brokenBy =
  (...numbers: readonly number[]) =>
  async (seed: number, { strikes = [], limits = {} }: Made): Promise<History> => {
    const isBroken = numbers.every((number) => strikes.includes(strike(number))) && (limits.customers ?? 4) >= 2;
    const violation = isBroken ? 'Law 0: it is broken.' : undefined;
    return { seed, steps: 300, faults: ['crash'], struck: strikes, violation, hash: '', trace: [] };
  };

describe('shrinking', () => {
  it('leaves out every strike and every customer, contact and turn that the violation does not need', async () => {
    const shrunk = await shrink({ seed: 5, struck: STRUCK }, brokenBy(3, 17));
    expect(shrunk?.made).to.deep.equal({
      strikes: [strike(3), strike(17)],
      limits: { bursts: 0, customers: 2, visits: 1, lines: 1, turns: 1 },
    });
  });

  it('names the command that plays exactly what it found', async () => {
    const shrunk = await shrink({ seed: 5, struck: STRUCK }, brokenBy(8));
    expect(shrunk && replayCommand(5, shrunk.made)).to.equal(
      "pnpm sim:replay 5 --strikes 'crash@processor/committed#8' --limits bursts=0,customers=2,visits=1,lines=1,turns=1",
    );
  });

  it('says so where the strikes alone do not bring it about', async () => {
    expect(await shrink({ seed: 5, struck: [] }, brokenBy(8))).to.equal(undefined);
  });
});
