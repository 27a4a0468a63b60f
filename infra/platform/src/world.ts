import { randomBytes } from 'node:crypto';
import type { Clock, Random } from '@throughline/kernel/ports';

/** The clock and the randomness of a real run: the one place that they come from. */
export const realClock: Clock = {
  nowMs: () => Date.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

export const realRandom: Random = (bytes) => randomBytes(bytes);
