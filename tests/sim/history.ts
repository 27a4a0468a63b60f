import { Canaries } from './canaries.ts';
import { type Allowed, type Fault, Faults, type StrikeName } from './faults.ts';
import { Foreigner } from './foreigner.ts';
import { layFoundations } from './foundations.ts';
import { checkAtTheEnd } from './laws.ts';
import { logHash, openSimMesh } from './mesh.ts';
import { Model } from './model.ts';
import { drawPeople, ordersOf } from './people.ts';
import { Stage } from './stage.ts';
import { type Limits, World } from './world.ts';

export interface History {
  readonly seed: number;
  readonly steps: number;
  readonly faults: readonly Fault[];
  /** What struck where, in order: these alone, with the seed, make the same history. */
  readonly struck: readonly StrikeName[];
  /** The law that does not hold, in a sentence. */
  readonly violation: string | undefined;
  readonly hash: string;
  readonly trace: readonly string[];
}

/** What a history is made of beside its seed: see `Faults` for what strikes, `World` for what there is less of. */
export type Made = Allowed & { readonly limits?: Limits };

const AUDITED_SHARE = 0.1;
const PHONES_SHARE = 0.5;
const CARELESS_SHARE = 0.25;
const FOREIGNER_SHARE = 0.08;
const FOREIGNER_MAX_MS = 4_000;
const STEPS_MAX = 60_000;
/** A burst: ten turns at once, where otherwise one is under way. */
const BURST = { contacts: 1, turns: 10 } as const;

/** Plays one history from its seed: the same seed, faults and limits give the same steps and the same bytes. */
export async function playHistory(seed: number, made: Made = {}): Promise<History> {
  const world = new World(seed, made.limits);
  const faults = new Faults(world, made);
  const violation = await play(world, faults);
  const { steps, trace } = world;
  return { seed, steps, faults: faults.chosen, struck: faults.struck, violation, hash: world.hash(), trace };
}

async function play(world: World, faults: Faults): Promise<string | undefined> {
  const model = new Model(new Canaries());
  const people = drawPeople(world);
  const foundations = await layFoundations(world, faults);
  const cast = {
    orders: ordersOf(people, model.canaries),
    isAudited: world.chance() < AUDITED_SHARE,
    hasPhones: world.chance() < PHONES_SHARE,
    isAgentCareless: world.chance() < CARELESS_SHARE,
  };
  const mesh = await openSimMesh(foundations, model, cast);
  const stage = new Stage(foundations, { ...mesh, model, people });
  const foreigner = new Foreigner(foundations, model);
  const isBroken = (): boolean => model.broken.length > 0;
  let bursts = world.most('bursts', 1);
  faults.place.burst = () => bursts-- > 0 && stage.crowd(BURST.contacts, BURST.turns);
  const comesTo = async (holds: () => boolean, what: string): Promise<void> => {
    if (!isBroken() && !(await world.until(() => isBroken() || holds(), STEPS_MAX))) model.demand(false, what);
  };
  if (world.chance() < FOREIGNER_SHARE) foreigner.comes(world.below(FOREIGNER_MAX_MS), mesh.witness);
  void stage.begin();
  await comesTo(() => !stage.isPlaying, 'A visit does not come to its end.');
  foreigner.comesNoMore();
  faults.end();
  const isDrained = (): boolean => world.isIdle && mesh.drained() && faults.place.isPublished;
  await comesTo(isDrained, 'It does not drain once faults cease.');
  if (foreigner.subject !== undefined) mesh.witness.othersWentOn(foreigner.subject);
  await foreigner.setAside();
  void stage.epilogue();
  await comesTo(() => !stage.isPlaying, 'Whoever comes once faults have ceased is not answered.');
  const isAtRest = (): boolean => mesh.contactsOn() === 0 && isDrained();
  await comesTo(isAtRest, 'It does not drain once everybody has gone, or a contact is left in memory.');
  if (!isBroken()) await checkAtTheEnd(mesh, model);
  world.note(`log ${logHash(mesh.log)}`);
  return model.broken[0];
}
