/** For the test of secured brokers: uses the log as a service whose KAFKA_* variables these are, and prints what it has read. */
import { openKafkaLog } from '@throughline/log-kafka/log';
import { readKafkaSecurity } from '@throughline/log-kafka/security';
import { applyTopics } from '@throughline/log-kafka/topics';
import { realClock as clock } from '@throughline/platform/world';
import { KEYS, record, TOPIC, textsOf, Witness } from '../contract/log-setting.ts';
import { textOf, until } from '../contract/waiting.ts';
import { keepingReporter } from './kafka-place.ts';

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

const read = readKafkaSecurity(process.env);
if ('problem' in read) throw new Error(read.problem);
const client = {
  brokers: [process.env.KAFKA_BROKERS ?? ''],
  clientId: 'tests',
  security: read.security,
  reporter: keepingReporter(),
  topics: [TOPIC],
};
try {
  await applyTopics({ ...client, replicationFactor: 1, minInSyncReplicas: 1 });
  const log = await openKafkaLog({
    ...client,
    clock,
    onFatal: (reason) => {
      throw reason;
    },
  });
  const seen: string[] = [];
  await log.tail(TOPIC.name, ({ value }) => seen.push(textOf(value)));
  const member = new Witness({ group: 'g' });
  await log.subscribe(member);
  await log.append(KEYS.map((key) => record(key, key)));
  await until('all is seen', () => seen.length === KEYS.length && member.records.length === KEYS.length, turn);
  await log.close();
  console.log(JSON.stringify({ tail: seen.sort(), member: textsOf(member.records).sort() }));
} catch (refusal) {
  console.log(JSON.stringify({ refusal: refusal instanceof Error ? refusal.message : 'unknown' }));
}
