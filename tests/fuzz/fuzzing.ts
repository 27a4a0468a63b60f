import { Worker } from 'node:worker_threads';
import type { Outcome } from './door.ts';
import { OWN_SEEDS, type Seeds } from './seeds.ts';
import type { Task } from './worker.ts';

/** A door that has not come back from an input for so long hangs. */
const HANG_MS = 20_000;
const LOOK_EVERY_MS = 200;
/** A buffer that grows without bound meets this one. */
const HEAP_MB_MAX = 768;

/** Fuzzes one door on a thread of its own until so many inputs, the time, or the first finding. */
export async function fuzzDoor(options: {
  readonly door: string;
  readonly seed: number;
  readonly inputs: number;
  readonly forMs?: number;
  readonly seeds?: Seeds;
  readonly onProgress?: (inputs: number) => void;
}): Promise<Outcome> {
  const { door, seed, inputs, forMs = Number.MAX_SAFE_INTEGER, seeds = OWN_SEEDS, onProgress = () => {} } = options;
  const shared = new Int32Array(new SharedArrayBuffer(8));
  const untilMs = Date.now() + forMs;
  const workerData: Task = { door, seed, inputs, untilMs, seeds, shared };
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX },
  });
  const lost = (problem: string): Outcome => ({
    inputs: Atomics.load(shared, 0),
    finding: { door, seed: Atomics.load(shared, 1), problem, input: undefined },
  });
  let looking: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Outcome>((resolve) => {
      let seen = -1;
      let seenMs = performance.now();
      looking = setInterval(() => {
        const fed = Atomics.load(shared, 0);
        if (fed !== seen) [seen, seenMs] = [fed, performance.now()];
        onProgress(fed);
        if (performance.now() > seenMs + HANG_MS)
          resolve(lost(`A hang: nothing came back for ${HANG_MS / 1000} s after input ${fed}.`));
      }, LOOK_EVERY_MS);
      worker.once('message', resolve);
      worker.once('error', (error) => resolve(lost(`The process would have ended: ${error.stack ?? error.message}`)));
      worker.once('exit', (code) => resolve(lost(`The thread ended with ${code}.`)));
    });
  } finally {
    clearInterval(looking);
    await worker.terminate();
  }
}

/** The finding as a person reads it, with the command that makes it happen again. */
export function printed({ finding }: Outcome, inputs: number): string {
  if (finding === undefined) return '';
  const { door, seed, problem, input } = finding;
  return [
    `Door: ${door}, seed: ${seed}`,
    problem,
    ...(input === undefined ? [] : [`Shortest input that was found: ${input}`]),
    `Again: pnpm fuzz --door ${door} --seed ${seed} --inputs ${inputs}`,
  ].join('\n');
}
