import { createHash } from 'node:crypto';
import type { Clock, Random } from '@throughline/kernel/ports';

const START_MS = Date.UTC(2026, 0, 5, 9);
/** Out of a hundred steps, how many let time pass although something else could go on. */
const TIME_SHARE = 0.04;

interface Timer {
  readonly atMs: number;
  readonly made: number;
  readonly run: () => void;
}

/** Owns time, order and randomness of one history: everything that could go on waits here until the seed picks it. */
export class World {
  readonly #lines: string[] = [];
  readonly #waiting: { readonly step: string; readonly go: () => void }[] = [];
  #timers: Timer[] = [];
  #nowMs = START_MS;
  #made = 0;
  #state: number;
  steps = 0;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A number from 0 to below 1 (mulberry32). */
  chance(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  below(limit: number): number {
    return Math.floor(this.chance() * limit);
  }

  readonly random: Random = (bytes) => Uint8Array.from({ length: bytes }, () => this.below(256));

  readonly clock: Clock = {
    nowMs: () => this.#nowMs,
    after: (delayMs, run) => {
      const timer = { atMs: this.#nowMs + delayMs, made: ++this.#made, run };
      this.#timers.push(timer);
      return () => {
        this.#timers = this.#timers.filter((other) => other !== timer);
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

  get trace(): readonly string[] {
    return this.#lines;
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
      // One turn of the event loop empties the queue of promises; nothing else is ever on that loop.
      await new Promise((resolve) => setImmediate(resolve));
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
    const first = this.#timers.reduce<Timer | undefined>(
      (best, timer) => (before(best, timer) ? best : timer),
      undefined,
    );
    if (first === undefined) return;
    this.#timers = this.#timers.filter((other) => other !== first);
    this.#nowMs = Math.max(this.#nowMs, first.atMs);
    first.run();
  }
}

const before = (best: Timer | undefined, timer: Timer): boolean =>
  best !== undefined && (best.atMs < timer.atMs || (best.atMs === timer.atMs && best.made < timer.made));
