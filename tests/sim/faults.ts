import type { World } from './world.ts';

/** Every fault, with how often it strikes where it can, out of one. To add one: a line here, and `strikes` where it happens. */
export const FAULTS = {
  /** The process is gone in the midst of its work; another takes over. */
  crash: 0.008,
  /** Another takes over while the process sleeps; then it wakes and goes on. */
  takeover: 0.008,
  /** The store or the log does nothing and says so. */
  refused: 0.03,
  /** The store or the log has done it, and the answer is lost. */
  'answer-lost': 0.03,
  /** The log takes the same batch twice. */
  duplicate: 0.05,
  /** Processes do not agree about the time. */
  skew: 0.5,
  /** Somebody outside (a backend, a mail server) takes their time. */
  'outside-late': 0.2,
  /** Somebody outside never answers. */
  'outside-silent': 0.05,
  /** Somebody outside says that it cannot be done now. */
  'outside-down': 0.1,
  /** Somebody outside has done it, and the answer is lost. */
  'outside-lost': 0.1,
} as const;

export type Fault = keyof typeof FAULTS;
export const FAULT_NAMES = Object.keys(FAULTS) as readonly Fault[];

const SKEW_MAX_MS = 20_000;

/** The faults of one history: which there are, drawn from its seed, and which struck where. */
export class Faults {
  readonly chosen: readonly Fault[];
  /** `fault at step` to how often. */
  readonly struck = new Map<string, number>();
  readonly #world: World;
  #isOver = false;

  /** `allowed`: left out, those that the seed draws. */
  constructor(world: World, allowed?: readonly Fault[]) {
    this.#world = world;
    const drawn = FAULT_NAMES.filter(() => world.chance() < 0.5);
    this.chosen = allowed ?? drawn;
  }

  strikes(fault: Fault, step: string): boolean {
    if (this.#isOver || !this.chosen.includes(fault) || this.#world.chance() >= FAULTS[fault]) return false;
    const name = `${fault} at ${step}`;
    this.struck.set(name, (this.struck.get(name) ?? 0) + 1);
    this.#world.note(name);
    return true;
  }

  skewMs(): number {
    return this.strikes('skew', 'start') ? this.#world.below(2 * SKEW_MAX_MS) - SKEW_MAX_MS : 0;
  }

  /** From now on everything works. */
  end(): void {
    this.#isOver = true;
  }
}
