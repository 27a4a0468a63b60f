import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Codec, type Message, Undecodable } from '@throughline/kernel/envelope';
import type { Clock, LogRecord } from '@throughline/kernel/ports';
import { realClock as clock } from '@throughline/platform/world';
import { publishSchemas } from '@throughline/registry/publish';
import { openRegistryIds } from '@throughline/registry/registry-ids';
import { createCodec } from '@throughline/schemas/codec';
import { loadSchemas, type Schemas } from '@throughline/schemas/load';
import { anyMessage } from '@throughline/schemas/testing/arbitrary';
import { memoryKeyring } from '@throughline/schemas/testing/memory-keyring';
import { CASE_INPUTS } from '@throughline/schemas/topics';
import { expect } from 'chai';
import fc from 'fast-check';
import { keepingReporter } from '../contract/embedded-place.ts';
import { openRegistryPlace, type RegistryPlace } from './registry-place.ts';

const RECORD = 'CustomerSaid';
const SUBJECT = `${CASE_INPUTS}-io.throughline.${RECORD}`;

/** The contract as it is, but for one field of one record. */
function contractWith(added: object): Schemas {
  const folder = mkdtempSync(join(tmpdir(), 'throughline-avro-'));
  try {
    cpSync(join(import.meta.dirname, '..', '..', 'schemas', 'avro'), folder, { recursive: true });
    const file = join(folder, CASE_INPUTS, `${RECORD}.avsc`);
    const schema = JSON.parse(readFileSync(file, 'utf8')) as { readonly fields: readonly object[] };
    writeFileSync(file, JSON.stringify({ ...schema, fields: [added, ...schema.fields] }));
    return loadSchemas(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const older = loadSchemas();
const newer = contractWith({ name: 'mood', type: ['null', 'string'], default: null, doc: 'How the customer sounds.' });

const body = {
  contactId: 'ctc_1',
  caseId: 'case_1',
  turn: {
    inputId: 'in_1',
    text: 'Where is my order?',
    kind: 'said',
    atMs: 1_000,
    codeProofs: [],
    masked: [],
    attachments: [],
  },
};
const said: Message = {
  topic: CASE_INPUTS,
  key: 'case_1',
  id: 'said-1',
  type: RECORD,
  source: 'chat-gateway',
  subject: 'case_1',
  timeMs: 1_000,
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  body,
};

const logged = (codec: Codec, message: Message): LogRecord => ({ ...codec.encode(message), partition: 0, offset: 0 });

const refusalOf = (run: Promise<unknown>): Promise<unknown> =>
  run.then(
    () => undefined,
    (refusal: unknown) => refusal,
  );

describe('the schema registry', function () {
  this.timeout(60_000);
  let place: RegistryPlace;
  let registry: RegistryPlace['registry'];
  const publish = (schemas: Schemas) => publishSchemas({ url: registry.url, schemas, clock });
  const start = async (schemas: Schemas, time: Clock = clock): Promise<Codec> => {
    const reporter = keepingReporter();
    const ids = await openRegistryIds({ url: registry.url, schemas, clock: time, reporter });
    return createCodec({ keyring: memoryKeyring(), schemas, ids });
  };
  const read = async (codec: Codec, record: LogRecord): Promise<unknown> => {
    await codec.prepare([record]);
    return codec.decode(record).body;
  };

  beforeEach(async () => {
    place = await openRegistryPlace();
    registry = place.registry;
  });
  afterEach(() => place.close());

  it('has every schema after the first publication, and nothing new after the second', async () => {
    const first = await publish(older);
    expect(first.filter(({ isNew }) => !isNew)).to.deep.equal([]);
    expect(first).to.have.length([...older.topics.values()].reduce((sum, records) => sum + records.size, 0));
    expect(await publish(older)).to.deep.equal(first.map((one) => ({ ...one, isNew: false })));
    const changed = (await publish(newer)).filter(({ isNew }) => isNew);
    expect(changed.map(({ subject }) => subject)).to.deep.equal([SUBJECT]);
  });

  it('holds each subject to FULL_TRANSITIVE, and publication stops where one is held to less', async () => {
    await publish(older);
    const config = `${registry.url}/config/${encodeURIComponent(SUBJECT)}`;
    expect(await (await fetch(config)).json()).to.deep.equal({ compatibilityLevel: 'FULL_TRANSITIVE' });
    await fetch(config, { method: 'PUT', body: JSON.stringify({ compatibility: 'NONE' }) });
    const refusal = await refusalOf(publish(older));
    expect(refusal).to.have.property('code', 'registration-refused');
    expect(String(refusal)).to.include(SUBJECT).and.include('FULL_TRANSITIVE != NONE');
  });

  it('lets no service start before its schemas are published', async () => {
    const nothing = await refusalOf(start(older));
    expect(nothing).to.have.property('code', 'schema-not-registered');
    await publish(older);
    const another = await refusalOf(start(newer));
    expect(String(another)).to.match(/Another schema than .* is registered as .*CustomerSaid at .*schemas publish/);
    await publish(newer);
    await start(newer);
  });

  it('gives every record ids under which it is read again', async () => {
    await publish(older);
    const [writer, reader] = [await start(older), await start(older)];
    await fc.assert(
      fc.asyncProperty(anyMessage(older, fc.string()), async (message) => {
        expect(await read(reader, logged(writer, message))).to.deep.equal(message.body);
      }),
      { numRuns: 200 },
    );
  });

  it('lets two versions of a service read each other side by side', async () => {
    await publish(older);
    const old = await start(older);
    await publish(newer);
    const [fresh, restarted] = [await start(newer), await start(older)];
    const fromFresh = logged(fresh, { ...said, body: { ...body, mood: 'calm' } });
    for (const codec of [old, restarted]) {
      expect(await read(codec, fromFresh)).to.deep.equal(body);
      expect(await read(fresh, logged(codec, said))).to.deep.equal({ ...body, mood: null });
    }
  });

  it('is asked again after a minute for an id that it did not have', async () => {
    await publish(older);
    let nowMs = 0;
    const codec = await start(older, { ...clock, nowMs: () => nowMs });
    const elsewhere = await openRegistryPlace();
    try {
      await publishSchemas({ url: elsewhere.registry.url, schemas: older, clock });
      await publishSchemas({ url: elsewhere.registry.url, schemas: newer, clock });
      const ids = await openRegistryIds({
        url: elsewhere.registry.url,
        schemas: newer,
        clock,
        reporter: keepingReporter(),
      });
      const stranger = createCodec({ keyring: memoryKeyring(), schemas: newer, ids });
      const record = logged(stranger, { ...said, body: { ...body, mood: 'calm' } });
      expect(await refusalOf(read(codec, record))).to.be.instanceOf(Undecodable);
      await publish(newer);
      expect(await refusalOf(read(codec, record))).to.be.instanceOf(Undecodable);
      nowMs += 60_000;
      expect(await read(codec, record)).to.deep.equal(body);
    } finally {
      await elsewhere.close();
    }
  });

  for (const way of ['killed', 'paused'] as const) {
    it(`may be ${way} after the start: only the first record of a new schema waits for it`, async () => {
      await publish(older);
      const old = await start(older);
      await publish(newer);
      const [fresh, other] = [await start(newer), await start(newer)];
      const fromFresh = logged(fresh, { ...said, body: { ...body, mood: 'calm' } });
      await (way === 'killed' ? registry.kill() : registry.pause());
      expect(await read(old, logged(old, said))).to.deep.equal(body);
      expect(await read(other, fromFresh)).to.deep.equal({ ...body, mood: 'calm' });
      expect(await refusalOf(old.prepare([fromFresh]))).to.have.property('code', 'registry-unreachable');
      await (way === 'killed' ? registry.start() : registry.resume());
      expect(await read(old, fromFresh)).to.deep.equal(body);
    });
  }
});
