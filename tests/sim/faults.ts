import { bitsOf, Chance, spread } from './chance.ts';
import { Place } from './place.ts';
import type { SimProcess } from './process.ts';
import { KERNEL_STEPS } from './steps.ts';
import type { World } from './world.ts';

const SECOND_MS = 1_000;

/** What a fault does to the process that it strikes, and to what is around it; false where there it can do nothing. */
interface FaultKind {
  /** How often it strikes where it can, out of one. */
  readonly rate: number;
  /** Left out, it strikes no process: whoever it befalls asks `strikes`. */
  readonly strike?: (process: SimProcess, chance: Chance) => boolean | undefined;
}

const upTo = (chance: Chance, limitMs: number): number => 1 + chance.below(limitMs);

/**
 * Every fault. To add one: a line here, which says how often and what it does; what that means is a few lines in `process.ts`
 * or in `place.ts`. It then strikes at every step of every process, alone, in pairs and among others.
 */
const KINDS = {
  /** The process is gone in the midst of its work; another takes over. */
  crash: { rate: 0.002, strike: (it) => it.end('dead') },
  /** Another takes over while the process sleeps; then it wakes and goes on. */
  takeover: { rate: 0.002, strike: (it) => it.end('asleep') },
  /** The process leaves its group and joins it again in the midst of a batch. */
  rebalance: { rate: 0.002, strike: (it) => it.rejoin() },
  /** The next call to the store, the log, the keys or the registry does nothing and says so. */
  refused: { rate: 0.01, strike: (it) => it.next('refused') },
  /** The next call has done what it should, and the answer is lost. */
  'answer-lost': { rate: 0.01, strike: (it) => it.next('answer-lost') },
  /** The next call fails, and nobody knows whether it did anything, or will yet. */
  unknown: { rate: 0.01, strike: (it) => it.next('unknown') },
  /** The log takes the next batch twice. */
  duplicate: { rate: 0.01, strike: (it) => it.nextAppend('batch', 0) },
  /** The log takes one record of the next batch twice. */
  'duplicate-one': { rate: 0.01, strike: (it) => it.nextAppend('record', 0) },
  /** The log takes the next batch once more, later. */
  late: { rate: 0.01, strike: (it, chance) => it.nextAppend('batch', upTo(chance, 20 * SECOND_MS)) },
  /** The log takes one record of the next batch once more, later. */
  'late-one': { rate: 0.01, strike: (it, chance) => it.nextAppend('record', upTo(chance, 20 * SECOND_MS)) },
  /** The log hands a batch over again, and the one before it. */
  redelivered: { rate: 0.01, strike: (it) => it.nextBatchAgain() },
  /** The disk is full: nothing can be written by anybody for a while. */
  'disk-full': { rate: 0.0005, strike: (it, chance) => it.place.fillDisk(upTo(chance, 10 * SECOND_MS)) },
  /** A bit of a stored document, unit or timer is not what it was, until a copy is put back. */
  'bit-in-store': { rate: 0.004, strike: (it, chance) => it.place.damageStore(chance, upTo(chance, 10 * SECOND_MS)) },
  /** A bit of a record in the log is not what it was, until a copy is put back. */
  'bit-in-log': { rate: 0.004, strike: (it, chance) => it.place.damageLog(chance, upTo(chance, 10 * SECOND_MS)) },
  /** The process's clock jumps, forward or back: clocks of processes are up to a minute apart. */
  'clock-jump': { rate: 0.004, strike: (it, chance) => it.jump(chance.below(60 * SECOND_MS) - 30 * SECOND_MS) },
  /** The process does not reach the log; after a while its group counts it out, and it does not know. */
  'cut-log': { rate: 0.0005, strike: (it, chance) => it.cut('log', upTo(chance, 15 * SECOND_MS)) },
  'cut-store': { rate: 0.001, strike: (it, chance) => it.cut('store', upTo(chance, 15 * SECOND_MS)) },
  'cut-keys': { rate: 0.001, strike: (it, chance) => it.cut('keys', upTo(chance, 15 * SECOND_MS)) },
  /** The registry is gone: schemas that the process has not seen cannot be had. */
  'cut-registry': { rate: 0.001, strike: (it, chance) => it.cut('registry', upTo(chance, 15 * SECOND_MS)) },
  /** Everything takes the process long. */
  slow: { rate: 0.0005, strike: (it, chance) => it.slowDown(upTo(chance, 10 * SECOND_MS), upTo(chance, SECOND_MS)) },
  /** Ten times as many turns at once. */
  burst: { rate: 0.00001, strike: (it) => it.place.burst() },
  /** The process is replaced by one of the other release, while others of its service stay. */
  upgrade: { rate: 0.001, strike: (it) => it.upgrade() },
  /** Somebody outside (a backend, a mail server) takes their time. */
  'outside-late': { rate: 0.2 },
  /** Somebody outside never answers. */
  'outside-silent': { rate: 0.05 },
  /** Somebody outside says that it cannot be done now. */
  'outside-down': { rate: 0.1 },
  /** Somebody outside has done it, and the answer is lost. */
  'outside-lost': { rate: 0.1 },
} as const satisfies Record<string, FaultKind>;

export type Fault = keyof typeof KINDS;
export const FAULT_NAMES = Object.keys(KINDS) as readonly Fault[];
/** Whether a fault can do anything there: who is in no group, or not yet, cannot leave it. */
export const canStrike = (fault: string, step: string): boolean =>
  !(fault === 'rebalance' && /^edge\/|\/subscribe\/asked$/.test(step));
/** Those that strike processes, at their steps. */
export const STRUCK_BY_STEP = FAULT_NAMES.filter((fault) => 'strike' in KINDS[fault]);
/** A fault as it is asked at every step: its salt parts it from the others, and it strikes where 32 bits are below its limit. */
type Armed = FaultKind & { readonly fault: Fault; readonly salt: number; readonly limit: number };
const ARMED = new Map(
  FAULT_NAMES.map((fault): [Fault, Armed] => {
    const kind: FaultKind = KINDS[fault];
    return [fault, { ...kind, fault, salt: bitsOf(fault), limit: kind.rate * 2 ** 32 }];
  }),
);
/** Parts seeds that follow one another. */
const GOLDEN = 0x9e3779b1;
const STEP_SALTS = new Map<string, number>();

/** One fault at one step, by how many times that step was reached: `crash@processor/committed#3`. */
export type StrikeName = `${Fault}@${string}#${number}`;

/** `crash@processor/committed#3` strikes in the cell `crash@processor/committed`. */
export const cellOf = (strike: StrikeName): string => strike.slice(0, strike.lastIndexOf('#'));

/** Which faults a history has: those that its seed draws, of these kinds, or exactly these strikes. */
export type Allowed = { readonly faults?: readonly Fault[]; readonly strikes?: readonly StrikeName[] };

/** Steps that every history aims a fault at, so that those which are seldom reached have their share. */
const AIMS = 9;
const AIMED_OCCURRENCE_MAX = 8;
/** Few histories come to these at all, so they are aimed at so many times as often as the others, and early. */
const SELDOM: readonly (readonly [steps: RegExp, times: number])[] = [
  [/^reactor\/subscribe\//, 14],
  [/^processor\/fire\//, 12],
  [/^(reactor|processor)\/(open|subscribe|list)\//, 6],
  [/^reactor\/ensure\//, 2],
];
const timesAimedAt = (step: string, often = SELDOM): number => often.find(([steps]) => steps.test(step))?.[1] ?? 1;
const repeated = (often: typeof SELDOM): readonly string[] =>
  KERNEL_STEPS.flatMap((step) => Array.from({ length: timesAimedAt(step, often) }, () => step));
const AIMED_AT = repeated(SELDOM);
/** A burst comes once, so one aim is at it: of several the step that is reached first would have it. What is reached late, or seldom, has more. */
const BURST_OFTEN_AT: readonly (readonly [steps: RegExp, times: number])[] = [
  [/^processor\/fire\//, 11],
  [/^reactor\/subscribe\//, 7],
  [/^(processor\/subscribe|reactor\/open)\//, 5],
  [/^processor\/(open|list)\//, 3],
  [/^(edge\/|reactor\/(taken|handled|reported|append|ensure)|processor\/(fetch|ensure))/, 2],
];
const BURST_AIMED_AT = repeated(BURST_OFTEN_AT);
/** Among many faults each is there this often. */
const MANY_SHARE = 0.4;

/**
 * The faults of one history and where they strike. Whether one strikes depends on the seed, on the step and on how many times
 * that step was reached, and on nothing else: so strikes can be left out one by one and the others stay.
 */
export class Faults {
  readonly chosen: readonly Fault[];
  readonly place: Place;
  /** In the order in which they struck. */
  readonly struck: StrikeName[] = [];
  readonly #world: World;
  /** Nothing but what is named strikes. */
  readonly #isExact: boolean;
  readonly #named: ReadonlySet<string>;
  readonly #namedSteps: ReadonlySet<string>;
  readonly #armed: ReadonlyMap<Fault, Armed>;
  readonly #reached = new Map<string, number>();
  #areOver = false;

  constructor(world: World, { faults, strikes }: Allowed = {}) {
    const chance = new Chance(spread(world.seed));
    this.#world = world;
    this.place = new Place(world, this);
    this.#isExact = strikes !== undefined;
    this.chosen = strikes === undefined ? drawFaults(chance, faults ?? FAULT_NAMES) : FAULT_NAMES;
    this.#armed = new Map([...ARMED].filter(([fault]) => this.chosen.includes(fault)));
    this.#named = new Set(strikes ?? aims(chance, this.chosen));
    this.#namedSteps = new Set(
      [...this.#named].map((name) => name.slice(name.indexOf('@') + 1, name.lastIndexOf('#'))),
    );
  }

  get areOver(): boolean {
    return this.#areOver;
  }

  /** A process has come to a step: whatever strikes there does so. */
  at(step: string, process: SimProcess): void {
    if (this.#areOver) return;
    const times = this.#come(step);
    const salt = this.#saltOf(step, times);
    for (const armed of this.#armed.values()) {
      const chance = armed.strike && this.#aimedAt(armed, step, times, salt);
      if (chance && armed.strike?.(process, chance) !== false) this.#note(armed.fault, step, times);
    }
  }

  /** Whether this fault strikes somebody who is no process of the mesh, and asks. */
  strikes(fault: Fault, who: string): boolean {
    const armed = this.#armed.get(fault);
    if (this.#areOver || armed === undefined) return false;
    const times = this.#come(`${fault} ${who}`);
    const isStruck = this.#aimedAt(armed, who, times, this.#saltOf(who, times)) !== undefined;
    if (isStruck) this.#note(fault, who, times);
    return isStruck;
  }

  /** From now on everything works. */
  end(): void {
    this.#areOver = true;
    this.place.mend();
  }

  #come(step: string): number {
    const times = (this.#reached.get(step) ?? 0) + 1;
    this.#reached.set(step, times);
    return times;
  }

  #saltOf(step: string, times: number): number {
    return saltOf(step) ^ spread(this.#world.seed + Math.imul(times, GOLDEN));
  }

  /** Where it strikes: what chance has in store for it. */
  #aimedAt({ fault, salt, limit }: Armed, step: string, times: number, here: number): Chance | undefined {
    const bits = spread(salt ^ here);
    const isRandom = !this.#isExact && bits < limit;
    const isNamed = !isRandom && this.#namedSteps.has(step) && this.#named.has(`${fault}@${step}#${times}`);
    return isRandom || isNamed ? new Chance(bits) : undefined;
  }

  #note(fault: Fault, step: string, times: number): void {
    const name: StrikeName = `${fault}@${step}#${times}`;
    this.struck.push(name);
    this.#world.note(name);
  }
}

function saltOf(step: string): number {
  const salt = STEP_SALTS.get(step) ?? bitsOf(step);
  STEP_SALTS.set(step, salt);
  return salt;
}

/** A third of all histories has one fault, a third has two, and a third has many. */
function drawFaults(chance: Chance, from: readonly Fault[]): readonly Fault[] {
  const kinds = 1 + chance.below(3);
  if (kinds === 3) return from.filter(() => chance.next() < MANY_SHARE);
  const more = from.filter((fault) => fault === 'burst');
  return [...new Set(Array.from({ length: kinds }, () => chance.pick([...from, ...more]) ?? 'crash'))];
}

/** Strikes at steps of the kernel. */
function aims(chance: Chance, chosen: readonly Fault[]): readonly string[] {
  const faults = STRUCK_BY_STEP.filter((fault) => chosen.includes(fault) && fault !== 'burst');
  return Array.from({ length: AIMS }, (_, index) => {
    const isBurst = index === 0 && chosen.includes('burst');
    const step = chance.pick(isBurst ? BURST_AIMED_AT : AIMED_AT) ?? '';
    const isEarly = chance.next() < 0.5 || timesAimedAt(step) > 1;
    const times = 1 + chance.below(isEarly ? 2 : AIMED_OCCURRENCE_MAX);
    return `${isBurst ? 'burst' : chance.pick(faults)}@${step}#${times}`;
  });
}
