import { parentPort } from 'node:worker_threads';
import { cellOf } from './faults.ts';
import { type Made, playHistory } from './history.ts';

/** What a thread is asked to play. */
export interface Task {
  readonly firstSeed: number;
  readonly histories: number;
  readonly made: Made;
}

/** What became of it. */
export interface Played {
  readonly firstSeed: number;
  readonly histories: number;
  readonly steps: number;
  readonly stepsMin: number;
  /** How often each fault struck at each step. */
  readonly cells: ReadonlyMap<string, number>;
  /** The hash of each history, in the order of seeds. */
  readonly hashes: readonly string[];
  /** Those in which a law does not hold. */
  readonly violated: readonly {
    readonly seed: number;
    readonly violation: string;
    readonly struck: readonly string[];
  }[];
}

export async function playTask({ firstSeed, histories, made }: Task): Promise<Played> {
  const cells = new Map<string, number>();
  const hashes: string[] = [];
  const violated: Played['violated'][number][] = [];
  let steps = 0;
  let stepsMin = Number.MAX_SAFE_INTEGER;
  for (let seed = firstSeed; seed < firstSeed + histories; seed += 1) {
    playing = seed;
    const history = await playHistory(seed, made);
    steps += history.steps;
    stepsMin = Math.min(stepsMin, history.steps);
    hashes.push(history.hash);
    for (const strike of history.struck) cells.set(cellOf(strike), (cells.get(cellOf(strike)) ?? 0) + 1);
    if (history.violation !== undefined) {
      violated.push({ seed, violation: history.violation, struck: history.struck });
    }
  }
  return { firstSeed, histories, steps, stepsMin, cells, hashes, violated };
}

let playing = 0;
process.on('unhandledRejection', (error) => {
  throw new Error(`pnpm sim:replay ${playing} breaks down.`, { cause: error });
});

parentPort?.on('message', (task: Task) => {
  void playTask(task).then((played) => parentPort?.postMessage(played));
});
