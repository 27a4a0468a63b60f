import type { Clock, Closable, Log, Store } from '@throughline/kernel/ports';
import type { Reach } from '@throughline/kernel/steps';
import type { Faults } from './faults.ts';
import type { World } from './world.ts';

/** One process: real code that stands on the simulated ports. It can be killed, or lose what it owns while it sleeps. */
export class SimProcess {
  readonly name: string;
  readonly #world: World;
  readonly #faults: Faults;
  readonly #skewMs: number;
  #state: 'up' | 'asleep' | 'dead' = 'up';
  readonly #wakened: (() => void)[] = [];
  /** Rejects once it no longer owns anything. */
  readonly #lost: Promise<never>;
  #lose: (reason: Error) => void = () => undefined;
  readonly #joined: Closable[] = [];
  #isLost = false;
  /** Told, once, when it no longer owns anything. A process without successor is never lost. */
  onLost: (() => void) | undefined;

  constructor(name: string, world: World, faults: Faults) {
    this.name = name;
    this.#world = world;
    this.#faults = faults;
    this.#skewMs = faults.skewMs();
    this.#lost = new Promise((_, reject) => {
      this.#lose = reject;
    });
    this.#lost.catch(() => undefined);
  }

  readonly clock: Clock = {
    nowMs: () => this.#world.clock.nowMs() + this.#skewMs,
    after: (delayMs, run) => this.#world.clock.after(delayMs, () => this.#whenUp(run)),
  };

  readonly reach: Reach = async (step) => {
    await this.#point(step);
    if (this.#faults.strikes('crash', step)) return this.#end('dead');
    if (this.#faults.strikes('takeover', step)) return this.#end('asleep');
  };

  /** The log as this process reaches it. */
  log(log: Log): Log {
    return {
      append: (records) =>
        this.#call('append', async () => {
          const places = await log.append(records);
          if (this.#faults.strikes('duplicate', 'append')) await log.append(records);
          return places;
        }),
      subscribe: async (subscriber) => {
        const joined = await log.subscribe({
          group: subscriber.group,
          topic: subscriber.topic,
          assigned: (partition) => this.#owned(subscriber.assigned(partition)),
          batch: (partition, records) => this.#owned(subscriber.batch(partition, records)),
          revoked: (partition) => this.#owned(subscriber.revoked(partition)),
        });
        this.#joined.push(joined);
        return joined;
      },
      tail: (topic, onRecord) => log.tail(topic, onRecord),
      read: (topic, partition, from, limit) => log.read(topic, partition, from, limit),
      ends: (topic) => log.ends(topic),
    };
  }

  /** The store as this process reaches it. */
  store(store: Store): Store {
    return {
      open: (partition) => this.#call('open', () => store.open(partition)),
      commit: (unit) => this.#call('commit', () => store.commit(unit)),
      load: (processor, refs) => this.#call('load', () => store.load(processor, refs)),
      list: (processor, list, after, limit) => store.list(processor, list, after, limit),
      due: (partition, nowMs, limit) => store.due(partition, nowMs, limit),
      state: (partition) => store.state(partition),
    };
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  /** Kills it; its successor takes over. */
  replace(): void {
    void this.#end('dead');
  }

  wake(): void {
    if (this.#state !== 'asleep') return;
    this.#state = 'up';
    this.#world.note(`${this.name} wakes`);
    for (const go of this.#wakened.splice(0)) go();
  }

  async #call<Answer>(kind: string, run: () => Promise<Answer>): Promise<Answer> {
    await this.reach(`${kind}/asked`);
    if (this.#faults.strikes('refused', kind)) throw new Error(`${kind} is refused.`);
    const answer = await run();
    await this.reach(`${kind}/done`);
    if (this.#faults.strikes('answer-lost', kind)) throw new Error(`The answer to ${kind} is lost.`);
    return answer;
  }

  async #point(step: string): Promise<void> {
    await this.#world.turn(`${this.name} ${step}`);
    await this.#whileUp();
  }

  /** Resolves while it is up; a dead one goes on no more. */
  async #whileUp(): Promise<void> {
    while (this.#state !== 'up') await new Promise<void>((go) => this.#wakened.push(go));
  }

  #whenUp(run: () => void): void {
    if (this.#state === 'up') run();
    else if (this.#state === 'asleep') this.#wakened.push(run);
  }

  #owned<Answer>(work: Promise<Answer>): Promise<Answer> {
    return Promise.race([this.#lost, work]);
  }

  /** Others take over what it owned. One that sleeps goes on, later, as if nothing had happened. */
  #end(state: 'asleep' | 'dead'): Promise<void> {
    if (this.onLost === undefined) return Promise.resolve();
    this.#world.note(`${this.name} is ${state}`);
    this.#state = state;
    this.#lose(new Error(`${this.name} is ${state}.`));
    for (const joined of this.#joined) void joined.close();
    if (!this.#isLost) this.onLost();
    this.#isLost = true;
    return this.#whileUp();
  }
}
