import type { Schemas, TopicRecord } from '@throughline/schemas/load';
import { parkedTopic, type Topic } from '@throughline/schemas/topics';

/** `docs/asyncapi.json`: the topics as AsyncAPI 3, for tools that read one: who sends and receives what, with which key and headers. */
export function renderAsyncApi(topics: readonly Topic[], schemas: Schemas): string {
  const channels = topics.map((topic) => channelOn(topic, topics, schemas));
  const payloads = [...schemas.topics].flatMap(([topic, records]) =>
    [...records].map(([name, { schema }]) => [`${topic}.${name}`, { schemaFormat: AVRO, schema }]),
  );
  const document = {
    asyncapi: '3.0.0',
    info: { title: 'Throughline', version: '1.0.0', description: ABOUT, license: { name: 'Apache-2.0' } },
    defaultContentType: CONTENT_TYPE,
    servers: { cluster: CLUSTER },
    channels: Object.fromEntries(channels.map((channel) => [channel.topic.name, channelObject(channel)])),
    operations: Object.fromEntries(topics.flatMap(operationsOn)),
    components: {
      messages: Object.fromEntries(channels.flatMap(messagesOf)),
      schemas: { Headers: HEADERS, ParkedHeaders: PARKED_HEADERS, ...Object.fromEntries(payloads) },
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

const CONTENT_TYPE = 'application/avro';
const AVRO = 'application/vnd.apache.avro+json;version=1.9.0';
const KAFKA_BINDING = '0.5.0';

const ABOUT = [
  'Written by `pnpm generate` from `schemas/avro` and `schemas/src/topics.ts`; the `.avsc` files are the contract.',
  'docs/topics.md says the same in words, and what a subscriber has to know: order holds per key, entries of a case are numbered without',
  'gaps, number 0 marks a control record, a record may come twice, and who subscribes passes by the load policy.',
].join(' ');

const CLUSTER = {
  host: '{brokers}',
  protocol: 'kafka',
  variables: { brokers: { default: '127.0.0.1:9092', description: 'What KAFKA_BROKERS says.' } },
  bindings: { kafka: { schemaRegistryVendor: 'confluent', bindingVersion: KAFKA_BINDING } },
};

/** A topic with the records on it. */
interface Channel {
  readonly topic: Topic;
  /** Where its records are described: itself, or the topic whose parked records it holds. */
  readonly source: Topic;
  readonly records: ReadonlyMap<string, TopicRecord>;
}

function channelOn(topic: Topic, topics: readonly Topic[], schemas: Schemas): Channel {
  const source = topics.find(({ name }) => parkedTopic(name) === topic.name) ?? topic;
  return { topic, source, records: schemas.topics.get(source.name) ?? new Map() };
}

const channelObject = ({ topic, records }: Channel) => ({
  address: topic.name,
  description: topic.purpose,
  servers: [{ $ref: '#/servers/cluster' }],
  messages: Object.fromEntries(
    [...records.keys()].map((name) => [name, { $ref: `#/components/messages/${topic.name}.${name}` }]),
  ),
  bindings: { kafka: { topic: topic.name, partitions: topic.partitions, bindingVersion: KAFKA_BINDING } },
});

const messagesOf = ({ topic, source, records }: Channel) =>
  [...records].map(([name, { shape }]) => [
    `${topic.name}.${name}`,
    {
      name,
      title: name,
      summary: shape.doc,
      contentType: CONTENT_TYPE,
      headers: { $ref: `#/components/schemas/${source === topic ? 'Headers' : 'ParkedHeaders'}` },
      payload: { $ref: `#/components/schemas/${source.name}.${name}` },
      bindings: {
        kafka: {
          key: { type: 'string', description: KEYS[source.key] },
          schemaIdLocation: 'payload',
          schemaIdPayloadEncoding: 'confluent',
          schemaLookupStrategy: 'TopicRecordNameStrategy',
          bindingVersion: KAFKA_BINDING,
        },
      },
    },
  ]);

const KEYS: Readonly<Record<Topic['key'], string>> = {
  'case id': 'The id of the case that it is about.',
  'identity shard': 'The shard of identity-resolution: one for each brand.',
  'as the source': 'The key of the record that it is a copy of.',
};

/** Who writes to the topic and who reads it, one operation each. */
const operationsOn = (topic: Topic) => [
  ...topic.writers.map((who) => operationOf('send', who, topic)),
  ...topic.readers.map((who) => operationOf('receive', who, topic)),
];

const operationOf = (action: 'send' | 'receive', who: string, { name }: Topic) => [
  `${who.replaceAll(' ', '-')}.${action}.${name}`,
  { action, channel: { $ref: `#/channels/${name}` }, tags: [{ name: who }] },
];

const text = (description: string) => ({ type: 'string', description });

/** CloudEvents 1.0, Kafka protocol binding, binary mode. */
const HEADERS = {
  type: 'object',
  description: "CloudEvents 1.0 in Kafka's binary mode.",
  required: ['ce_specversion', 'ce_id', 'ce_type', 'ce_source', 'ce_subject', 'ce_time', 'traceparent', 'content-type'],
  properties: {
    ce_specversion: { const: '1.0' },
    ce_id: text('Derived from what the record says: the same thing said twice has one id.'),
    ce_type: text('Name of the record.'),
    ce_source: text('`<processor>/<partition>`, or the name of the service.'),
    ce_sequence: {
      ...text('Only on what processors send: rises by one per source; one that does not was delivered again.'),
      pattern: '^\\d+$',
    },
    ce_subject: text('The case or contact that it is about.'),
    ce_time: { ...text('RFC 3339, UTC, milliseconds.'), format: 'date-time' },
    traceparent: text('W3C trace context.'),
    'content-type': { const: CONTENT_TYPE },
  },
};

const PARKED_HEADERS = {
  description: 'Those of the record as it came, which may be wrong or missing, and where and why it was parked.',
  type: 'object',
  required: ['parked_reason', 'parked_partition', 'parked_offset'],
  properties: {
    ...HEADERS.properties,
    parked_reason: text('Why; holds no protected value.'),
    parked_partition: { ...text('Where it was.'), pattern: '^\\d+$' },
    parked_offset: { ...text('Where it was.'), pattern: '^\\d+$' },
  },
};
