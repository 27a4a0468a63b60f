import { join, resolve } from 'node:path';
import { endIn, logOf, runningPid } from './engine.ts';

/** How one engine of a directory stands. */
export interface Standing {
  readonly name: (typeof NAMES)[number];
  readonly running: boolean;
  readonly pid: number | null;
  readonly log: string;
}

const NAMES = ['kafka', 'mongo', 'registry'] as const;

/** Which engines run from a directory that `startEngines` was given, whoever started them. */
export function standing(directory: string): Promise<readonly Standing[]> {
  return Promise.all(
    NAMES.map(async (name) => {
      const own = join(resolve(directory), name);
      const pid = (await runningPid(own)) ?? null;
      return { name, running: pid !== null, pid, log: logOf(own) };
    }),
  );
}

/** Stops what runs from a directory, each by its own pid; their data stays. Gives the names of those that ran. */
export async function stopStanding(directory: string): Promise<readonly Standing['name'][]> {
  const running = (await standing(directory)).filter((engine) => engine.running);
  for (const { name } of running.toReversed()) await endIn(join(resolve(directory), name), 'SIGTERM');
  return running.map(({ name }) => name);
}
