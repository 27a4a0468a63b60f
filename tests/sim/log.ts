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
import type { Chance } from './chance.ts';
import { Kept } from './damage.ts';

const BATCH_MAX = 100;
/** A record so far from the end of its partition may still be unread. */
const UNREAD_MAX = 3;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A log in memory, without faults of its own; its groups are those of the embedded log, over the clock that is given. */
export class SimLog implements Log {
  readonly #clock: Clock;
  readonly #topics: ReadonlyMap<string, readonly LogRecord[][]>;
  /** The values of the records, as they lie on the disk. */
  readonly #values = new Map<LogRecord, Kept>();
  readonly #ids = new Set<string>();
  readonly #mends = new Set<() => void>();
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
      this.#values.set(kept, new Kept(record.value));
      this.#ids.add(nameOf(record));
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
        read: (partition, from) => this.#sound(lanes[partition]?.slice(from, from + BATCH_MAX) ?? []),
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
    return this.#sound(this.records(topic, partition).slice(fromOffset, fromOffset + limit));
  }

  async ends(topic: string): Promise<readonly number[]> {
    return this.#lanes(topic).map((lane) => lane.length);
  }

  /** What a partition holds, at once, for the oracles. */
  records(topic: string, partition: number): readonly LogRecord[] {
    return this.#lanes(topic)[partition] ?? [];
  }

  /** Whether it was ever appended. */
  has(record: OutgoingRecord): boolean {
    return this.#ids.has(nameOf(record));
  }

  /** Turns over one bit of a record near the end of a partition; the result puts it back. Undefined where there is none. */
  damage(chance: Chance): (() => void) | undefined {
    const lanes = [...this.#topics.values()].flat().filter((lane) => lane.length > 0);
    const record = chance.pick(chance.pick(lanes)?.slice(-UNREAD_MAX) ?? []);
    const mend = record && this.#values.get(record)?.damage(chance);
    if (mend !== undefined) this.#mends.add(mend);
    return mend;
  }

  /** Puts back all that was damaged. */
  mend(): void {
    for (const mend of this.#mends) mend();
    this.#mends.clear();
  }

  /** @throws Damaged where one of them is not what was appended. */
  #sound(records: readonly LogRecord[]): readonly LogRecord[] {
    for (const record of records) this.#values.get(record)?.read(`record ${record.offset} of ${record.topic}`);
    return records;
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

const nameOf = ({ topic, headers }: OutgoingRecord): string => `${topic}/${headers.ce_id}`;
