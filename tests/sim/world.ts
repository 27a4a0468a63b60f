import { createHash } from 'node:crypto';
import type { Clock, Random } from '@throughline/kernel/ports';
import { Chance } from './chance.ts';

const START_MS = Date.UTC(2026, 0, 5, 9);
/** Out of a hundred steps, how many let time pass although something else could go on. */
const TIME_SHARE = 0.04;

interface Timer {
  readonly atMs: number;
  readonly run: () => void;
  isCancelled: boolean;
}

/** How many there may be of what a history has many of, by name: where a shorter history is looked for. */
export type Limits = Readonly<Record<string, number>>;

/** Owns time, order and randomness of one history: everything that could go on waits here until the seed picks it. */
export class World {
  readonly seed: number;
  readonly #chance: Chance;
  readonly #limits: Limits;
  readonly #lines: string[] = [];
  readonly #waiting: { readonly step: string; readonly go: () => void }[] = [];
  readonly #watchers: (() => void)[] = [];
  /** The latest first: the next one is taken from the end. */
  readonly #timers: Timer[] = [];
  #nowMs = START_MS;
  steps = 0;

  constructor(seed: number, limits: Limits = {}) {
    this.seed = seed;
    this.#chance = new Chance(seed);
    this.#limits = limits;
  }

  /** A number from 0 to below 1. */
  chance(): number {
    return this.#chance.next();
  }

  below(limit: number): number {
    return this.#chance.below(limit);
  }

  /** `drawn`, unless a shorter history is looked for: whatever there are many of says so by name. */
  most(name: string, drawn: number): number {
    return Math.min(drawn, this.#limits[name] ?? drawn);
  }

  readonly random: Random = (length) => {
    const bytes = new Uint8Array(length);
    for (let at = 0, bits = 0; at < length; at += 1, bits >>>= 8) {
      if (at % 4 === 0) bits = this.#chance.bits();
      bytes[at] = bits;
    }
    return bytes;
  };

  readonly clock: Clock = {
    nowMs: () => this.#nowMs,
    after: (delayMs, run) => {
      const timer = { atMs: this.#nowMs + delayMs, run, isCancelled: false };
      this.#timers.splice(this.#placeOf(timer.atMs), 0, timer);
      return () => {
        timer.isCancelled = true;
      };
    },
  };

  /** Resolves when it is this step's turn. */
  turn(step: string): Promise<void> {
    return new Promise((go) => this.#waiting.push({ step, go }));
  }

  pause(ms: number): Promise<void> {
    return new Promise((go) => this.clock.after(ms, go));
  }

  /** So much time passes at once, as it does for a machine that was asleep: what was due meanwhile comes late. */
  leap(ms: number): void {
    this.#nowMs += ms;
  }

  note(line: string): void {
    this.#lines.push(`${this.#nowMs - START_MS} ${line}`);
  }

  /** Looks at the world after every step; what it throws ends the history. */
  watch(check: () => void): void {
    this.#watchers.push(check);
  }

  get trace(): readonly string[] {
    return this.#lines;
  }

  get hasBegun(): boolean {
    return this.steps > 0;
  }

  /** Nothing waits for its turn, only for its time. */
  get isIdle(): boolean {
    return this.#waiting.length === 0;
  }

  /** The hash of everything that happened. */
  hash(): string {
    return createHash('sha256').update(this.#lines.join('\n')).digest('hex');
  }

  /** Goes on step by step; false where it has not come to hold within so many steps. */
  async until(holds: () => boolean, stepsMax: number): Promise<boolean> {
    for (let step = 0; step < stepsMax; step += 1) {
      // A tick comes once the queue of promises is empty, and costs no turn of the event loop; nothing else is ever on that loop.
      await new Promise<void>((resolve) => process.nextTick(resolve));
      for (const check of this.#watchers) check();
      if (holds()) return true;
      this.#step();
    }
    return false;
  }

  #step(): void {
    this.steps += 1;
    if (this.#waiting.length > 0 && this.chance() >= TIME_SHARE) {
      const [next] = this.#waiting.splice(this.below(this.#waiting.length), 1);
      this.note(next?.step ?? '');
      next?.go();
      return;
    }
    for (let next = this.#timers.pop(); next !== undefined; next = this.#timers.pop()) {
      if (next.isCancelled) continue;
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.run();
      return;
    }
  }

  /** Before the first that is not later: of two at one time, the one that was set first goes first. */
  #placeOf(atMs: number): number {
    let from = 0;
    let to = this.#timers.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((this.#timers[middle]?.atMs ?? 0) > atMs) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
