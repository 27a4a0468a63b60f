import type { LogRecord } from '@throughline/kernel/ports';
import type { Broker } from 'kafkajs';
import type { Run } from './producing.ts';
import { decodeBatches, encodeBatch } from './record-batch.ts';
import { LogRefused } from './refusals.ts';
import { Reader } from './wire-bytes.ts';

/** What has been read of one partition, and the offset behind it. */
export interface Fetched {
  readonly records: readonly LogRecord[];
  readonly next: number;
}

/** What kafkajs's brokers send requests by, besides what its types say. */
interface Wired {
  readonly connectionPool: { send(exchange: Exchange): Promise<unknown> };
}

/** A request and how its answer is read, as kafkajs's protocol has them. */
interface Exchange {
  readonly request: {
    readonly apiVersion: number;
    encode(): Promise<{ readonly buf: Buffer; readonly buffer: Buffer }>;
  };
  readonly response: { decode(answer: Buffer): Promise<unknown> };
}

/** The broker with its exchanges changed on their way: finding it, versions, errors and connections stay kafkajs's. */
function rewired(broker: Broker, change: (exchange: Exchange) => Exchange): Broker {
  const { connectionPool } = broker as unknown as Wired;
  const send = (exchange: Exchange): Promise<unknown> => connectionPool.send(change(exchange));
  const pool: unknown = Object.create(connectionPool, { send: { value: send } });
  return Object.create(broker, { connectionPool: { value: pool } });
}

/** One PRODUCE to the broker that leads the partitions of these runs; resolves to the offset of the first record of each. */
export async function produce(
  broker: Broker,
  runs: readonly Run[],
  { timeoutMs, nowMs }: { timeoutMs: number; nowMs: number },
): Promise<readonly number[]> {
  const encoding = rewired(broker, (exchange) => ({
    ...exchange,
    request: {
      ...exchange.request,
      async encode() {
        const buffer = encodeProduce(runs, timeoutMs, nowMs);
        return { buf: buffer, buffer };
      },
    },
  }));
  const { topics } = (await encoding.produce({ topicData: [] })) as {
    topics: readonly { topicName: string; partitions: readonly { partition: number; baseOffset: string }[] }[];
  };
  const offsets = new Map(
    topics.flatMap(({ topicName, partitions }) =>
      partitions.map(({ partition, baseOffset }) => [`${topicName}/${partition}`, Number(baseOffset)] as const),
    ),
  );
  return runs.map(({ topic, partition }) => offsets.get(`${topic}/${partition}`) ?? Number.NaN);
}

/** The body of a PRODUCE, which is the same in the versions that take record batches (3 to 8). */
function encodeProduce(runs: readonly Run[], timeoutMs: number, nowMs: number): Buffer {
  const topics = Map.groupBy(runs, ({ topic }) => topic);
  // No transaction; all replicas that count have to have it.
  const parts = [int16(-1), int16(-1), int32(timeoutMs), int32(topics.size)];
  for (const [topic, ofTopic] of topics) {
    const name = Buffer.from(topic);
    parts.push(int16(name.length), name, int32(ofTopic.length));
    for (const { partition, records } of ofTopic) {
      const batch = encodeBatch(records, nowMs);
      parts.push(int32(partition), int32(batch.length), batch);
    }
  }
  return Buffer.concat(parts);
}

/** One FETCH to one broker, for the partitions that it leads, from their offsets on. */
export async function fetch(
  broker: Broker,
  topic: string,
  positions: ReadonlyMap<number, number>,
  limits: { waitMs: number; bytesMin: number; partitionBytesMax: number; bytesMax: number },
): Promise<ReadonlyMap<number, Fetched>> {
  const partitions = [...positions].map(([partition, offset]) => ({
    partition,
    fetchOffset: String(offset),
    maxBytes: limits.partitionBytesMax,
  }));
  const decoding = rewired(broker, (exchange) => {
    if (exchange.request.apiVersion !== FETCH_VERSION) throw tooOld();
    const decode = async (answer: Buffer): Promise<unknown> => decodeFetched(answer, topic, positions);
    return { ...exchange, response: { ...exchange.response, decode } };
  });
  const { responses } = (await decoding.fetch({
    maxWaitTime: limits.waitMs,
    minBytes: limits.bytesMin,
    maxBytes: limits.bytesMax,
    topics: [{ topic, partitions }],
  })) as ReturnType<typeof decodeFetched>;
  return new Map(responses.flatMap(({ partitions: parts }) => parts.map((part) => [part.partition, part.fetched])));
}

/** The newest that kafkajs speaks, and so what it settles on with every broker from Kafka 2.3 on. */
const FETCH_VERSION = 11;

const tooOld = (): LogRefused =>
  new LogRefused('log-unreadable', 'The broker is older than Kafka 2.3, which is needed.');

/** The answer to a FETCH of version 11 about one topic, in the shape in which kafkajs looks for errors and throttling. */
function decodeFetched(answer: Buffer, topic: string, positions: ReadonlyMap<number, number>) {
  const reader = new Reader(answer);
  const clientSideThrottleTime = reader.int32();
  // An error of fetch sessions, which nobody asked for, and the session.
  reader.skip(2 + 4);
  const partitions = [];
  for (let topics = reader.int32(); topics > 0; topics -= 1) {
    reader.skip(reader.int16());
    for (let left = reader.int32(); left > 0; left -= 1) {
      const partition = reader.int32();
      const errorCode = reader.int16();
      // The high watermark, the last stable and the first offset; aborted transactions; another replica to read from.
      reader.skip(8 + 8 + 8);
      reader.skip(16 * Math.max(0, reader.int32()));
      reader.skip(4);
      const batches = reader.bytes(Math.max(0, reader.int32()));
      const fetched = decodeBatches(batches, topic, partition, positions.get(partition) ?? 0);
      partitions.push({ partition, errorCode, fetched });
    }
  }
  return { throttleTime: 0, clientSideThrottleTime, responses: [{ topicName: topic, partitions }] };
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
