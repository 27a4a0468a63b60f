import { randomUUID } from 'node:crypto';
import type { TopicShape } from '@throughline/kernel/ports';
import { openKafkaLog } from '@throughline/log-kafka/log';
import { applyTopics, checkTopics } from '@throughline/log-kafka/topics';
import { realClock as clock } from '@throughline/platform/world';
import { expect } from 'chai';
import kafkajs from 'kafkajs';
import { rejectionOf } from '../contract/waiting.ts';
import { keepingReporter } from './kafka-place.ts';
import { runningEngines } from './running.ts';

/** A topic of its own for each test. */
async function setting() {
  const brokers = [(await runningEngines()).kafka.brokers];
  const client = { brokers, clientId: 'tests', reporter: keepingReporter() };
  const name = `topics.${randomUUID().slice(0, 8)}`;
  const wanted = { ...client, replicationFactor: 1, minInSyncReplicas: 1, topics: [{ name, partitions: 2 }] };
  const open = (topics: readonly TopicShape[]) => openKafkaLog({ ...client, topics, clock, onFatal: () => undefined });
  return { name, wanted, open };
}

describe('the topics on Kafka', () => {
  it('are made once, keep records for ever, and are then as they should be', async () => {
    const { name, wanted } = await setting();
    expect(await checkTopics(wanted)).to.deep.equal([`Topic ${name} is missing.`]);
    expect(await applyTopics(wanted)).to.deep.equal([`Topic ${name} was made, with 2 partitions.`]);
    expect(await checkTopics(wanted)).to.deep.equal([]);
    expect(await applyTopics(wanted)).to.deep.equal([]);
    expect(await checkTopics({ ...wanted, retentionMs: 60_000 })).to.deep.equal([
      `Topic ${name} has retention.ms -1 and should have 60000.`,
    ]);
  });

  it('are told apart from what they should be, difference by difference', async () => {
    const { name, wanted } = await setting();
    await applyTopics(wanted);
    const other = { ...wanted, replicationFactor: 3, minInSyncReplicas: 2, topics: [{ name, partitions: 5 }] };
    expect(await checkTopics(other)).to.deep.equal([
      `Topic ${name} has 2 partitions and should have 5.`,
      `Topic ${name} keeps 1 copies and should keep 3.`,
      `Topic ${name} has min.insync.replicas 1 and should have 2.`,
    ]);
  });

  it('are put right without touching what somebody else has set', async () => {
    const { name, wanted } = await setting();
    await applyTopics(wanted);
    const admin = new kafkajs.Kafka({ clientId: 'tests', brokers: wanted.brokers }).admin();
    const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name };
    const settings = { 'retention.ms': '1000', 'segment.ms': '777777' };
    const configEntries = Object.entries(settings).map(([setting, value]) => ({ name: setting, value }));
    await admin.connect();
    await admin.alterConfigs({ validateOnly: false, resources: [{ ...resource, configEntries }] });
    expect(await applyTopics(wanted)).to.deep.equal([`Topic ${name} has retention.ms -1 now.`]);
    const described = await admin.describeConfigs({ resources: [resource], includeSynonyms: false });
    await admin.disconnect();
    const found = described.resources[0]?.configEntries.find(({ configName }) => configName === 'segment.ms');
    expect(found?.configValue).to.equal('777777');
    expect(await checkTopics(wanted)).to.deep.equal([]);
  });

  it('are refused by the log where they are missing or have other partitions', async () => {
    const { name, wanted, open } = await setting();
    const missing = await rejectionOf(open(wanted.topics));
    expect(missing).to.include({ code: 'log-topics-differ' });
    expect(String(missing)).to.include(`Topic ${name} is missing: \`pnpm throughline topics apply\``);
    await applyTopics(wanted);
    const more = await rejectionOf(open([{ name, partitions: 3 }]));
    expect(String(more)).to.include(`Topic ${name} has 2 partitions and should have 3`);
  });

  it('cannot be looked at where no broker answers, and the refusal says where it asked', async () => {
    const { wanted } = await setting();
    const refusal = await rejectionOf(checkTopics({ ...wanted, brokers: ['127.0.0.1:1'] }));
    expect(refusal).to.include({ code: 'log-unreachable' });
    expect(String(refusal)).to.include('127.0.0.1:1');
  });
});
