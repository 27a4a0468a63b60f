import { partitionOf } from '@throughline/kernel/partitioner';
import type { Clock, Closable, Log, LogRecord, Reporter, TopicShape } from '@throughline/kernel/ports';
import type { Kafka } from 'kafkajs';
import {
  kafkaClient,
  kindOf,
  type Link,
  leaderOf,
  openLink,
  REQUEST_TIMEOUT_MS,
  recover,
  tenaciously,
} from './cluster.ts';
import { edge } from './fetching.ts';
import { createProducing, RUN_BYTES_MAX, type Run, sizeOf } from './producing.ts';
import { LogRefused, unreachable } from './refusals.ts';
import type { KafkaSecurity } from './security.ts';
import { subscribe } from './subscribing.ts';
import { tail } from './tailing.ts';
import { fetch, produce } from './wire.ts';

export interface KafkaLogOptions {
  /** `host:port` each. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly security?: KafkaSecurity;
  /** The topics that it may be asked for; they are made at deploy time. */
  readonly topics: readonly TopicShape[];
  readonly clock: Clock;
  readonly reporter: Reporter;
  /** Called where going on would skip or repeat records for good: the process is to stop, with this reason. */
  readonly onFatal: (reason: Error) => void;
}

export interface KafkaLog extends Log {
  /** Leaves all groups, lets what is being appended settle and disconnects. */
  close(): Promise<void>;
  /** Whether the brokers answer now. */
  reachable(): Promise<boolean>;
}

const READ_LIMITS = { waitMs: 0, bytesMin: 1, partitionBytesMax: 1_000_000, bytesMax: 1_000_000 } as const;
/** Brokers that take longer to answer are not reachable for whoever asks about it. */
const REACHABLE_MS = 2_000;

/**
 * The log on Kafka.
 * @throws LogRefused where a topic is not there or has another number of partitions: keys would change their partition.
 */
export async function openKafkaLog(options: KafkaLogOptions): Promise<KafkaLog> {
  const { topics, clock, reporter } = options;
  const kafka = kafkaClient(options);
  const link = await openMainLink(kafka, options);
  const shapes = new Map(topics.map(({ name, partitions }) => [name, partitions]));
  const producing = createProducing({
    leaderOf: (topic, partition) => leaderOf(link, topic, partition),
    produce: (leader, runs) => produceTo(link, leader, runs, clock.nowMs()),
    clock,
    reporter,
  });
  const open = new Set<Closable>();
  let isClosed = false;

  function partitionsOf(topic: string): number {
    if (isClosed) throw new LogRefused('log-closed', 'The log is closed: its process is ending.');
    const partitions = shapes.get(topic);
    if (partitions === undefined) throw new LogRefused('log-topic-unknown', `The log has no topic ${topic}.`);
    return partitions;
  }

  /** Keeps what `start` opens on a link of its own, so that `close` finds it. */
  async function reading(topic: string, start: (of: Link) => Promise<Closable>): Promise<Closable> {
    partitionsOf(topic);
    const own = openLink(kafka);
    try {
      await own.cluster.connect();
      await own.cluster.addTargetTopic(topic);
      const opened = await start(own);
      const entry: Closable = {
        async close() {
          if (!open.delete(entry)) return;
          await opened.close();
          await own.cluster.disconnect();
        },
      };
      open.add(entry);
      return entry;
    } catch (error) {
      await own.cluster.disconnect();
      throw error;
    }
  }

  return {
    async append(records) {
      const addressed = records.map((record) => {
        assertFits(record.topic, sizeOf(record));
        return { record, partition: partitionOf(record.key, partitionsOf(record.topic)) };
      });
      return producing.append(addressed);
    },
    subscribe: (subscriber) =>
      reading(subscriber.topic, (own) => subscribe({ ...options, link: own, topic: subscriber.topic, subscriber })),
    tail: (topic, onRecord) => reading(topic, (own) => tail({ ...options, link: own, topic }, onRecord)),
    async read(topic, partition, fromOffset, limit) {
      if (partition >= partitionsOf(topic)) return [];
      return tenaciously(link, () => readSome(link, topic, partition, fromOffset, limit));
    },
    async ends(topic) {
      const partitions = partitionsOf(topic);
      const ends = await tenaciously(link, () => edge(link, topic, false));
      return Array.from({ length: partitions }, (_, partition) => ends.get(partition) ?? 0);
    },
    reachable() {
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const cancel = clock.after(REACHABLE_MS, () => resolve(false));
      link.cluster.refreshMetadata().then(
        () => resolve(true),
        () => resolve(false),
      );
      return promise.finally(cancel);
    },
    async close() {
      // First the groups: a batch that still runs appends what follows from it.
      await Promise.all([...open].map((each) => each.close()));
      isClosed = true;
      await producing.settled();
      await link.cluster.disconnect();
    },
  };
}

async function openMainLink(kafka: Kafka, { brokers, topics }: KafkaLogOptions): Promise<Link> {
  const link = openLink(kafka);
  try {
    await link.cluster.connect();
  } catch (error) {
    throw unreachable(brokers, error);
  }
  try {
    for (const { name, partitions } of topics) {
      const found = await partitionsIn(link, name);
      if (found !== partitions) throw new LogRefused('log-topics-differ', differing(name, partitions, found));
    }
    return link;
  } catch (error) {
    await link.cluster.disconnect();
    throw error;
  }
}

async function partitionsIn(link: Link, topic: string): Promise<number> {
  try {
    await link.cluster.addTargetTopic(topic);
    return link.cluster.findTopicPartitionMetadata(topic).length;
  } catch (error) {
    if (kindOf(error) === 'UNKNOWN_TOPIC_OR_PARTITION') return 0;
    throw error;
  }
}

const differing = (topic: string, should: number, is: number): string =>
  is === 0
    ? `Topic ${topic} is missing: \`pnpm throughline topics apply\` makes it.`
    : `Topic ${topic} has ${is} partitions and should have ${should}, which cannot be changed: keys would move. \`pnpm throughline topics check\` says more.`;

async function produceTo(
  link: Link,
  leader: string | undefined,
  runs: readonly Run[],
  nowMs: number,
): Promise<readonly number[]> {
  try {
    await link.cluster.refreshMetadataIfNecessary();
    if (leader === undefined) throw new Error('The leader is not known.');
    const broker = await link.cluster.findBroker({ nodeId: leader });
    return await produce(broker, runs, { timeoutMs: REQUEST_TIMEOUT_MS, nowMs });
  } catch (error) {
    // The next attempt asks whoever leads then; what is wrong is said by this one.
    await recover(link, error).catch(() => undefined);
    throw error;
  }
}

function assertFits(topic: string, bytes: number): void {
  if (bytes <= RUN_BYTES_MAX) return;
  throw new LogRefused(
    'log-record-too-large',
    `A record for ${topic} takes ${bytes} bytes, and ${RUN_BYTES_MAX} is the most: keep large content in the blobs.`,
  );
}

async function readSome(link: Link, topic: string, partition: number, from: number, limit: number) {
  const end = (await edge(link, topic, false)).get(partition) ?? 0;
  const records: LogRecord[] = [];
  for (let next = from; next < end && records.length < limit; ) {
    const broker = await link.cluster.findBroker({ nodeId: leaderOf(link, topic, partition) ?? '' });
    const positions = new Map([[partition, next]]);
    const part = (await fetch(broker, topic, positions, READ_LIMITS)).get(partition);
    if (part === undefined || part.next === next) break;
    records.push(...part.records);
    next = part.next;
  }
  return records.slice(0, limit);
}
