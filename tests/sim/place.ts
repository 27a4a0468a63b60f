import type { Message } from '@throughline/kernel/envelope';
import type { LogRecord } from '@throughline/kernel/ports';
import type { Chance } from './chance.ts';
import type { Faults } from './faults.ts';
import type { SimLog } from './log.ts';
import type { Release } from './releases.ts';
import type { SimStore } from './store.ts';
import type { World } from './world.ts';

/** What all processes of a history stand on, and what can befall it as a whole. */
export class Place {
  /** What each record says, to a process of either release. */
  readonly decoded: Readonly<Record<Release, WeakMap<LogRecord, Message>>> = {
    this: new WeakMap(),
    next: new WeakMap(),
  };
  log: SimLog | undefined;
  store: SimStore | undefined;
  readonly #world: World;
  readonly #faults: Faults;
  readonly #releases = new Map<string, Release>();
  #diskFullUntilMs = 0;
  /** Lets ten times as many contacts come; false where they have come already. */
  burst: () => boolean = () => false;

  constructor(world: World, faults: Faults) {
    this.#world = world;
    this.#faults = faults;
  }

  get isDiskFull(): boolean {
    return !this.#faults.areOver && this.#world.clock.nowMs() < this.#diskFullUntilMs;
  }

  /** Nothing that was committed is still to be said. */
  get isPublished(): boolean {
    const { log, store } = this;
    return log === undefined || [...(store?.lastMessages() ?? [])].every((message) => log.has(message));
  }

  fillDisk(forMs: number): undefined {
    this.#diskFullUntilMs = Math.max(this.#diskFullUntilMs, this.#world.clock.nowMs() + forMs);
  }

  damageStore(chance: Chance, forMs: number): boolean {
    return this.#damaged(this.store?.damage(chance), forMs);
  }

  damageLog(chance: Chance, forMs: number): boolean {
    return this.#damaged(this.log?.damage(chance), forMs);
  }

  /** Which release a process of this service is that starts now. */
  releaseOf(service: string): Release {
    return this.#releases.get(service) ?? 'this';
  }

  upgrade(service: string): void {
    this.#releases.set(service, this.releaseOf(service) === 'this' ? 'next' : 'this');
  }

  /** Faults are over: what was damaged is put back. */
  mend(): void {
    this.log?.mend();
    this.store?.mend();
  }

  #damaged(mend: (() => void) | undefined, forMs: number): boolean {
    if (mend === undefined) return false;
    this.#world.clock.after(forMs, mend);
    return true;
  }
}
