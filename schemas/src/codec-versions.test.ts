import { type Codec, Undecodable } from '@throughline/kernel/envelope';
import type { LogRecord } from '@throughline/kernel/ports';
import avro from 'avsc';
import { expect } from 'chai';
import { createCodec } from './codec.ts';
import { embeddedSchemaIds, type SchemaIds } from './registry.ts';
import { isObject } from './shape.ts';
import { bodyOf, logged, schemas, setUp, withProtectedField } from './testing/codec-setting.ts';
import { memoryKeyring } from './testing/memory-keyring.ts';

describe('codec', () => {
  describe("has writers' schemas at hand", () => {
    const { message } = withProtectedField();
    const { codec: writer, ids: written } = setUp();
    const record = logged(writer, message);
    const fetching = (fetch: SchemaIds['fetch']) => {
      const known = new Set<number>();
      const keyring = memoryKeyring();
      const ids: SchemaIds = {
        idOf: written.idOf,
        fetch: async (missing) => {
          await fetch(missing);
          for (const id of missing) known.add(id);
        },
        schemaOf: (id) => (known.has(id) ? written.schemaOf(id) : undefined),
      };
      return { keyring, codec: createCodec({ keyring, schemas, ids }) };
    };

    it('before their keys, asking once for each that it does not know', async () => {
      const asked: (readonly number[])[] = [];
      const { codec, keyring } = fetching(async (missing) => void asked.push(missing));
      await codec.prepare([record, { ...record, offset: 1 }]);
      await codec.prepare([{ ...record, offset: 2 }]);
      expect(asked).to.deep.equal([[written.idOf(message.topic, message.type)]]);
      expect([...keyring.fetched]).to.deep.equal(writer.keyIdsToEncode(message));
      expect(codec.decode(record)).to.deep.equal(message);
    });

    it('and asks nothing for what is none of its records', async () => {
      const { codec } = fetching(async () => {
        throw new Error('it asked');
      });
      await codec.prepare([
        { ...record, headers: { ...record.headers, ce_type: 'Foreign' } },
        { ...record, topic: 'foreign.v1' },
        { ...record, value: Buffer.from('{"not":"avro"}') },
      ]);
    });

    it('or says that there is an outage', async () => {
      const outage = new Error('the registry does not answer');
      const { codec } = fetching(async () => {
        throw outage;
      });
      const refusal = await codec.prepare([record]).catch((error: unknown) => error);
      expect(refusal).to.equal(outage);
    });
  });

  describe('of other versions', () => {
    const { message } = withProtectedField();
    const ours = schemas.topics.get(message.topic)?.get(message.type)?.schema;
    const fieldsOf = (schema: unknown): readonly unknown[] =>
      isObject(schema) && Array.isArray(schema.fields) ? schema.fields : [];

    /** The record as a writer with other fields wrote it. */
    const writtenWith = (
      fields: readonly unknown[],
      body: Record<string, unknown>,
    ): { codec: Codec; record: LogRecord } => {
      const schema = { ...(isObject(ours) ? ours : {}), fields };
      const topic = new Map(schemas.topics.get(message.topic));
      const shape = topic.get(message.type)?.shape;
      if (shape === undefined) throw new Error('the record is gone');
      const kept = shape.fields.filter(({ name }) => fields.some((field) => isObject(field) && field.name === name));
      const extra = fields.some((field) => isObject(field) && field.name === 'mood');
      const mood = { name: 'mood', doc: '-', shape: { kind: 'string', values: undefined } } as const;
      topic.set(message.type, { shape: { ...shape, fields: extra ? [...kept, mood] : kept }, schema });
      const theirs = { shared: schemas.shared, topics: new Map([[message.topic, topic]]) };
      const ids = embeddedSchemaIds({ schemas: theirs, known: [] });
      const writer = createCodec({ keyring: memoryKeyring(), schemas: theirs, ids });
      return { record: logged(writer, { ...message, body }), codec: setUp(ids.all()).codec };
    };

    it('reads a record that was written before an optional field came', () => {
      const optional = fieldsOf(ours).find((field) => isObject(field) && field.default === null);
      const name = isObject(optional) ? String(optional.name) : '';
      const { record, codec } = writtenWith(
        fieldsOf(ours).filter((field) => field !== optional),
        bodyOf(message),
      );
      expect(name).not.to.equal('');
      expect(codec.decode(record).body).to.deep.equal({ ...bodyOf(message), [name]: null });
    });

    it('passes over a field that a later version added', () => {
      const later = { name: 'mood', type: 'string', doc: 'A field of the future.' };
      const { record, codec } = writtenWith([...fieldsOf(ours), later], { ...bodyOf(message), mood: 'calm' });
      expect(codec.decode(record).body).to.deep.equal(bodyOf(message));
    });

    it('makes types and resolvers of a version once, however many records there are', () => {
      const later = { name: 'mood', type: 'string', doc: 'A field of the future.' };
      const { record, codec } = writtenWith([...fieldsOf(ours), later], { ...bodyOf(message), mood: 'calm' });
      const { createResolver } = avro.Type.prototype;
      const { forSchema } = avro.Type;
      let made = 0;
      avro.Type.prototype.createResolver = function (...args) {
        made += 1;
        return createResolver.apply(this, args);
      };
      avro.Type.forSchema = (...args) => {
        made += 1;
        return forSchema(...args);
      };
      try {
        codec.decode({ ...record });
        const first = made;
        codec.decode({ ...record, offset: 1 });
        codec.decode({ ...record, offset: 2 });
        expect(first).to.be.greaterThan(0);
        expect(made).to.equal(first);
      } finally {
        avro.Type.prototype.createResolver = createResolver;
        avro.Type.forSchema = forSchema;
      }
    });

    it('cannot read a version that nobody told it of', () => {
      const { record } = writtenWith(fieldsOf(ours).slice(1), bodyOf(message));
      expect(() => setUp().codec.decode(record)).to.throw(Undecodable, 'there is no schema');
    });
  });
});
