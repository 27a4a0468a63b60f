import { ERASED, Undecodable } from '@throughline/kernel/envelope';
import type { LogRecord } from '@throughline/kernel/ports';
import { expect } from 'chai';
import fc from 'fast-check';
import { createCodec } from './codec.ts';
import { anyMessage, messageOf } from './testing/arbitrary.ts';
import { bodyOf, logged, MARKER, schemas, secret, setUp, withProtectedField } from './testing/codec-setting.ts';

describe('codec', () => {
  for (const [topic, records] of schemas.topics) {
    for (const [name, { shape }] of records) {
      it(`writes and reads ${name} of ${topic}, protected text never in the clear`, () => {
        const { codec } = setUp();
        fc.assert(
          fc.property(messageOf(schemas, topic, shape, secret), (message) => {
            const record = logged(codec, message);
            expect(Buffer.from(record.value).includes(MARKER)).to.equal(false);
            expect(codec.decode(record)).to.deep.equal(message);
          }),
          { numRuns: 25 },
        );
      });
    }
  }

  it('puts the CloudEvents attributes into headers', () => {
    const { codec } = setUp();
    const message = { ...withProtectedField().message, timeMs: Date.UTC(2026, 10, 23, 12, 30, 15, 7), sequence: 12 };
    expect(codec.encode(message).headers).to.deep.equal({
      ce_specversion: '1.0',
      ce_id: message.id,
      ce_type: message.type,
      ce_source: message.source,
      ce_subject: message.subject,
      ce_time: '2026-11-23T12:30:15.007Z',
      ce_sequence: '12',
      traceparent: message.traceparent,
      'content-type': 'application/avro',
    });
  });

  it('starts the value with a zero byte and the schema id, as Confluent does', () => {
    const { codec, ids } = setUp();
    const { message } = withProtectedField();
    const value = Buffer.from(codec.encode(message).value);
    expect([value[0], value.readUInt32BE(1)]).to.deep.equal([0, ids.idOf(message.topic, message.type)]);
  });

  it('names and fetches one key, that of the record, and only where something is sealed', async () => {
    await fc.assert(
      fc.asyncProperty(anyMessage(schemas, secret), async (message) => {
        const { codec, keyring } = setUp();
        const sealedBy = schemas.topics.get(message.topic)?.get(message.type)?.shape.sealedBy;
        const own = sealedBy === undefined ? [] : [`${sealedBy.scope}:${bodyOf(message)[sealedBy.path]}`];
        const keyIds = codec.keyIdsToEncode(message);
        expect(keyIds).to.deep.equal(JSON.stringify(message.body).includes(MARKER) ? own : []);
        await codec.prepare([logged(codec, message)]);
        expect([...keyring.fetched]).to.deep.equal(keyIds);
      }),
    );
  });

  describe('erasure', () => {
    it('reads a field whose key is destroyed as erased, and the rest as it was', async () => {
      const { codec, keyring } = setUp();
      const { message, field } = withProtectedField();
      const record = logged(codec, message);
      await codec.prepare([record]);
      for (const keyId of keyring.fetched) keyring.destroy(keyId);
      const body = bodyOf(codec.decode(record));
      expect(body[field]).to.equal(ERASED);
      expect(Object.keys(body)).to.deep.equal(Object.keys(bodyOf(message)));
    });

    it('writes what is erased already without any key', async () => {
      const { codec, keyring } = setUp();
      await fc.assert(
        fc.asyncProperty(anyMessage(schemas, fc.constant(ERASED)), async (message) => {
          const record = logged(codec, message);
          await codec.prepare([record]);
          expect([codec.keyIdsToEncode(message), [...keyring.fetched]]).to.deep.equal([[], []]);
          expect(codec.decode(record)).to.deep.equal(message);
        }),
      );
    });
  });

  describe('refuses to write', () => {
    const refused = (change: (body: Record<string, unknown>, field: string) => void): unknown => {
      const { codec } = setUp();
      const { message, field } = withProtectedField();
      const body = bodyOf(message);
      change(body, field);
      try {
        codec.encode({ ...message, body });
      } catch (error) {
        return error;
      }
      return undefined;
    };

    it('a field that is missing, naming it', () => {
      const error = refused((body, field) => delete body[field]);
      expect(error).to.have.property('code', 'body-unfit');
      expect(error).to.have.property('message', `${withProtectedField().field} is not a string`);
    });

    it('a value that does not fit, without quoting it', () => {
      const error = refused((body, field) => Object.assign(body, { [field]: { secret: 'four' } }));
      expect(error).to.have.property('code', 'body-unfit');
      expect(String(error)).not.to.include('four');
    });

    it('a number that Avro would change', () => {
      const { codec } = setUp();
      const [message] = fc.sample(
        anyMessage(schemas, secret).filter((message) => 'atMs' in bodyOf(message)),
        { numRuns: 1, seed: 3 },
      );
      if (message === undefined) throw new Error('no record has a time');
      for (const atMs of [2 ** 52, -(2 ** 52), 0.5, Number.NaN]) {
        expect(() => codec.encode({ ...message, body: { ...bodyOf(message), atMs } })).to.throw(
          'atMs is not an integer',
        );
      }
    });

    it('a protected field whose owner is not named', () => {
      const { message } = withProtectedField();
      const owner = schemas.topics.get(message.topic)?.get(message.type)?.shape.sealedBy?.path ?? '';
      const error = refused((body) => Object.assign(body, { [owner]: '' }));
      expect(error).to.have.property('message', `${owner} names no key`);
    });

    it('a record that is not in the contract', () => {
      expect(() => setUp().codec.encode({ ...withProtectedField().message, type: 'Surprise' })).to.throw(
        'is not in the contract',
      );
    });
  });

  describe('of records that are broken', () => {
    const { codec, keyring } = setUp();
    const { message, field } = withProtectedField();
    const record = logged(codec, message);
    const undecodable = (changed: Partial<LogRecord>, reason: string): void => {
      const read = () => codec.decode({ ...record, ...changed });
      expect(read).to.throw(Undecodable, reason);
    };

    for (const name of ['ce_specversion', 'ce_id', 'ce_type', 'ce_source', 'ce_subject', 'ce_time', 'content-type']) {
      it(`says that ${name} is missing`, () => {
        const { [name]: _, ...headers } = record.headers;
        undecodable({ headers }, name);
      });
    }

    it('says that a time or a sequence makes no sense', () => {
      undecodable({ headers: { ...record.headers, ce_time: 'yesterday' } }, 'ce_time');
      undecodable({ headers: { ...record.headers, ce_time: '9999-12-31T23:59:59-12:00' } }, 'ce_time');
      undecodable({ headers: { ...record.headers, ce_sequence: '-1' } }, 'ce_sequence');
    });

    it('does not know the schema id', () => {
      const value = Buffer.from(record.value);
      value.writeUInt32BE(1, 1);
      undecodable({ value }, 'there is no schema 1');
    });

    it('does not take one record for another', () => {
      const other = [...(schemas.topics.get(message.topic)?.keys() ?? [])].find((name) => name !== message.type) ?? '';
      undecodable({ headers: { ...record.headers, ce_type: other } }, 'cannot be read as the record');
    });

    it('does not open a field that was moved to another message', () => {
      undecodable({ headers: { ...record.headers, ce_id: 'another' } }, `the seal of ${field} is broken`);
    });

    it('does not take a field that is sealed for somebody else', () => {
      const stranger = createCodec({
        keyring: { ...keyring, seal: (_, plain, context) => keyring.seal('case:of-somebody-else', plain, context) },
        schemas,
        ids: setUp().ids,
      });
      expect(() => codec.decode(logged(stranger, message))).to.throw(Undecodable, 'under another key');
    });

    it('lets an outage of the keyring through: it is not the record that is broken', () => {
      const missing = Object.assign(new Error('not at hand'), { code: 'key-missing' });
      const open = (): never => {
        throw missing;
      };
      const without = createCodec({ keyring: { ...keyring, open }, schemas, ids: setUp().ids });
      expect(() => without.decode(record)).to.throw(missing);
    });

    it('survives every truncation', () => {
      for (let length = 0; length < record.value.length; length += 1)
        undecodable({ value: record.value.subarray(0, length) }, '');
    });

    it('reads any flipped bit or any bytes as a message or as Undecodable, and never as an error of its own', async () => {
      const survives = async (broken: LogRecord): Promise<void> => {
        await codec.prepare([broken]);
        try {
          codec.decode(broken);
        } catch (error) {
          expect(error).to.be.instanceOf(Undecodable);
        }
      };
      await fc.assert(
        fc.asyncProperty(
          anyMessage(schemas, secret),
          fc.nat(),
          fc.uint8Array({ maxLength: 40 }),
          async (message, at, tail) => {
            const whole = logged(codec, message);
            const flipped = Buffer.from(whole.value);
            const bit = at % (flipped.length * 8);
            flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
            await survives({ ...whole, value: flipped });
            await survives({ ...whole, value: Buffer.concat([Buffer.from(whole.value).subarray(0, 5), tail]) });
          },
        ),
        { numRuns: 400 },
      );
    });
  });
});
