import { randomUUID } from 'node:crypto';
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import type { Message } from '@throughline/kernel/envelope';
import { realClock as clock } from '@throughline/platform/world';
import { publishSchemas } from '@throughline/registry/publish';
import { openRegistryIds } from '@throughline/registry/registry-ids';
import { createCodec } from '@throughline/schemas/codec';
import { loadSchemas } from '@throughline/schemas/load';
import type { RecordShape, Shape } from '@throughline/schemas/shape';
import { messageOf } from '@throughline/schemas/testing/arbitrary';
import { memoryKeyring } from '@throughline/schemas/testing/memory-keyring';
import { CASE_EVENTS } from '@throughline/schemas/topics';
import { expect } from 'chai';
import fc from 'fast-check';
import { type IHeaders, Kafka, logLevel } from 'kafkajs';
import { keepingReporter } from '../contract/embedded-place.ts';
import { newPlace } from './kafka-place.ts';
import { runningEngines } from './running.ts';

const schemas = loadSchemas();
const MARKER = 'PLAINTEXT';
const secret = fc.string({ unit: 'grapheme', maxLength: 20 }).map((rest) => MARKER + rest);

interface Seen {
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** All that somebody sees of a topic who knows where the brokers and the registry are, and nothing of ours. */
async function look(at: {
  brokers: string;
  registry: string;
  topic: string;
  records: number;
}): Promise<readonly Seen[]> {
  const registry = new SchemaRegistry({ host: at.registry });
  const kafka = new Kafka({ brokers: [at.brokers], logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `look-${randomUUID()}` });
  const seen: Seen[] = [];
  await consumer.connect();
  await consumer.subscribe({ topics: [at.topic], fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    const eachMessage = async ({
      message,
    }: {
      message: { key: Buffer | null; headers?: IHeaders; value: Buffer | null };
    }) => {
      try {
        const body: unknown = await registry.decode(message.value ?? Buffer.alloc(0));
        seen.push({ key: String(message.key), headers: texts(message.headers ?? {}), body });
        if (seen.length === at.records) resolve();
      } catch (error) {
        reject(error);
      }
    };
    consumer.run({ eachMessage }).catch(reject);
  }).finally(() => consumer.disconnect());
  return seen;
}

const texts = (headers: IHeaders): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

/** A body as it stands on the topic: protected text is bytes that do not hold it, everything else is what it was. */
function expectSealed(shape: Shape, plain: unknown, seen: unknown): void {
  if (shape.kind === 'protected') {
    expect(seen).to.be.instanceOf(Uint8Array);
    expect(Buffer.from(seen as Uint8Array).includes(MARKER)).to.equal(false);
    expect((seen as Uint8Array).length).to.be.greaterThan(0);
  } else if (plain === null) {
    expect(seen).to.equal(null);
  } else if (shape.kind === 'optional') {
    expectSealed(shape.of, plain, seen);
  } else if (shape.kind === 'record') {
    expectSealedRecord(schemas.shared.get(shape.name), plain, seen);
  } else if (shape.kind === 'array' || shape.kind === 'map') {
    expect(Object.keys(seen as object)).to.deep.equal(Object.keys(plain as object));
    for (const [name, value] of Object.entries(plain as object))
      expectSealed(shape.of, value, (seen as Record<string, unknown>)[name]);
  } else {
    expect(seen).to.equal(plain);
  }
}

function expectSealedRecord(shape: RecordShape | undefined, plain: unknown, seen: unknown): void {
  const [before, after] = [plain as Record<string, unknown>, seen as Record<string, unknown>];
  expect(Object.keys(after).sort()).to.deep.equal(Object.keys(before).sort());
  for (const field of shape?.fields ?? []) expectSealed(field.shape, before[field.name], after[field.name]);
}

describe('a reader of the ecosystem', function () {
  this.timeout(120_000);

  it('reads every record of a topic with the URL of the registry alone, protected fields as sealed bytes', async () => {
    const { kafka, registry } = await runningEngines();
    await publishSchemas({ url: registry.url, schemas, clock });
    const ids = await openRegistryIds({ url: registry.url, schemas, clock, reporter: keepingReporter() });
    const codec = createCodec({ keyring: memoryKeyring(), schemas, ids });
    const shapes = [...(schemas.topics.get(CASE_EVENTS)?.values() ?? [])].map(({ shape }) => shape);
    const messages = shapes
      .flatMap((shape): readonly Message[] =>
        fc.sample(messageOf(schemas, CASE_EVENTS, shape, secret), { numRuns: 3, seed: 11 }),
      )
      .map((message, index) => ({ ...message, id: `message-${index}` }));
    const place = await newPlace(kafka.brokers, [{ name: CASE_EVENTS, partitions: 1 }]);
    const log = await place.open();
    try {
      await log.append(messages.map((message) => codec.encode(message)));
    } finally {
      await log.close();
    }

    const topic = place.named(CASE_EVENTS);
    const seen = await look({ brokers: kafka.brokers, registry: registry.url, topic, records: messages.length });

    const byId = new Map(seen.map((one) => [one.headers.ce_id, one]));
    for (const message of messages) {
      const one = byId.get(message.id);
      expect(one?.key).to.equal(message.key);
      expect(one?.headers).to.include({
        ce_specversion: '1.0',
        ce_type: message.type,
        ce_source: message.source,
        ce_subject: message.subject,
        ce_time: new Date(message.timeMs).toISOString(),
        'content-type': 'application/avro',
      });
      expectSealedRecord(
        shapes.find(({ name }) => name === message.type),
        message.body,
        one?.body,
      );
    }
    expect(seen).to.have.length(messages.length);
  });
});
