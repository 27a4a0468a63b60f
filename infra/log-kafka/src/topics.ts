import type { TopicShape } from '@throughline/kernel/ports';
import kafkajs, { type Admin } from 'kafkajs';
import { type ClientOptions, kafkaClient } from './cluster.ts';
import { unreachable } from './refusals.ts';

export interface TopicOptions extends ClientOptions {
  readonly topics: readonly TopicShape[];
  /** Copies of every record; 3 in production. */
  readonly replicationFactor: number;
  /** Copies that a record must have before its append is acknowledged; 2 of 3 in production. */
  readonly minInSyncReplicas: number;
  /** How long records are kept; for ever unless said. */
  readonly retentionMs?: number;
}

const FOR_EVER = -1;
const TOPIC = kafkajs.ConfigResourceTypes.TOPIC;
/** Where Kafka says that a setting comes from: it was made for this topic. */
const OF_THE_TOPIC = kafkajs.ConfigSource.TOPIC_CONFIG;

/** What is checked and set of each topic, besides its partitions and replicas. */
const settingsOf = ({ minInSyncReplicas, retentionMs = FOR_EVER }: TopicOptions): Readonly<Record<string, string>> => ({
  'cleanup.policy': 'delete',
  'retention.ms': String(retentionMs),
  // A limit by size would delete what is to be kept for ever.
  'retention.bytes': String(FOR_EVER),
  'min.insync.replicas': String(minInSyncReplicas),
});

/**
 * Makes the topics that are missing and sets what is set otherwise. Resolves to one sentence for each thing that it did.
 * Partitions and replicas of a topic that is there are never touched: `checkTopics` tells of them.
 */
export async function applyTopics(options: TopicOptions): Promise<readonly string[]> {
  return asAdmin(options, async (admin) => {
    const there = new Set(await admin.listTopics());
    const missing = options.topics.filter(({ name }) => !there.has(name));
    const configEntries = Object.entries(settingsOf(options)).map(([name, value]) => ({ name, value }));
    const topics = missing.map(({ name, partitions }) => ({
      topic: name,
      numPartitions: partitions,
      replicationFactor: options.replicationFactor,
      configEntries,
    }));
    if (topics.length > 0) await admin.createTopics({ topics, waitForLeaders: true });
    const present = options.topics.filter(({ name }) => there.has(name));
    const changed = await alter(admin, options, present);
    return [
      ...missing.map(({ name, partitions }) => `Topic ${name} was made, with ${partitions} partitions.`),
      ...changed,
    ];
  });
}

/** One sentence for each difference between the topics as they are and as they should be; none where all is well. */
export async function checkTopics(options: TopicOptions): Promise<readonly string[]> {
  return asAdmin(options, async (admin) => {
    const there = new Set(await admin.listTopics());
    const missing = options.topics.filter(({ name }) => !there.has(name));
    const present = options.topics.filter(({ name }) => there.has(name));
    const metadata = await admin.fetchTopicMetadata({ topics: present.map(({ name }) => name) });
    const shapes = present.flatMap(({ name, partitions }) => {
      const found = metadata.topics.find((topic) => topic.name === name)?.partitions ?? [];
      const replicas = Math.min(...found.map((partition) => partition.replicas.length));
      return [
        ...differing(
          found.length,
          partitions,
          (is, should) => `Topic ${name} has ${is} partitions and should have ${should}.`,
        ),
        ...differing(
          replicas,
          options.replicationFactor,
          (is, should) => `Topic ${name} keeps ${is} copies and should keep ${should}.`,
        ),
      ];
    });
    const wanted = settingsOf(options);
    const settings = (await current(admin, present)).flatMap(({ name, entries }) =>
      Object.entries(wanted).flatMap(([setting, should]) =>
        differing(
          entries.get(setting) ?? 'not set',
          should,
          (is) => `Topic ${name} has ${setting} ${is} and should have ${should}.`,
        ),
      ),
    );
    return [...missing.map(({ name }) => `Topic ${name} is missing.`), ...shapes, ...settings];
  });
}

function differing<T>(is: T, should: T, sentence: (is: T, should: T) => string): readonly string[] {
  return is === should ? [] : [sentence(is, should)];
}

interface Settings {
  readonly name: string;
  /** As they are in force. */
  readonly entries: ReadonlyMap<string, string>;
  /** Those that were made for this topic. */
  readonly own: ReadonlyMap<string, string>;
}

async function current(admin: Admin, topics: readonly TopicShape[]): Promise<readonly Settings[]> {
  if (topics.length === 0) return [];
  const resources = topics.map(({ name }) => ({ type: TOPIC, name }));
  const described = await admin.describeConfigs({ resources, includeSynonyms: false });
  return described.resources.map(({ resourceName, configEntries }) => ({
    name: resourceName,
    entries: new Map(configEntries.map(({ configName, configValue }) => [configName, configValue])),
    own: new Map(
      configEntries
        .filter(({ configSource }) => configSource === OF_THE_TOPIC)
        .map(({ configName, configValue }) => [configName, configValue]),
    ),
  }));
}

async function alter(admin: Admin, options: TopicOptions, present: readonly TopicShape[]): Promise<readonly string[]> {
  const wanted = Object.entries(settingsOf(options));
  const done: string[] = [];
  for (const { name, entries, own } of await current(admin, present)) {
    const changes = wanted.filter(([setting, value]) => entries.get(setting) !== value);
    if (changes.length === 0) continue;
    // The request replaces all that was set for the topic, so what somebody else has set goes along.
    const configEntries = [...new Map([...own, ...changes])].map(([setting, value]) => ({ name: setting, value }));
    await admin.alterConfigs({ validateOnly: false, resources: [{ type: TOPIC, name, configEntries }] });
    done.push(...changes.map(([setting, value]) => `Topic ${name} has ${setting} ${value} now.`));
  }
  return done;
}

async function asAdmin<T>(options: ClientOptions, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafkaClient(options).admin();
  try {
    await admin.connect().catch((error: unknown) => {
      throw unreachable(options.brokers, error);
    });
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}
