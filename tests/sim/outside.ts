import type { Faults } from './faults.ts';
import type { World } from './world.ts';

const LATE_MAX_MS = 6_000;

/**
 * Somebody outside of the mesh who is asked to do something: takes their time, says no for now, does it although the answer is
 * lost, or never answers. Whoever asks has their own patience: `patienceMs` where it is not the real code that gives up.
 */
export async function askOutside<Answer>(
  { world, faults }: { readonly world: World; readonly faults: Faults },
  who: string,
  act: () => Answer,
  patienceMs?: number,
): Promise<Answer> {
  if (faults.strikes('outside-silent', who)) {
    await (patienceMs === undefined ? new Promise<never>(() => undefined) : world.pause(patienceMs));
    throw new Error(`${who} does not answer.`);
  }
  if (faults.strikes('outside-late', who)) await world.pause(world.below(LATE_MAX_MS));
  await world.turn(`${who} is asked`);
  if (faults.strikes('outside-down', who)) throw new Error(`${who} is down.`);
  const answer = act();
  await world.turn(`${who} has answered`);
  if (faults.strikes('outside-lost', who)) throw new Error(`The answer of ${who} is lost.`);
  return answer;
}
