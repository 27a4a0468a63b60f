import { partitionOf } from '@throughline/kernel/partitioner';
import type { Clock, Closable, Log, LogRecord, OutgoingRecord, Reporter, TopicShape } from '@throughline/kernel/ports';
import type { Database } from '@throughline/sqlite/database';
import { corrupt, refusalFrom } from '@throughline/sqlite/refusals';
import { createGroup, type Group } from './group.ts';
import { openRecords, type Records } from './records.ts';
import { LogCorrupt, LogRefused } from './refusals.ts';
import { knownTopics, openTopics, type Stream } from './topics.ts';

export interface EmbeddedLogOptions {
  readonly database: Database;
  readonly topics: readonly TopicShape[];
  readonly clock: Clock;
  readonly reporter: Reporter;
}

/** A batch for a consumer is at most this many records and about this many bytes of values. */
const BATCH = { recordsMax: 200, bytesMax: 1_000_000 } as const;

type Listener = (record: LogRecord) => void;

/**
 * The log in the embedded database. Close the subscriptions before the database.
 * @throws LogRefused where a topic is known with another number of partitions; LogCorrupt where the first or last
 * record of a partition is not what was appended. Every other record is checked when it is read.
 */
export function createEmbeddedLog({ database, topics, clock, reporter }: EmbeddedLogOptions): Log {
  const { streams, records } = openFile(database, topics);
  const groups = new Map<string, Group>();
  const listeners = new Map<string, Set<Listener>>();

  function streamsOf(topic: string): readonly Stream[] {
    const found = streams.get(topic);
    if (found === undefined) throw new LogRefused('log-topic-unknown', `The log has no topic ${topic}.`);
    return found;
  }

  /** Tells whoever waits for this record. Called in the order of the log. */
  function announce(record: LogRecord): void {
    for (const listener of listeners.get(record.topic) ?? []) {
      try {
        listener(record);
      } catch (error) {
        reporter.error('log.tail-failed', { topic: record.topic, error: nameOf(error) });
      }
    }
  }

  function append(outgoing: readonly OutgoingRecord[]): Promise<readonly { partition: number; offset: number }[]> {
    return appendRecords({ database, records, streamsOf }, outgoing).then((written) => {
      for (const record of written) announce(record);
      for (const group of groups.values()) group.wake(written);
      return written.map(({ partition, offset }) => ({ partition, offset }));
    });
  }

  function groupOf(name: string, topic: string): Group {
    const id = JSON.stringify([name, topic]);
    const known = groups.get(id);
    if (known !== undefined) return known;
    const topicStreams = streamsOf(topic);
    const read = (partition: number, from: number) => readBatch(records, topicStreams, partition, from);
    const end = (partition: number) => topicStreams[partition]?.end ?? 0;
    const made = createGroup({ group: name, topic, partitions: topicStreams.length, read, end, clock, reporter });
    groups.set(id, made);
    return made;
  }

  return {
    append,
    subscribe: async (subscriber) => groupOf(subscriber.group, subscriber.topic).join(subscriber),
    tail: async (topic, onRecord) => {
      streamsOf(topic);
      return addListener(listeners, topic, onRecord);
    },
    read: async (topic, partition, fromOffset, limit) => {
      const stream = streamsOf(topic)[partition];
      return stream === undefined ? [] : records.read(stream, fromOffset, limit, Number.POSITIVE_INFINITY);
    },
    ends: async (topic) => streamsOf(topic).map((stream) => stream.end),
  };
}

interface Appending {
  readonly database: Database;
  readonly records: Records;
  streamsOf(topic: string): readonly Stream[];
}

/** Queues the records at once, so that appends which nobody awaited keep their order. */
async function appendRecords(
  { database, records, streamsOf }: Appending,
  outgoing: readonly OutgoingRecord[],
): Promise<readonly LogRecord[]> {
  if (outgoing.length === 0) return [];
  const addressed = outgoing.map((record) => {
    const topicStreams = streamsOf(record.topic);
    const stream = topicStreams[partitionOf(record.key, topicStreams.length)];
    if (stream === undefined) throw new LogRefused('log-topic-unknown', `Topic ${record.topic} has no partitions.`);
    return { record, stream };
  });
  return database.write(
    () => {
      const runs = new Map<Stream, LogRecord[]>();
      const written = addressed.map(({ record, stream }): LogRecord => {
        const run = runs.get(stream) ?? [];
        runs.set(stream, run);
        const placed = { ...record, partition: stream.partition, offset: stream.end + run.length };
        run.push(placed);
        return placed;
      });
      for (const [stream, run] of runs) records.append(stream, run);
      return written;
    },
    () => {
      for (const { stream } of addressed) records.findEnd(stream);
    },
  );
}

interface OpenFile {
  readonly streams: ReadonlyMap<string, readonly Stream[]>;
  readonly records: Records;
}

/** What was there is looked at before anything is added: a topic whose name was changed behind our back would begin anew. */
function openFile(database: Database, topics: readonly TopicShape[]): OpenFile {
  try {
    const records = openRecords(database);
    const known = knownTopics(database);
    for (const stream of known.flat()) openStream(records, stream);
    if (!records.areWithin(known.flat().length)) throw corrupt(database.file);
    const streams = openTopics(database, topics);
    for (const stream of [...streams.values()].flat()) records.findEnd(stream);
    return { streams, records };
  } catch (error) {
    if (error instanceof LogRefused || error instanceof LogCorrupt) throw error;
    throw refusalFrom(error, database.file);
  }
}

/** A cheap look at both ends of the partition. */
function openStream(records: Records, stream: Stream): void {
  records.findEnd(stream);
  if (stream.end === 0) return;
  records.read(stream, 0, 1, BATCH.bytesMax);
  records.read(stream, stream.end - 1, 1, BATCH.bytesMax);
}

function readBatch(records: Records, streams: readonly Stream[], partition: number, from: number): LogRecord[] {
  const stream = streams[partition];
  if (stream === undefined) return [];
  if (from > stream.end) {
    throw new LogRefused(
      'log-behind-cursor',
      `A consumer asks for record ${from} of ${stream.topic}, partition ${partition}, which ends at ${stream.end}: the log is older than the store; put back both from one backup.`,
    );
  }
  return records.read(stream, from, BATCH.recordsMax, BATCH.bytesMax);
}

function addListener(listeners: Map<string, Set<Listener>>, topic: string, onRecord: Listener): Closable {
  // Wrapped: the same function may listen twice, and each is closed alone.
  const listener: Listener = (record) => onRecord(record);
  const all = listeners.get(topic) ?? new Set();
  listeners.set(topic, all.add(listener));
  return {
    close: async () => {
      all.delete(listener);
    },
  };
}

/** Only the name: an error's message may quote what a customer said. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
