import { deriveId } from '@throughline/kernel/ids';
import { Canaries } from './canaries.ts';
import { playContact, type Told } from './customer.ts';
import { type Fault, Faults } from './faults.ts';
import { checkLaws, Violation } from './laws.ts';
import { logHash, openSimMesh } from './mesh.ts';
import { drawPeople, ordersOf } from './people.ts';
import { World } from './world.ts';

export interface History {
  readonly seed: number;
  readonly steps: number;
  readonly faults: readonly Fault[];
  /** Which fault struck at which step, how often. */
  readonly struck: ReadonlyMap<string, number>;
  /** The law that does not hold, in a sentence. */
  readonly violation: string | undefined;
  readonly hash: string;
  readonly trace: readonly string[];
}

const CONTACTS_MAX = 3;
const AUDITED_SHARE = 0.3;
const STEPS_MAX = 60_000;
const BETWEEN_CONTACTS_MAX_MS = 60_000;

/** Plays one history from its seed: the same seed and faults give the same steps and the same bytes. */
export async function playHistory(seed: number, allowed?: readonly Fault[]): Promise<History> {
  const world = new World(seed);
  const faults = new Faults(world, allowed);
  const canaries = new Canaries();
  const everybody = drawPeople(world);
  const cast = { orders: ordersOf(everybody, canaries), isAudited: world.chance() < AUDITED_SHARE };
  const mesh = await openSimMesh(world, faults, cast);
  const people: Told[] = [];
  let playing = 0;
  const play = async (told: Told, afterMs: number): Promise<void> => {
    playing += 1;
    await world.pause(afterMs);
    await playContact(world, canaries, mesh.switchboard, told);
    playing -= 1;
  };
  for (const person of everybody) {
    for (let contact = 1 + world.below(CONTACTS_MAX); contact > 0; contact -= 1) {
      const contactId = deriveId('ctc', person.externalId, String(contact));
      const told: Told = { person, contactId, acknowledged: [], heard: [] };
      people.push(told);
      // Some at the same time on two devices, some one after the other.
      void play(told, world.chance() < 0.5 ? 0 : world.below(BETWEEN_CONTACTS_MAX_MS));
    }
  }
  let violation: string | undefined;
  const hasEnded = await world.until(() => playing === 0, STEPS_MAX);
  faults.end();
  if (!(await world.until(() => playing === 0 && world.isIdle && mesh.drained(), STEPS_MAX))) {
    violation = `It does not drain once faults cease${hasEnded ? '' : ': a contact is stuck'}.`;
  }
  try {
    if (violation === undefined) await checkLaws(mesh, canaries, people);
  } catch (broken) {
    if (!(broken instanceof Violation)) throw broken;
    violation = broken.message;
  }
  world.note(`log ${logHash(mesh.log)}`);
  const { steps, trace } = world;
  return { seed, steps, faults: faults.chosen, struck: faults.struck, violation, hash: world.hash(), trace };
}
