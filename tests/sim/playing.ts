import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Made } from './history.ts';
import type { Played, Task } from './worker.ts';

/** Histories that a thread is given at once: few enough that all of them end at about the same time. */
const TASK_HISTORIES = 20;

/** What a history leaves behind is rubbish at its end: with so much room it is seldom carried about. */
const YOUNG_MB = 64;

export interface Plan {
  readonly firstSeed: number;
  readonly histories: number;
  readonly made?: Made;
  readonly workers?: number;
  readonly onProgress?: (done: number) => void;
}

/** All that was played: the same for the same plan, whatever the number of workers. */
export interface Summary {
  readonly histories: number;
  readonly steps: number;
  readonly stepsMin: number;
  /** How often each fault struck at each step, by `fault@step`. */
  readonly cells: ReadonlyMap<string, number>;
  readonly violated: Played['violated'];
  /** Over the hashes of all histories, in the order of seeds. */
  readonly hash: string;
}

/** Plays the histories of so many seeds in a row, on as many threads as there are cores. Rejects where a thread breaks down. */
export async function playMany(plan: Plan): Promise<Summary> {
  const { firstSeed, histories, made = {}, onProgress } = plan;
  const tasks = Array.from({ length: Math.ceil(histories / TASK_HISTORIES) }, (_, index): Task => {
    const from = index * TASK_HISTORIES;
    return { firstSeed: firstSeed + from, histories: Math.min(TASK_HISTORIES, histories - from), made };
  });
  const played: Played[] = [];
  let done = 0;
  const ended = (one: Played): void => {
    played.push(one);
    done += one.histories;
    onProgress?.(done);
  };
  const workers = Math.min(plan.workers ?? availableParallelism(), tasks.length);
  const waiting = tasks.values();
  await Promise.all(Array.from({ length: workers }, () => workThrough(waiting, ended)));
  return summaryOf(played.sort((left, right) => left.firstSeed - right.firstSeed));
}

/** One thread, until nothing waits any more. */
function workThrough(waiting: Iterator<Task>, ended: (played: Played) => void): Promise<void> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  return new Promise<void>((resolve, reject) => {
    const next = (): void => {
      const { value, done } = waiting.next();
      if (done) resolve();
      else worker.postMessage(value);
    };
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`A thread of the simulation ended with ${code}.`)));
    worker.on('message', (played: Played) => {
      ended(played);
      next();
    });
    next();
  }).finally(() => worker.removeAllListeners('exit').terminate());
}

function summaryOf(played: readonly Played[]): Summary {
  const cells = new Map<string, number>();
  const hash = createHash('sha256');
  for (const one of played) {
    for (const [cell, times] of one.cells) cells.set(cell, (cells.get(cell) ?? 0) + times);
    for (const each of one.hashes) hash.update(each);
  }
  return {
    histories: played.reduce((sum, one) => sum + one.histories, 0),
    steps: played.reduce((sum, one) => sum + one.steps, 0),
    stepsMin: Math.min(...played.map((one) => one.stepsMin)),
    cells,
    violated: played.flatMap((one) => one.violated),
    hash: hash.digest('hex'),
  };
}
