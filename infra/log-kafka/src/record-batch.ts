import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { LogRecord, OutgoingRecord } from '@throughline/kernel/ports';
import { crc32c } from './crc32c.ts';
import { LogRefused } from './refusals.ts';
import { Reader, sizeOfText, sizeOfVarint, Writer } from './wire-bytes.ts';

/**
 * Kafka's format of records on the wire and on its disks (record batches, magic 2; KIP-98). kafkajs has it too, with a buffer
 * of its own for every header and number: most of a hop's time went there.
 */

/** Where the fields of a batch are, and how long what comes before its records is. */
const AT = {
  length: 8,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producer: 43,
  count: 57,
  records: 61,
} as const;
/** What the length of a batch does not count: the base offset and the length itself. */
const UNCOUNTED_BYTES = 12;
const MAGIC = 2;
/** Of a producer that numbers nothing: its id (8 bytes), epoch (2) and first sequence (4) are all -1. */
const NO_PRODUCER = Buffer.alloc(14, 0xff);

const CODEC_MASK = 0b111;
const CONTROL_MASK = 0b100000;
const DECOMPRESS: Readonly<Record<number, (bytes: Uint8Array) => Buffer>> = {
  0: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  1: gunzipSync,
  4: zstdDecompressSync,
};

/** One batch of these records, as they are appended at `nowMs`; not compressed. */
export function encodeBatch(records: readonly OutgoingRecord[], nowMs: number): Buffer {
  const sizes = records.map(sizeOfBody);
  let bytes = AT.records;
  for (const size of sizes) bytes += sizeOfVarint(size) + size;
  const batch = Buffer.allocUnsafe(bytes);
  batch.fill(0, 0, AT.length);
  batch.writeInt32BE(bytes - UNCOUNTED_BYTES, AT.length);
  batch.writeInt32BE(-1, AT.length + 4);
  batch[AT.magic] = MAGIC;
  batch.writeInt16BE(0, AT.attributes);
  batch.writeInt32BE(records.length - 1, AT.lastOffsetDelta);
  batch.writeBigInt64BE(BigInt(nowMs), AT.baseTimestamp);
  batch.writeBigInt64BE(BigInt(nowMs), AT.maxTimestamp);
  NO_PRODUCER.copy(batch, AT.producer);
  batch.writeInt32BE(records.length, AT.count);
  const writer = new Writer(batch, AT.records);
  for (const [index, { key, headers, value }] of records.entries()) {
    writer.varint(sizes[index] ?? 0);
    // No attributes, and no time of its own: both are zero in one byte.
    writer.varint(0);
    writer.varint(0);
    writer.varint(index);
    writer.text(key);
    writer.bytes(value);
    const names = Object.keys(headers);
    writer.varint(names.length);
    for (const name of names) {
      writer.text(name);
      writer.text(headers[name] ?? '');
    }
  }
  batch.writeUInt32BE(crc32c(batch, AT.attributes, bytes), AT.crc);
  return batch;
}

/**
 * The records of one partition in what a broker has answered, and the offset behind them. It answers with whole batches: what
 * lies before the offset that was asked for is left out, and so are the markers of transactions and a batch that was cut off.
 * @throws LogRefused where the batches are compressed in a way that is not known here.
 */
export function decodeBatches(bytes: Buffer, topic: string, partition: number, from: number) {
  const records: LogRecord[] = [];
  let next = from;
  for (let at = 0; at + AT.records <= bytes.length; ) {
    const end = at + UNCOUNTED_BYTES + bytes.readInt32BE(at + AT.length);
    if (end > bytes.length) break;
    const base = Number(bytes.readBigInt64BE(at));
    const attributes = bytes.readInt16BE(at + AT.attributes);
    if ((attributes & CONTROL_MASK) === 0) {
      const decompress = DECOMPRESS[attributes & CODEC_MASK];
      if (decompress === undefined || bytes[at + AT.magic] !== MAGIC) throw unreadable(topic, partition, base);
      const reader = new Reader(decompress(bytes.subarray(at + AT.records, end)));
      for (let left = bytes.readInt32BE(at + AT.count); left > 0; left -= 1) {
        const record = readRecord(reader, topic, partition, base);
        if (record.offset >= from) records.push(record);
      }
    }
    // Also behind records that are no longer there: a batch keeps its last offset.
    next = Math.max(next, base + bytes.readInt32BE(at + AT.lastOffsetDelta) + 1);
    at = end;
  }
  return { records, next };
}

function readRecord(reader: Reader, topic: string, partition: number, base: number): LogRecord {
  const length = reader.varint();
  const behind = reader.at + length;
  // Its attributes, which say nothing, and when it was appended.
  reader.skip(1);
  reader.skipVarint();
  const offset = base + reader.varint();
  const key = textOf(reader) ?? '';
  const valueBytes = reader.varint();
  const value = reader.bytes(Math.max(0, valueBytes));
  const headers: Record<string, string> = {};
  for (let left = reader.varint(); left > 0; left -= 1) {
    const name = textOf(reader) ?? '';
    const header = textOf(reader);
    // Of a header that is there twice the last counts; one without a value is none.
    if (header !== undefined) headers[name] = header;
  }
  reader.skip(behind - reader.at);
  return { topic, partition, offset, key, headers, value };
}

/** Undefined where there is none, which is not the same as an empty one. */
function textOf(reader: Reader): string | undefined {
  const length = reader.varint();
  return length < 0 ? undefined : reader.text(length);
}

const unreadable = (topic: string, partition: number, offset: number): LogRefused =>
  new LogRefused(
    'log-unreadable',
    `The batch at record ${offset} of ${topic}, partition ${partition}, is compressed with snappy or lz4, or in a format from before Kafka 0.11: neither can be read. Whoever writes the topic is to use gzip, zstd or none, and its setting compression.type to be \`producer\`.`,
  );

function sizeOfBody({ key, headers, value }: OutgoingRecord, index: number): number {
  let bytes = 2 + sizeOfVarint(index) + sizeOfText(key) + sizeOfVarint(value.length) + value.length;
  const names = Object.keys(headers);
  bytes += sizeOfVarint(names.length);
  for (const name of names) bytes += sizeOfText(name) + sizeOfText(headers[name] ?? '');
  return bytes;
}
