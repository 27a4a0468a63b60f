import type { Codec } from '@throughline/kernel/envelope';
import type { Clock, Closable, Keyring, Log, Store, Subscriber } from '@throughline/kernel/ports';
import type { Reach } from '@throughline/kernel/steps';
import { createCodec } from '@throughline/schemas/codec';
import { bitsOf, Chance, spread } from './chance.ts';
import { decodingOnce } from './decoding.ts';
import type { Faults } from './faults.ts';
import type { SimLog } from './log.ts';
import type { Place } from './place.ts';
import { type Around, codecOf, keyringOf, logOf, storeOf } from './reached.ts';
import { idsOf, type Release, SCHEMAS } from './releases.ts';
import { type Role, roleOf } from './steps.ts';
import type { SimStore } from './store.ts';
import type { World } from './world.ts';

/** The parts of the system that a process may be cut off from. */
export type Part = 'log' | 'store' | 'keys' | 'registry';
/** What becomes of a call other than that it works: see the faults of these names. */
type Failure = 'refused' | 'answer-lost' | 'unknown';

/** A process that its group does not hear of for so long is counted out. */
const SESSION_MS = 6_000;
/** One that was replaced and does not know is ended after a while by whoever looks after it. */
const RETIRED_AFTER_MS = 40_000;
const STARTED_AGAIN_AFTER_MS = 500;
/** What is unknown may still happen so much later. */
const HAPPENS_WITHIN_MS = 5_000;

/**
 * One process: real code that stands on the simulated ports. At each of its steps faults may strike it, and what they can do to it
 * are the verbs below. It can be killed, or lose what it owns while it sleeps.
 */
export class SimProcess {
  readonly name: string;
  readonly service: string;
  readonly place: Place;
  readonly release: Release;
  /** Told, once, when it no longer owns anything. A process without successor is never lost. */
  onLost: (() => void) | undefined;
  readonly #world: World;
  readonly #faults: Faults;
  readonly #role: Role;
  /** What chance has in store for this process alone. */
  readonly #chance: Chance;
  #state: 'up' | 'asleep' | 'dead' = 'up';
  #isLost = false;
  #skewMs = 0;
  #wakened: (() => void)[] = [];
  #failure: Failure | undefined;
  #appends: { readonly what: 'batch' | 'record'; readonly afterMs: number } | undefined;
  #isBatchToComeAgain = false;
  readonly #cutUntilMs = new Map<Part, number>();
  #slow = { untilMs: 0, pauseMs: 0 };
  readonly #joined: { readonly subscriber: Subscriber; closable: Closable }[] = [];
  /** Rejects once it no longer owns anything. */
  readonly #lost: Promise<never>;
  #lose: (reason: Error) => void = () => undefined;

  /** `name`: its service and its number, `case-state#3`. */
  constructor(name: string, world: World, faults: Faults) {
    this.name = name;
    this.service = name.split('#')[0] ?? name;
    this.place = faults.place;
    this.release = this.place.releaseOf(this.service);
    this.#world = world;
    this.#faults = faults;
    this.#role = roleOf(this.service);
    this.#chance = new Chance(spread(world.seed) ^ bitsOf(name));
    this.#lost = new Promise((_, reject) => {
      this.#lose = reject;
    });
    this.#lost.catch(() => undefined);
  }

  // ------------------------------------------------------------ as the real code sees it

  readonly clock: Clock = {
    nowMs: () => this.#world.clock.nowMs() + (this.#faults.areOver ? 0 : this.#skewMs),
    after: (delayMs, run) => this.#world.clock.after(delayMs, () => this.#whenUp(run)),
  };

  /** A step that the real code names: `case-state/decoded`. */
  readonly reach: Reach = (step) => this.#point(step.slice(step.indexOf('/') + 1));

  log(log: SimLog): Log {
    this.place.log = log;
    return logOf(log, this.#around, this);
  }

  store(store: SimStore): Store {
    this.place.store = store;
    return storeOf(store, this.#around);
  }

  keyring(keyring: Keyring): Keyring {
    return keyringOf(keyring, this.#around);
  }

  /** Of the release that this process is. */
  codec(keyring: Keyring): Codec {
    const ids = idsOf(this.release, this.#around);
    const codec = createCodec({ keyring, schemas: SCHEMAS[this.release], ids });
    return codecOf(decodingOnce(codec, ids, this.place.decoded[this.release]), this.#around);
  }

  // ------------------------------------------------------------ what faults do to it

  /** Others take over what it owned. One that sleeps goes on, later, as if nothing had happened. */
  end(state: 'asleep' | 'dead'): boolean {
    if (this.onLost === undefined || this.#isLost || this.#state !== 'up') return false;
    this.#state = state;
    this.#countOut();
    return true;
  }

  /** Leaves its group and joins it again; what is under way is finished first. */
  rejoin(): boolean {
    if (this.#joined.length === 0 || this.#isLost) return false;
    for (const joined of this.#joined) {
      void joined.closable.close();
      void this.place.log?.subscribe(joined.subscriber).then((closable) => {
        joined.closable = closable;
        if (this.#isLost) void closable.close();
      });
    }
    return true;
  }

  next(failure: Failure): undefined {
    this.#failure = failure;
  }

  nextAppend(what: 'batch' | 'record', afterMs: number): undefined {
    this.#appends = { what, afterMs };
  }

  nextBatchAgain(): undefined {
    this.#isBatchToComeAgain = true;
  }

  cut(part: Part, forMs: number): undefined {
    this.#cutUntilMs.set(part, this.#world.clock.nowMs() + forMs);
    if (part !== 'log' || forMs < SESSION_MS || this.onLost === undefined) return;
    this.#world.clock.after(SESSION_MS, () => {
      if (this.isCutFrom(part) && !this.#isLost && this.#state === 'up') this.#countOut();
    });
  }

  /** Its clock is so far from the right time from now on. */
  jump(ms: number): undefined {
    this.#skewMs = ms;
  }

  slowDown(forMs: number, pauseMs: number): undefined {
    this.#slow = { untilMs: this.#world.clock.nowMs() + forMs, pauseMs };
  }

  /** It is replaced by one of the other release. */
  upgrade(): boolean {
    if (!this.end('dead')) return false;
    this.place.upgrade(this.service);
    return true;
  }

  // ------------------------------------------------------------ what the mesh does with it

  get isLost(): boolean {
    return this.#isLost;
  }

  wake(): void {
    if (this.#state !== 'asleep') return;
    this.#state = 'up';
    this.#world.note(`${this.name} wakes`);
    for (const go of this.#wakened.splice(0)) go();
  }

  joined(subscriber: Subscriber, closable: Closable): void {
    this.#joined.push({ subscriber, closable });
    if (this.#isLost) void closable.close();
  }

  /** One that cannot join its group ends and is started again. */
  async untilJoined(join: () => Promise<Closable>): Promise<Closable> {
    for (;;) {
      try {
        return await join();
      } catch {
        for (const { closable } of this.#joined.splice(0)) void closable.close();
        await this.#world.pause(STARTED_AGAIN_AFTER_MS);
      }
    }
  }

  /** `work`, unless this process no longer owns anything. */
  owned<Answer>(work: Promise<Answer>): Promise<Answer> {
    return Promise.race([this.#lost, work]);
  }

  /** How the next append is to be repeated, if it is. */
  takeAppends(): { readonly what: 'batch' | 'record'; readonly afterMs: number } | undefined {
    const appends = this.#appends;
    this.#appends = undefined;
    return this.#faults.areOver ? undefined : appends;
  }

  isBatchToComeAgain(): boolean {
    const isToCome = this.#isBatchToComeAgain && !this.#faults.areOver;
    this.#isBatchToComeAgain = false;
    return isToCome;
  }

  isCutFrom(part: Part): boolean {
    return !this.#faults.areOver && (this.#cutUntilMs.get(part) ?? 0) > this.#world.clock.nowMs();
  }

  /** Does it later, once the world has come so far. */
  later(afterMs: number, run: () => Promise<unknown>): void {
    this.#world.clock.after(afterMs, () => void run().catch(() => undefined));
  }

  /** Every call to a port goes through here: that is where it fails. */
  readonly #around: Around = async ({ call, parts, writes = false }, run) => {
    // What is there when the history begins has started without a fault.
    if (!this.#world.hasBegun) return run(async () => undefined);
    await this.#point(`${call}/asked`);
    const part = parts.find((each) => this.isCutFrom(each));
    if (part !== undefined) throw new Error(`${call}: the ${part} cannot be reached.`);
    if (writes && this.place.isDiskFull) throw new Error(`${call}: the disk is full.`);
    const failure = this.#takeFailure('asked');
    if (failure === 'refused') throw new Error(`${call} is refused.`);
    if (failure === 'unknown' && writes && this.#chance.next() < 0.5) {
      if (this.#chance.next() < 0.5) this.later(this.#chance.below(HAPPENS_WITHIN_MS), () => run(this.#point));
      throw new Error(`Nobody knows what became of ${call}.`);
    }
    const answer = await run(this.#point);
    await this.#point(`${call}/done`);
    if (failure !== undefined || this.#takeFailure('done') !== undefined) {
      throw new Error(`The answer to ${call} is lost.`);
    }
    return answer;
  };

  /** What is to fail: before it was done anything may, behind it only the answer can be lost any more. */
  #takeFailure(at: 'asked' | 'done'): Failure | undefined {
    const failure = this.#faults.areOver ? undefined : this.#failure;
    if (at === 'done' && failure === 'refused') return undefined;
    this.#failure = undefined;
    return failure;
  }

  readonly #point = async (step: string): Promise<void> => {
    await this.#world.turn(`${this.name} ${step}`);
    if (this.#state !== 'up') await this.#whileUp();
    this.#faults.at(`${this.#role}/${step}`, this);
    if (this.#slow.untilMs > this.#world.clock.nowMs() && !this.#faults.areOver) {
      await this.#world.pause(this.#slow.pauseMs);
    }
    if (this.#state !== 'up') await this.#whileUp();
  };

  /** Resolves while it is up; a dead one goes on no more. */
  async #whileUp(): Promise<void> {
    while (this.#state !== 'up') await new Promise<void>((go) => this.#wakened.push(go));
  }

  #whenUp(run: () => void): void {
    if (this.#state === 'up') run();
    else if (this.#state === 'asleep') this.#wakened.push(run);
  }

  /** It owns nothing any more, whether or not it knows. */
  #countOut(): void {
    this.#world.note(`${this.name} is counted out, ${this.#state}`);
    this.#isLost = true;
    this.#lose(new Error(`${this.name} owns nothing any more.`));
    for (const { closable } of this.#joined) void closable.close();
    this.#world.clock.after(RETIRED_AFTER_MS, () => {
      this.#state = 'dead';
    });
    this.onLost?.();
  }
}
