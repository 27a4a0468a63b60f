import { expect } from 'chai';
import { DOORS } from './doors.ts';
import { fuzzDoor, printed } from './fuzzing.ts';

/** Inputs of each door in a run of the tests: together 100,000. `pnpm fuzz` feeds as many as one likes, from any seed. */
const INPUTS: Readonly<Record<string, number>> = {
  chat: 12_000,
  relay: 8_000,
  mime: 3_000,
  words: 300,
  records: 2_500,
  'log-file': 10_000,
  actions: 40_000,
  api: 2_000,
  webhooks: 1_500,
};
/** Fixed, so that a run of the tests is the same everywhere. */
const SEED = 1;

describe('bad input at volume', () => {
  for (const { name, about, inputsPerOpening } of DOORS) {
    const inputs = INPUTS[name] ?? 0;
    it(`${inputs} of ${about}`, async () => {
      const outcome = await fuzzDoor({ door: name, seed: SEED, inputs });
      expect(outcome.finding, printed(outcome, inputsPerOpening)).to.equal(undefined);
      expect(outcome.inputs).to.equal(inputs);
    });
  }
});
