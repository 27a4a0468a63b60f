import type { StrikeName } from './faults.ts';
import type { History, Made } from './history.ts';
import type { Limits } from './world.ts';

/** So many histories are played at most to find a shorter one. */
const TRIES_MAX = 400;

/** What a history can have less of, the most worthwhile first; see `World.most`. */
const COUNTED = ['bursts', 'customers', 'visits', 'lines', 'turns'] as const;
const COUNT_MAX = 8;

/** A shorter history in which a law does not hold. */
export interface Shrunk {
  readonly history: History;
  readonly made: { readonly strikes: readonly StrikeName[]; readonly limits: Limits };
  readonly tries: number;
}

/**
 * Looks for the shortest history of this seed in which a law, whichever, does not hold: with fewer strikes (delta debugging: halves
 * first, then ever smaller parts), then with fewer customers, contacts and turns, then with fewer strikes again.
 */
export async function shrink(
  violated: Pick<History, 'seed' | 'struck'>,
  play: (seed: number, made: Made) => Promise<History>,
): Promise<Shrunk | undefined> {
  const { seed } = violated;
  let shortest: Shrunk | undefined;
  let tries = 0;
  const fails = async (strikes: readonly StrikeName[], limits: Limits): Promise<boolean> => {
    if (tries >= TRIES_MAX) return false;
    tries += 1;
    const history = await play(seed, { strikes, limits });
    if (history.violation === undefined) return false;
    // What did not come to strike is not needed.
    shortest = { history, made: { strikes: history.struck, limits }, tries };
    return true;
  };
  if (!(await fails(violated.struck, {}))) return undefined;
  const current = (): Shrunk['made'] => shortest?.made ?? { strikes: violated.struck, limits: {} };
  await fewerStrikes(current, fails);
  for (const name of COUNTED) {
    for (let count = name === 'bursts' ? 0 : 1; count < COUNT_MAX; count += 1) {
      const { strikes, limits } = current();
      if (await fails(strikes, { ...limits, [name]: count })) break;
    }
  }
  await fewerStrikes(current, fails);
  return shortest && { ...shortest, tries };
}

async function fewerStrikes(
  current: () => Shrunk['made'],
  fails: (strikes: readonly StrikeName[], limits: Limits) => Promise<boolean>,
): Promise<void> {
  for (let parts = 2; current().strikes.length > 0; ) {
    const { strikes, limits } = current();
    const length = Math.ceil(strikes.length / parts);
    let isShorter = false;
    for (let from = 0; from < strikes.length && !isShorter; from += length) {
      isShorter = await fails([...strikes.slice(0, from), ...strikes.slice(from + length)], limits);
    }
    if (isShorter) parts = Math.max(2, parts - 1);
    else if (length === 1) return;
    else parts *= 2;
  }
}

/** The command that plays exactly this. */
export function replayCommand(seed: number, { strikes, limits }: Shrunk['made']): string {
  const counts = Object.entries(limits).map(([name, count]) => `${name}=${count}`);
  const limited = counts.length === 0 ? '' : ` --limits ${counts.join(',')}`;
  return `pnpm sim:replay ${seed} --strikes '${strikes.join(',')}'${limited}`;
}
