import { UNIT_INPUTS_MAX } from '@throughline/kernel/chunks';
import type { Closable } from '@throughline/kernel/ports';
import type { MongoConnection } from '@throughline/mongo/connect';
import { writeGuarded } from '@throughline/mongo/operations';
import { rowsOf, type StoredRow } from '@throughline/store-mongo/models';
import { rowWrites } from '@throughline/store-mongo/rows';
import { type EachBatchPayload, Kafka, type KafkaMessage, logLevel } from 'kafkajs';
import { type HopTopics, PARTITIONS } from './hop.ts';

/** Writes what a batch of one partition leads to. */
export type WriteBatch = (partition: number, messages: readonly KafkaMessage[]) => Promise<void>;

/**
 * What somebody would write without the kernel: consumes with kafkajs, writes, produces the same bytes with acks=-1, in as
 * large batches as the kernel's. Nothing is decided, fenced or checked for being there twice. Resolves once it has joined.
 */
export async function runPlain(options: {
  readonly brokers: string;
  readonly group: string;
  readonly topics: HopTopics;
  readonly write: WriteBatch;
}): Promise<Closable> {
  const { brokers, group, topics, write } = options;
  const kafka = new Kafka({ clientId: group, brokers: [brokers], logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  const consumer = kafka.consumer({ groupId: group, allowAutoTopicCreation: false });
  await producer.connect();
  await consumer.connect();
  await consumer.subscribe({ topics: [topics.in], fromBeginning: true });
  const joined = new Promise<void>((resolve) => consumer.on(consumer.events.GROUP_JOIN, () => resolve()));
  const eachBatch = async ({ batch, heartbeat }: EachBatchPayload): Promise<void> => {
    for (let from = 0; from < batch.messages.length; from += UNIT_INPUTS_MAX) {
      const part = batch.messages.slice(from, from + UNIT_INPUTS_MAX);
      await write(batch.partition, part);
      const messages = part.map(({ key, value, headers = {} }) => ({ key, value, headers }));
      await producer.sendBatch({ acks: -1, topicMessages: [{ topic: topics.out, messages }] });
      await heartbeat();
    }
  };
  await consumer.run({ partitionsConsumedConcurrently: PARTITIONS, eachBatch });
  await joined;
  return {
    async close() {
      await consumer.disconnect();
      await producer.disconnect();
    },
  };
}

/** Writes the documents that the hop writes, with the bulkWrite that the store uses. */
export function plainDocuments(connection: MongoConnection): WriteBatch {
  const collection = connection.database.collection<StoredRow>(rowsOf(connection, 'plain').collection.name);
  const counts = new Map<string, number>();
  let number = 0;
  return async (partition, messages) => {
    for (const { key } of messages) counts.set(String(key), (counts.get(String(key)) ?? 0) + 1);
    const documents = [...new Set(messages.map(({ key }) => String(key)))].map((id) => ({
      kind: 'count',
      id,
      body: Buffer.from(`\u0000${JSON.stringify({ count: counts.get(id) })}`),
      lists: [],
    }));
    number += 1;
    await writeGuarded(collection, rowWrites({ documents, timers: [] }, { partition, number }));
  };
}
