import { expect } from 'chai';
import type { Outcome } from './door.ts';
import { DOORS } from './doors.ts';
import { fuzzDoor, printed } from './fuzzing.ts';

/** Inputs of each door in a run of the tests: together 100,000. `pnpm fuzz` feeds as many as one likes, from any seed. */
const INPUTS: Readonly<Record<string, number>> = {
  chat: 12_000,
  relay: 8_000,
  mime: 2_000,
  words: 200,
  records: 2_000,
  'log-file': 10_000,
  actions: 62_100,
  api: 1_800,
  webhooks: 1_000,
  smtp: 100,
  sockets: 800,
};
/** Fixed, so that a run of the tests is the same everywhere. */
const SEED = 1;

describe('bad input at volume', function () {
  // About ten seconds each; a machine with much else to do gets the time that it takes.
  this.timeout(120_000);
  const started = new Map<string, Promise<Outcome>>();
  const outcomeOf = (door: string): Promise<Outcome> => {
    const outcome = started.get(door) ?? fuzzDoor({ door, seed: SEED, inputs: INPUTS[door] ?? 0 });
    started.set(door, outcome);
    return outcome;
  };

  for (const [index, { name, about, inputsPerOpening }] of DOORS.entries()) {
    it(`${INPUTS[name]} ${about}`, async () => {
      const outcome = outcomeOf(name);
      // Each is a thread of its own, so the next door begins meanwhile.
      const next = DOORS[index + 1];
      if (next !== undefined) void outcomeOf(next.name);
      const { inputs, finding } = await outcome;
      expect(finding, printed(await outcome, inputsPerOpening)).to.equal(undefined);
      expect(inputs).to.equal(INPUTS[name]);
    });
  }

  it('is 100,000 inputs', () => {
    expect(DOORS.reduce((sum, { name }) => sum + (INPUTS[name] ?? 0), 0)).to.equal(100_000);
  });
});
