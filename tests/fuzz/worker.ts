import { parentPort, workerData } from 'node:worker_threads';
import { DOORS } from './doors.ts';
import type { Seeds } from './seeds.ts';

/** What a worker is told: which door, and what to feed it with. */
export interface Task {
  readonly door: string;
  /** The seed of the first opening; the next ones have the numbers behind it. */
  readonly seed: number;
  readonly inputs: number;
  /** Nothing more is begun then, epoch milliseconds. */
  readonly untilMs: number;
  readonly seeds: Seeds;
  /** Two counters that the watcher looks at: inputs fed, and the seed at work. */
  readonly shared: Int32Array;
}

/** The thread that a door is fuzzed on: whoever started it ends it where a door does not come back. */
const task = workerData as Task;
const crashes: string[] = [];
const crashed = (error: unknown): void => {
  crashes.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
};
process.on('uncaughtException', crashed).on('unhandledRejection', crashed);

const door = DOORS.find(({ name }) => name === task.door);
if (door === undefined) throw new Error(`There is no door ${task.door}.`);
let inputs = 0;
for (let { seed } = task; inputs < task.inputs && Date.now() < task.untilMs; seed += 1) {
  Atomics.store(task.shared, 1, seed);
  const before = inputs;
  const outcome = await door.run({
    seed,
    inputs: Math.min(door.inputsPerOpening, task.inputs - before),
    seeds: task.seeds,
    watcher: {
      fed: (fed) => void Atomics.store(task.shared, 0, before + fed),
      crashes: () => crashes.splice(0),
    },
  });
  inputs += outcome.inputs;
  if (outcome.finding !== undefined) {
    parentPort?.postMessage({ inputs, finding: outcome.finding });
    process.exit(0);
  }
}
parentPort?.postMessage({ inputs });
process.exit(0);
