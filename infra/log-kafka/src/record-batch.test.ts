import { createRequire } from 'node:module';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import type { LogRecord, OutgoingRecord } from '@throughline/kernel/ports';
import { expect } from 'chai';
import fc from 'fast-check';
import { crc32c } from './crc32c.ts';
import { decodeBatches, encodeBatch } from './record-batch.ts';
import { LogRefused } from './refusals.ts';

/** Where a batch says how it is compressed, and where its records begin. */
const [ATTRIBUTES, COUNT, RECORDS] = [22, 57, 61];
const NOW_MS = 1_764_300_000_000;

const text = fc.string({ unit: 'grapheme', maxLength: 200 });
const anyRecord: fc.Arbitrary<OutgoingRecord> = fc.record({
  topic: fc.constant('t'),
  key: text,
  headers: fc.dictionary(
    text.filter((name) => name !== '__proto__'),
    text,
    { maxKeys: 12, noNullPrototype: true },
  ),
  value: fc.uint8Array({ maxLength: 10_000 }),
});
const record = (key: string, value = 'v'): OutgoingRecord => ({
  topic: 't',
  key,
  headers: { a: 'b' },
  value: Buffer.from(value),
});

describe('record batches', () => {
  it('come back as they were, at the offsets that the broker has given them', () => {
    fc.assert(
      fc.property(fc.array(anyRecord, { minLength: 1, maxLength: 80 }), fc.nat(), (records, base) => {
        const { records: read, next } = decodeBatches(at(base, encodeBatch(records, NOW_MS)), 't', 3, 0);
        expect(next).to.equal(base + records.length);
        expect(read.map(plain)).to.deep.equal(
          records.map((each, index) => plain({ ...each, partition: 3, offset: base + index })),
        );
      }),
    );
  });

  it('are what kafkajs makes of them and reads', async () => {
    const kafkajs = kafkajsBatches();
    const sample = fc.sample(anyRecord, { numRuns: 100, seed: 1 });
    const read = await kafkajs.read(encodeBatch(sample, NOW_MS));
    expect(read.map(({ key, value, timestamp }) => [String(key), value.toString('hex'), timestamp])).to.deep.equal(
      sample.map(({ key, value }) => [key, Buffer.from(value).toString('hex'), String(NOW_MS)]),
    );
    const theirs = decodeBatches(await kafkajs.make(sample), 't', 0, 0);
    expect(theirs.records.map(plain)).to.deep.equal(
      sample.map((each, offset) => plain({ ...each, partition: 0, offset })),
    );
  });

  it('have the checksum that the standard asks for', () => {
    // RFC 3720, appendix B.4: 32 bytes of zeros, of ones, and rising; and the check value of CRC-32C.
    expect(crc32c(Buffer.alloc(32), 0, 32)).to.equal(0x8a9136aa);
    expect(crc32c(Buffer.alloc(32, 0xff), 0, 32)).to.equal(0x62a8ab43);
    expect(
      crc32c(
        Uint8Array.from({ length: 32 }, (_, byte) => byte),
        0,
        32,
      ),
    ).to.equal(0x46dd794e);
    expect(crc32c(Buffer.from('--123456789--'), 2, 11)).to.equal(0xe3069283);
  });

  it('leaves out what lies before the offset, what was cut off, and the markers of transactions', () => {
    const batches = ['a', 'b', 'c'].map((key, index) => at(index * 2, encodeBatch([record(key), record(key)], NOW_MS)));
    const keys = (bytes: Buffer, from: number) => {
      const { records, next } = decodeBatches(bytes, 't', 0, from);
      return `${records.map(({ key, offset }) => `${offset}${key}`).join(' ')} | ${next}`;
    };
    const all = Buffer.concat(batches);
    expect(keys(all, 0)).to.equal('0a 1a 2b 3b 4c 5c | 6');
    expect(keys(all, 3)).to.equal('3b 4c 5c | 6');
    expect(keys(all.subarray(0, all.length - 1), 0)).to.equal('0a 1a 2b 3b | 4');
    expect(keys(all.subarray(0, 40), 0)).to.equal(' | 0');
    all.writeInt16BE(0b110000, (batches[0]?.length ?? 0) + ATTRIBUTES - 1);
    expect(keys(all, 0)).to.equal('0a 1a 4c 5c | 6');
  });

  it('goes on behind a batch that was emptied', () => {
    const batch = at(7, encodeBatch([record('a'), record('b')], NOW_MS)).subarray(0, RECORDS);
    batch.writeInt32BE(RECORDS - 12, 8);
    batch.writeInt32BE(0, COUNT);
    expect(decodeBatches(batch, 't', 0, 7)).to.deep.equal({ records: [], next: 9 });
  });

  it('reads what others have compressed with gzip or zstd, and refuses the rest with what to do', () => {
    const plainly = encodeBatch([record('a'), record('b')], NOW_MS);
    const compressed = (attributes: number, compress: (bytes: Buffer) => Buffer): Buffer => {
      const batch = Buffer.concat([plainly.subarray(0, RECORDS), compress(plainly.subarray(RECORDS))]);
      batch.writeInt32BE(batch.length - 12, 8);
      batch[ATTRIBUTES] = attributes;
      return batch;
    };
    for (const batch of [compressed(1, gzipSync), compressed(4, zstdCompressSync)]) {
      expect(decodeBatches(batch, 't', 0, 0).records.map(({ key }) => key)).to.deep.equal(['a', 'b']);
    }
    for (const attributes of [2, 3]) {
      const read = () =>
        decodeBatches(
          compressed(attributes, (bytes) => bytes),
          't',
          0,
          0,
        );
      expect(read).to.throw(LogRefused, /snappy or lz4.*compression\.type/);
    }
  });

  it('is held up by no header without a value', () => {
    // A record as others may write it: no key, a value, and one header that is named and has none.
    const body = [0, 0, 0, 0x01, 0x02, 0x78, 0x02, 0x02, 0x68, 0x01];
    const one = encodeBatch([record('a')], NOW_MS);
    const batch = Buffer.concat([one.subarray(0, RECORDS), Buffer.from([body.length * 2, ...body])]);
    batch.writeInt32BE(batch.length - 12, 8);
    const [read] = decodeBatches(batch, 't', 0, 0).records;
    expect(read && plain(read)).to.deep.equal({
      topic: 't',
      partition: 0,
      offset: 0,
      key: '',
      headers: {},
      value: '78',
    });
  });
});

/** A batch as the broker gives it back: with the offset of its first record. */
function at(base: number, batch: Buffer): Buffer {
  batch.writeBigInt64BE(BigInt(base));
  return batch;
}

const plain = ({ value, ...rest }: OutgoingRecord | LogRecord) => ({
  ...rest,
  value: Buffer.from(value).toString('hex'),
});

interface KafkajsRecord {
  readonly key: Buffer;
  readonly value: Buffer;
  readonly timestamp: string;
}

/** The format as kafkajs has it, from inside the version that is pinned. */
function kafkajsBatches() {
  const inside = createRequire(import.meta.url);
  const Decoder = inside('kafkajs/src/protocol/decoder.js');
  const decode = inside('kafkajs/src/protocol/recordBatch/v0/decoder.js');
  const encodeRecord = inside('kafkajs/src/protocol/recordBatch/record/v0/index.js');
  const { RecordBatch } = inside('kafkajs/src/protocol/recordBatch/v0/index.js');
  return {
    read: async (batch: Buffer): Promise<readonly KafkajsRecord[]> => (await decode(new Decoder(batch))).records,
    async make(records: readonly OutgoingRecord[]): Promise<Buffer> {
      const encoded = records.map(({ key, headers, value }, offsetDelta) =>
        encodeRecord({ key, headers, value: Buffer.from(value), offsetDelta }),
      );
      return (await RecordBatch({ records: encoded, lastOffsetDelta: records.length - 1 })).buffer;
    },
  };
}
