import type { Clock, LogRecord, Reporter } from '@throughline/kernel/ports';
import { isHopeless, kindOf, type Link, leaderOf, recover, tenaciously } from './cluster.ts';
import { LogRefused, reasonOf } from './refusals.ts';
import { fetch } from './wire.ts';

/** What reads one partition. */
export interface Intake {
  readonly partition: number;
  /** The offset to fetch from. */
  readonly next: number;
  /** Whether there is room for more. */
  readonly isHungry: boolean;
  /** Records in order, and the offset behind them. */
  take(records: readonly LogRecord[], next: number): void;
}

export interface FeedOptions {
  readonly link: Link;
  readonly topic: string;
  /** How long the broker may hold records back for others to come with them. */
  readonly lingerMs?: number | undefined;
  readonly clock: Clock;
  readonly reporter: Reporter;
  readonly onFatal: (reason: Error) => void;
}

/** How long a broker keeps a request that finds nothing; what joins in the meantime waits as long at most. */
const WAIT_MS = 250;
const LIMITS = { waitMs: WAIT_MS, bytesMin: 1, partitionBytesMax: 1_000_000, bytesMax: 8_000_000 } as const;
const PAUSE = { firstMs: 50, maxMs: 1_000 } as const;

/**
 * Keeps the partitions of one topic fed, by one request at a time to each node that leads some of them. The offset is ours
 * alone: nothing is ever fetched from another one than `next` says, and one that the log does not have is fatal.
 */
export class Feed {
  readonly #options: FeedOptions;
  readonly #intakes = new Map<number, Intake>();
  readonly #busy = new Set<string>();
  #failures = 0;
  #closed = false;

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  add(intake: Intake): void {
    this.#intakes.set(intake.partition, intake);
    this.wake();
  }

  remove(intake: Intake): void {
    if (this.#intakes.get(intake.partition) === intake) this.#intakes.delete(intake.partition);
  }

  close(): void {
    this.#closed = true;
    this.#intakes.clear();
  }

  /** To be called when an intake has become hungry. */
  wake(): void {
    const { link, topic } = this.#options;
    const requests = new Map<string, Intake[]>();
    for (const intake of this.#intakes.values()) {
      if (!intake.isHungry) continue;
      const leader = leaderOf(link, topic, intake.partition) ?? '';
      if (this.#busy.has(leader)) continue;
      const members = requests.get(leader);
      if (members === undefined) requests.set(leader, [intake]);
      else members.push(intake);
    }
    for (const [leader, intakes] of requests) void this.#request(leader, intakes);
  }

  /** Never rejects. */
  async #request(leader: string, intakes: readonly Intake[]): Promise<void> {
    this.#busy.add(leader);
    try {
      await this.#fetch(leader, intakes);
      this.#failures = 0;
    } catch (error) {
      if (!this.#closed) await this.#failed(intakes, error);
    }
    this.#busy.delete(leader);
    if (!this.#closed) this.wake();
  }

  async #fetch(leader: string, intakes: readonly Intake[]): Promise<void> {
    const { link, topic, lingerMs } = this.#options;
    await link.cluster.refreshMetadataIfNecessary();
    if (leader === '') throw new Error('The leader is not known yet.');
    const broker = await link.cluster.findBroker({ nodeId: leader });
    const positions = new Map(intakes.map((intake) => [intake.partition, intake.next]));
    const fetched = await fetch(
      broker,
      topic,
      positions,
      lingerMs === undefined ? LIMITS : { ...LIMITS, waitMs: lingerMs, bytesMin: LIMITS.partitionBytesMax },
    );
    for (const intake of intakes) {
      const part = fetched.get(intake.partition);
      const isCurrent =
        this.#intakes.get(intake.partition) === intake && positions.get(intake.partition) === intake.next;
      if (part !== undefined && isCurrent && part.next > intake.next) intake.take(part.records, part.next);
    }
  }

  async #failed(intakes: readonly Intake[], error: unknown): Promise<void> {
    const { link, topic, clock, reporter } = this.#options;
    this.#failures += 1;
    reporter.warn('log.fetch-delayed', { topic, reason: reasonOf(error) });
    try {
      if (kindOf(error) === 'OFFSET_OUT_OF_RANGE') await assertInRange(link, topic, intakes);
      else await recover(link, error);
    } catch (reason) {
      if (reason instanceof LogRefused) return this.#stop(reason);
    }
    if (error instanceof LogRefused || isHopeless(error))
      return this.#stop(error instanceof Error ? error : new Error('Fetching failed.'));
    const pauseMs = Math.min(PAUSE.maxMs, PAUSE.firstMs * 2 ** this.#failures);
    await new Promise<void>((resolve) => clock.after(pauseMs, resolve));
  }

  #stop(reason: Error): void {
    this.close();
    this.#options.onFatal(reason);
  }
}

/**
 * Whether the log still has, or is about to have, what the intakes ask for.
 * @throws LogRefused where it does not: going on anywhere else would skip records or take them twice.
 */
export async function assertInRange(
  link: Link,
  topic: string,
  intakes: readonly { readonly partition: number; readonly next: number }[],
): Promise<void> {
  const [first, last] = await tenaciously(
    link,
    async () => [await edge(link, topic, true), await edge(link, topic, false)] as const,
  );
  for (const { partition, next } of intakes) {
    const [low, high] = [first.get(partition), last.get(partition)];
    if (low === undefined || high === undefined) continue;
    const about = `Record ${next} of ${topic}, partition ${partition}, is asked for`;
    if (next < low) {
      throw new LogRefused(
        'log-out-of-range',
        `${about}, and the log begins at ${low}: records were deleted before they were handled. Put them back, or decide to go on without them.`,
      );
    }
    if (next > high) {
      throw new LogRefused(
        'log-out-of-range',
        `${about}, and the log ends at ${high}: the log is older than the store. Put back both from one backup.`,
      );
    }
  }
}

/** The first or the next offset of each partition. */
export async function edge(link: Link, topic: string, fromBeginning: boolean): Promise<ReadonlyMap<number, number>> {
  const partitions = link.cluster
    .findTopicPartitionMetadata(topic)
    .map(({ partitionId }) => ({ partition: partitionId }));
  const [found] = await link.cluster.fetchTopicsOffset([{ topic, partitions, fromBeginning }]);
  return new Map(found?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
}
