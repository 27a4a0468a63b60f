import { partitionOf } from '@throughline/kernel/partitioner';
import type {
  Clock,
  Closable,
  Log,
  LogRecord,
  OutgoingRecord,
  Subscriber,
  TopicShape,
} from '@throughline/kernel/ports';
import { createGroup, type Group } from '@throughline/log-embedded/group';

const BATCH_MAX = 100;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A log in memory, without faults of its own; its groups are those of the embedded log, over the clock that is given. */
export class SimLog implements Log {
  readonly #clock: Clock;
  readonly #topics: ReadonlyMap<string, readonly LogRecord[][]>;
  readonly #groups = new Map<string, Group>();
  readonly #tails = new Set<{ readonly topic: string; readonly onRecord: (record: LogRecord) => void }>();

  constructor(topics: readonly TopicShape[], clock: Clock) {
    this.#clock = clock;
    this.#topics = new Map(topics.map(({ name, partitions }) => [name, Array.from({ length: partitions }, () => [])]));
  }

  async append(records: readonly OutgoingRecord[]): Promise<readonly { partition: number; offset: number }[]> {
    for (const { topic } of records) this.#lanes(topic);
    const taken = records.map((record): LogRecord => {
      const lanes = this.#lanes(record.topic);
      const partition = partitionOf(record.key, lanes.length);
      const lane = lanes[partition] ?? [];
      const kept = { ...record, partition, offset: lane.length };
      lane.push(kept);
      return kept;
    });
    for (const record of taken) this.#show(record);
    for (const group of this.#groups.values()) group.wake(taken);
    return taken.map(({ partition, offset }) => ({ partition, offset }));
  }

  async subscribe(subscriber: Subscriber): Promise<Closable> {
    const { group, topic } = subscriber;
    const lanes = this.#lanes(topic);
    const name = `${group} ${topic}`;
    const joined =
      this.#groups.get(name) ??
      createGroup({
        group,
        topic,
        partitions: lanes.length,
        read: (partition, from) => lanes[partition]?.slice(from, from + BATCH_MAX) ?? [],
        end: (partition) => lanes[partition]?.length ?? 0,
        clock: this.#clock,
        reporter: silent,
      });
    this.#groups.set(name, joined);
    return joined.join(subscriber);
  }

  async tail(topic: string, onRecord: (record: LogRecord) => void): Promise<Closable> {
    const tail = { topic, onRecord };
    this.#tails.add(tail);
    return { close: async () => void this.#tails.delete(tail) };
  }

  async read(topic: string, partition: number, fromOffset: number, limit: number): Promise<readonly LogRecord[]> {
    return this.records(topic, partition).slice(fromOffset, fromOffset + limit);
  }

  async ends(topic: string): Promise<readonly number[]> {
    return this.#lanes(topic).map((lane) => lane.length);
  }

  /** What a partition holds, at once, for the oracles. */
  records(topic: string, partition: number): readonly LogRecord[] {
    return this.#lanes(topic)[partition] ?? [];
  }

  #show(record: LogRecord): void {
    for (const tail of this.#tails) {
      if (tail.topic !== record.topic) continue;
      queueMicrotask(() => {
        try {
          if (this.#tails.has(tail)) tail.onRecord(record);
        } catch {
          // A tail's exception is its own affair: neither the writer nor another tail hears of it.
        }
      });
    }
  }

  #lanes(topic: string): readonly LogRecord[][] {
    const lanes = this.#topics.get(topic);
    if (lanes === undefined) throw new Error(`There is no topic ${topic}.`);
    return lanes;
  }
}
