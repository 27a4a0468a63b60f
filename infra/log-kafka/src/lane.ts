import { UNIT_INPUTS_MAX } from '@throughline/kernel/chunks';
import type { Clock, LogRecord, Reporter, Subscriber } from '@throughline/kernel/ports';
import type { Feed, Intake } from './fetching.ts';
import { LogRefused, reasonOf } from './refusals.ts';

export interface LaneOptions {
  readonly subscriber: Subscriber;
  readonly feed: Feed;
  readonly clock: Clock;
  readonly reporter: Reporter;
  /** Before the partition is read: rejects with `LogRefused` where the log does not have that offset. */
  assertInRange(partition: number, next: number): Promise<void>;
  readonly onFatal: (reason: Error) => void;
}

/**
 * A batch that is handed over: what the kernel makes one commit of, so that a partition that is lost in the middle of a batch
 * stops before its next commit. About this many bytes of values.
 */
const BATCH = { recordsMax: UNIT_INPUTS_MAX, bytesMax: 1_000_000 } as const;
/** What is fetched ahead: fetching goes on while a batch is worked on, and a full lane holds up no other. */
const AHEAD = { recordsMax: 4 * BATCH.recordsMax, bytesMax: 2 * BATCH.bytesMax } as const;
const PAUSE = { firstMs: 50, maxMs: 2_000 } as const;

/** One partition while it is ours: assigned, batches one by one, revoked. */
export class Lane implements Intake {
  readonly partition: number;
  /** Resolves when the partition is no longer ours and nothing of it runs. Never rejects. */
  readonly tenure: Promise<void>;
  next = 0;
  readonly #options: LaneOptions;
  #ahead: LogRecord[] = [];
  #aheadBytes = 0;
  #handled: number | undefined;
  #isOpen = false;
  #isOver = false;
  #wake: () => void = () => undefined;

  constructor(partition: number, options: LaneOptions) {
    this.partition = partition;
    this.#options = options;
    this.tenure = this.#run();
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get isHungry(): boolean {
    return this.#isOpen && this.#ahead.length < AHEAD.recordsMax && this.#aheadBytes < AHEAD.bytesMax;
  }

  /** The offset behind what was handed over and taken; undefined before the first. */
  get handled(): number | undefined {
    return this.#handled;
  }

  take(records: readonly LogRecord[], next: number): void {
    this.next = next;
    for (const record of records) {
      this.#ahead.push(record);
      this.#aheadBytes += record.value.length;
    }
    this.#wake();
  }

  /** No further batch is handed over; `tenure` resolves when the running one has ended. */
  end(): void {
    this.#isOver = true;
    this.#options.feed.remove(this);
    this.#wake();
  }

  async #run(): Promise<void> {
    const { subscriber, feed, reporter } = this.#options;
    const { partition } = this;
    const isAssigned = await this.#persist('log.assigned-failed', async () => {
      this.next = await subscriber.assigned(partition);
    });
    if (!isAssigned) return;
    await this.#persist('log.position-unknown', () => this.#assertInRange());
    if (!this.#isOver) {
      this.#isOpen = true;
      feed.add(this);
    }
    while (!this.#isOver) {
      const batch = this.#batch();
      if (batch.length === 0) await this.#sleep();
      else if (await this.#persist('log.batch-failed', () => subscriber.batch(partition, batch))) this.#taken(batch);
    }
    this.#isOpen = false;
    try {
      await subscriber.revoked(partition);
    } catch (error) {
      reporter.error('log.revoked-failed', { ...this.#name(), reason: reasonOf(error) });
    }
  }

  async #assertInRange(): Promise<void> {
    try {
      await this.#options.assertInRange(this.partition, this.next);
    } catch (error) {
      if (!(error instanceof LogRefused)) throw error;
      this.#isOver = true;
      this.#options.onFatal(error);
    }
  }

  #batch(): readonly LogRecord[] {
    let bytes = 0;
    const end = this.#ahead.findIndex((record, index) => {
      bytes += record.value.length;
      return index === BATCH.recordsMax || (index > 0 && bytes > BATCH.bytesMax);
    });
    return end === -1 ? [...this.#ahead] : this.#ahead.slice(0, end);
  }

  #taken(batch: readonly LogRecord[]): void {
    this.#ahead.splice(0, batch.length);
    for (const { value } of batch) this.#aheadBytes -= value.length;
    this.#handled = (batch.at(-1)?.offset ?? 0) + 1;
    if (this.isHungry) this.#options.feed.wake();
  }

  /** Tries until it works or the partition is no longer ours, with growing pauses. Returns whether it worked. */
  async #persist(event: string, attempt: () => Promise<void>): Promise<boolean> {
    for (let pauseMs: number = PAUSE.firstMs; ; pauseMs = Math.min(PAUSE.maxMs, pauseMs * 2)) {
      try {
        await attempt();
        return true;
      } catch (error) {
        this.#options.reporter.error(event, { ...this.#name(), reason: reasonOf(error) });
      }
      if (!this.#isOver) await this.#pause(pauseMs);
      if (this.#isOver) return false;
    }
  }

  async #pause(pauseMs: number): Promise<void> {
    const over = Promise.withResolvers<void>();
    const cancel = this.#options.clock.after(pauseMs, () => over.resolve());
    this.#wake = () => {
      if (this.#isOver) over.resolve();
    };
    await over.promise;
    cancel();
  }

  #sleep(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #name() {
    const { group, topic } = this.#options.subscriber;
    return { group, topic, partition: this.partition };
  }
}
