import { randomUUID } from 'node:crypto';
import type { Log, LogRecord, OutgoingRecord, Reporter, TopicShape } from '@throughline/kernel/ports';
import { type KafkaLog, openKafkaLog } from '@throughline/log-kafka/log';
import { applyTopics } from '@throughline/log-kafka/topics';
import { realClock as clock } from '@throughline/platform/world';

/** Keeps what is reported, for the message of a test that fails. */
export function keepingReporter(): Reporter & { readonly reported: readonly string[] } {
  const reported: string[] = [];
  const keep = (event: string, detail?: Readonly<Record<string, unknown>>): void => {
    reported.push(`${event} ${JSON.stringify(detail ?? {})}`);
  };
  return { reported, info: keep, warn: keep, error: keep };
}

/** A log on topics that nobody else uses: the same names, each with an ending of its own behind them. */
export interface KafkaPlace {
  readonly brokers: string;
  /** The name of a topic as the broker knows it. */
  named(topic: string): string;
  /** The reasons for which the process would have stopped. */
  readonly fatal: readonly Error[];
  readonly reporter: ReturnType<typeof keepingReporter>;
  open(): Promise<KafkaLog>;
}

export async function newPlace(brokers: string, topics: readonly TopicShape[]): Promise<KafkaPlace> {
  const ending = `.${randomUUID().slice(0, 8)}`;
  const named = (topic: string): string => `${topic}${ending}`;
  const shapes = topics.map(({ name, partitions }) => ({ name: named(name), partitions }));
  const reporter = keepingReporter();
  const fatal: Error[] = [];
  const client = { brokers: [brokers], clientId: 'tests', reporter };
  await applyTopics({ ...client, topics: shapes, replicationFactor: 1, minInSyncReplicas: 1 });
  const onFatal = (reason: Error): void => {
    fatal.push(reason);
  };
  return {
    brokers,
    named,
    fatal,
    reporter,
    open: async () => renamed(await openKafkaLog({ ...client, topics: shapes, clock, onFatal }), named, ending),
  };
}

function renamed(log: KafkaLog, named: (topic: string) => string, ending: string): KafkaLog {
  const out = (record: OutgoingRecord): OutgoingRecord => ({ ...record, topic: named(record.topic) });
  const back = (record: LogRecord): LogRecord => ({ ...record, topic: record.topic.slice(0, -ending.length) });
  const renaming: Log = {
    append: (records) => log.append(records.map(out)),
    subscribe: (subscriber) =>
      log.subscribe({
        group: subscriber.group,
        topic: named(subscriber.topic),
        assigned: (partition) => subscriber.assigned(partition),
        batch: (partition, records) => subscriber.batch(partition, records.map(back)),
        revoked: (partition) => subscriber.revoked(partition),
      }),
    tail: (topic, onRecord) => log.tail(named(topic), (record) => onRecord(back(record))),
    read: async (topic, ...where) => (await log.read(named(topic), ...where)).map(back),
    ends: (topic) => log.ends(named(topic)),
  };
  return { ...renaming, close: () => log.close(), reachable: () => log.reachable() };
}
