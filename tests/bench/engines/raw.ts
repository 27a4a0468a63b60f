import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { pause } from './place.ts';

const VALUE_BYTES = 400;
const PARTITIONS = 4;
/** Not measured: links are made with the first records. */
const WARM_UP = 20;

/** Milliseconds from producing a record, acks=-1, to consuming it, with kafkajs alone, at a steady rate. */
export async function rawTimes(options: {
  readonly brokers: string;
  readonly perSecond: number;
  readonly records: number;
}): Promise<readonly number[]> {
  const { brokers, perSecond, records } = options;
  const topic = `raw-${randomUUID()}`;
  const kafka = new Kafka({ clientId: 'raw', brokers: [brokers], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: PARTITIONS, replicationFactor: 1 }] });
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  const consumer = kafka.consumer({ groupId: topic, allowAutoTopicCreation: false });
  await producer.connect();
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  const times: number[] = [];
  const joined = new Promise<void>((resolve) => consumer.on(consumer.events.GROUP_JOIN, () => resolve()));
  await consumer.run({
    partitionsConsumedConcurrently: PARTITIONS,
    eachMessage: async ({ message }) => {
      times.push(performance.now() - (message.value?.readDoubleBE(0) ?? Number.NaN));
    },
  });
  await joined;
  const all = WARM_UP + records;
  const startMs = performance.now();
  const sent: Promise<unknown>[] = [];
  while (sent.length < all) {
    const due = Math.min(all, ((performance.now() - startMs) / 1000) * perSecond);
    while (sent.length < due) {
      const value = Buffer.alloc(VALUE_BYTES, 'x');
      value.writeDoubleBE(performance.now(), 0);
      sent.push(producer.send({ topic, acks: -1, messages: [{ key: `key-${sent.length}`, value }] }));
    }
    await pause(1);
  }
  await Promise.all(sent);
  while (times.length < all) await pause(1);
  await consumer.disconnect();
  await producer.disconnect();
  await admin.deleteTopics({ topics: [topic] });
  await admin.disconnect();
  return times.slice(WARM_UP);
}
