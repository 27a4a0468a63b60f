import type { Edge, EdgeDraft } from './edge.ts';
import { type Codec, type Message, Undecodable } from './envelope.ts';
import { REOPEN_AFTER_MS } from './host.ts';
import type { Clock, Closable, Log, LogRecord, PartitionState, Reporter, Store, Unit } from './ports.ts';
import type { Reactor } from './reactor.ts';
import { reasonOf } from './reason.ts';
import type { Reach } from './steps.ts';
import { noTelemetry, type Telemetry } from './telemetry.ts';
import { traceIdOf } from './trace.ts';

/** Events that may be under way in one partition; more wait in the log. */
const UNDER_WAY_MAX = 256;
const RETRY_FIRST_MS = 50;
const RETRY_MAX_MS = 5_000;
/** A crash repeats what was done in this time, as it repeats what was under way; a save for each event would be most of what a store does. */
const SAVE_EVERY_MS = 250;

export interface ReactorHost extends Closable {
  /** Every partition of the topic that is this member's is open, and none of them has become another owner's. */
  ready(): boolean;
  /** Events that are being worked on. */
  underWay(): number;
}

interface HostOptions {
  readonly reactor: Reactor;
  readonly log: Log;
  readonly store: Store;
  readonly codec: Codec;
  readonly edge: Edge;
  readonly clock: Clock;
  readonly reporter: Reporter;
  readonly reach: Reach;
  readonly telemetry?: Telemetry | undefined;
}

/** Joins a reactor to the log. Its cursor is the oldest unfinished event, so a crash repeats work and never leaves any out. */
export async function hostReactor(options: HostOptions): Promise<ReactorHost> {
  const { reactor, log } = options;
  const partitions = new Map<number, ReactorPartition>();
  let opening = 0;
  const subscription = await log.subscribe({
    group: reactor.name,
    topic: reactor.topic,
    lingerMs: reactor.lingerMs,
    async assigned(partition) {
      opening += 1;
      try {
        const opened = await ReactorPartition.open(options, partition);
        partitions.set(partition, opened);
        return opened.cursor;
      } finally {
        opening -= 1;
      }
    },
    async batch(partition, records) {
      await partitions.get(partition)?.batch(records);
    },
    async revoked(partition) {
      await partitions.get(partition)?.close();
      partitions.delete(partition);
    },
  });
  return {
    // As with a processor: one that lost a partition to another owner takes it again only where it turns out to be its own.
    ready: () => opening === 0 && [...partitions.values()].every((partition) => !partition.fenced),
    underWay: () => [...partitions.values()].reduce((sum, partition) => sum + partition.underWay, 0),
    async close() {
      // At the same time: a batch that waits for room behind an outage ends only once its partition is given up.
      await Promise.all([subscription.close(), ...[...partitions.values()].map((partition) => partition.close())]);
    },
  };
}

class ReactorPartition {
  readonly #options: HostOptions;
  readonly #partition: number;
  #epoch: number;
  /** Offsets under way, in order, each with whether it is done. */
  readonly #offsets: { offset: number; done: boolean }[] = [];
  /** The end of the work of each key. */
  readonly #keys = new Map<string, Promise<void>>();
  #state: PartitionState;
  /** The cursor that the store has for certain. */
  #saved: number;
  /** The save that may have happened or not. */
  #unsettled: Unit | undefined;
  #closing = false;
  #fenced = false;
  #saving: Promise<void> | undefined;
  readonly #pauses = new Set<() => void>();
  #wakeBatch: (() => void) | undefined;

  private constructor(options: HostOptions, partition: number, epoch: number, state: PartitionState) {
    this.#options = options;
    this.#partition = partition;
    this.#epoch = epoch;
    this.#state = state;
    this.#saved = state.cursor;
  }

  static async open(options: HostOptions, partition: number): Promise<ReactorPartition> {
    const opened = await options.store.open({ processor: options.reactor.name, partition });
    return new ReactorPartition(options, partition, opened.epoch, opened.state);
  }

  get cursor(): number {
    return this.#state.cursor;
  }

  get fenced(): boolean {
    return this.#fenced;
  }

  get underWay(): number {
    return this.#keys.size;
  }

  /** Takes the records on; resolves as soon as there is room for more. */
  async batch(records: readonly LogRecord[]): Promise<void> {
    if (this.#fenced) throw new Error(`${this.#options.reactor.name}/${this.#partition} belongs to another owner.`);
    const last = this.#offsets.at(-1)?.offset ?? this.#state.cursor - 1;
    const fresh = records.filter((record) => record.offset > last);
    await this.#options.codec.prepare(fresh.filter((record) => !this.#skips(record)));
    for (const record of fresh) this.#take(record);
    this.#advance();
    while (this.#offsets.length > UNDER_WAY_MAX && !this.#closing) {
      await new Promise<void>((wake) => {
        this.#wakeBatch = wake;
      });
    }
  }

  #skips(record: LogRecord): boolean {
    const { types } = this.#options.reactor;
    return types !== undefined && !types.includes(record.headers.ce_type ?? '');
  }

  #take(record: LogRecord): void {
    const place = { offset: record.offset, done: true };
    this.#offsets.push(place);
    const event = this.#skips(record) ? undefined : this.#read(record);
    if (!event || !this.#options.reactor.wants(event)) return;
    place.done = false;
    const work = (this.#keys.get(record.key) ?? Promise.resolve()).then(async () => {
      place.done = await this.#handle(event);
      this.#advance();
      this.#wakeBatch?.();
    });
    this.#keys.set(record.key, work);
    work.then(() => {
      if (this.#keys.get(record.key) === work) this.#keys.delete(record.key);
    });
  }

  #read(record: LogRecord): Message | undefined {
    try {
      return this.#options.codec.decode(record);
    } catch (error) {
      // Whoever wrote it is told by its own consumers; here it must not stop the others (law 10).
      const reason = error instanceof Undecodable ? error.reason : 'it cannot be read';
      this.#options.reporter.error('event.unreadable', {
        reactor: this.#options.reactor.name,
        partition: record.partition,
        offset: record.offset,
        trace: traceIdOf(record.headers.traceparent ?? ''),
        reason,
      });
      return undefined;
    }
  }

  /** Whether it is done; not done only when this partition is being given up. */
  async #handle(event: Message): Promise<boolean> {
    const { reactor, edge, reach, reporter, clock, telemetry = noTelemetry } = this.#options;
    const sinceMs = clock.nowMs();
    let drafts: readonly EdgeDraft[] | undefined;
    for (let pauseMs = RETRY_FIRST_MS; !this.#closing; pauseMs = Math.min(pauseMs * 2, RETRY_MAX_MS)) {
      try {
        await reach(`${reactor.name}/taken`);
        drafts ??= await reactor.handle(event);
        await reach(`${reactor.name}/handled`);
        if (drafts.length > 0) await edge.send(drafts.map((draft) => ({ ...draft, sinceMs })));
        await reach(`${reactor.name}/reported`);
        telemetry.handled(event, reactor.name);
        return true;
      } catch (error) {
        reporter.warn('reactor.retries', {
          reactor: reactor.name,
          event: event.id,
          type: event.type,
          trace: traceIdOf(event.traceparent),
          error: reasonOf(error),
          pauseMs,
        });
        await this.#pause(pauseMs);
      }
    }
    return false;
  }

  /** No pause at all while the partition is being given up: whoever closes waits for the end of it. */
  async #pause(delayMs: number): Promise<void> {
    if (this.#closing) return;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        cancel();
        this.#pauses.delete(end);
        resolve();
      };
      const cancel = this.#options.clock.after(delayMs, end);
      this.#pauses.add(end);
    });
  }

  /** Moves the cursor behind what is done without a gap, and has it saved; saves never overlap. */
  #advance(): void {
    let { cursor } = this.#state;
    for (let first = this.#offsets[0]; first?.done; first = this.#offsets[0]) {
      cursor = Math.max(cursor, first.offset + 1);
      this.#offsets.shift();
    }
    this.#state = { ...this.#state, cursor };
    if (this.#saving || this.#saved === cursor || (this.#fenced && this.#closing)) return;
    this.#saving = this.#save().then(async () => {
      await this.#pause(SAVE_EVERY_MS);
      this.#saving = undefined;
      if (!this.#closing) this.#advance();
    });
  }

  async #save(): Promise<void> {
    const { store, reactor, reporter, reach, telemetry = noTelemetry } = this.#options;
    if (this.#fenced) return this.#takeAgain();
    // A commit whose answer was lost is settled by the same unit; another one would look like a former owner's.
    this.#unsettled ??= {
      processor: reactor.name,
      partition: this.#partition,
      epoch: this.#epoch,
      fromCursor: this.#saved,
      state: this.#state,
      documents: [],
      messages: [],
      timers: [],
    };
    try {
      await reach(`${reactor.name}/saving`);
      this.#fenced = (await store.commit(this.#unsettled)) === 'fenced';
      if (this.#fenced) telemetry.fenced(reactor.name);
      else this.#saved = this.#unsettled.state.cursor;
      this.#unsettled = undefined;
    } catch (error) {
      reporter.warn('reactor.cursor.delayed', {
        reactor: reactor.name,
        error: reasonOf(error),
      });
      await this.#pause(RETRY_FIRST_MS);
    }
  }

  /** It is fenced. Where it has not been given up for so long, whoever fenced it was no owner: it takes the partition again and goes on. */
  async #takeAgain(): Promise<void> {
    const { store, reactor, reporter } = this.#options;
    await this.#pause(REOPEN_AFTER_MS);
    if (this.#closing) return;
    try {
      const { epoch, state } = await store.open({ processor: reactor.name, partition: this.#partition });
      this.#epoch = epoch;
      this.#saved = state.cursor;
      this.#state = { ...state, cursor: Math.max(state.cursor, this.#state.cursor) };
      this.#fenced = false;
    } catch (error) {
      reporter.warn('reactor.cursor.delayed', { reactor: reactor.name, error: reasonOf(error) });
    }
  }

  /** Lets what is under way finish or give up its next try, and saves how far it came. */
  async close(): Promise<void> {
    this.#closing = true;
    for (const end of [...this.#pauses]) end();
    this.#wakeBatch?.();
    await Promise.allSettled(this.#keys.values());
    await this.#saving;
    this.#advance();
    await this.#saving;
  }
}
