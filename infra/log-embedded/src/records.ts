import { crc32 } from 'node:zlib';
import type { LogRecord, OutgoingRecord } from '@throughline/kernel/ports';
import type { Database } from '@throughline/sqlite/database';
import { LogCorrupt, LogRefused } from './refusals.ts';
import { STREAM_LENGTH, type Stream } from './topics.ts';

/** The rows of the log. Synchronous: `append` runs inside a transaction that its caller holds. */
export interface Records {
  /** Writes one record at the end of its stream and moves the end. */
  append(stream: Stream, record: OutgoingRecord): void;
  /**
   * Records from `fromOffset` on, at most `limit` of them and about `bytesMax` bytes of values, one at least if there is one.
   * @throws LogCorrupt at the first record that is missing or fails its checksum.
   */
  read(stream: Stream, fromOffset: number, limit: number, bytesMax: number): LogRecord[];
  /** Sets the end to what the file holds. */
  findEnd(stream: Stream): void;
}

const TABLE = `CREATE TABLE IF NOT EXISTS log_records (
  position INTEGER PRIMARY KEY,
  key TEXT NOT NULL,
  headers TEXT NOT NULL,
  value BLOB NOT NULL,
  checksum INTEGER NOT NULL
) STRICT`;

interface Row {
  readonly position: number;
  readonly key: string;
  readonly headers: string;
  readonly value: Uint8Array;
  readonly checksum: number;
}

export function openRecords(database: Database): Records {
  const { connection } = database;
  connection.exec(TABLE);
  const insert = connection.prepare<[number, string, string, Uint8Array, number]>(
    'INSERT INTO log_records VALUES (?, ?, ?, ?, ?)',
  );
  const range = connection.prepare<[number, number, number], Row>(
    'SELECT * FROM log_records WHERE position >= ? AND position < ? ORDER BY position LIMIT ?',
  );
  const last = connection.prepare<[number, number], { readonly position: number | null }>(
    'SELECT max(position) AS position FROM log_records WHERE position >= ? AND position < ?',
  );

  function append(stream: Stream, record: OutgoingRecord): void {
    if (stream.end >= STREAM_LENGTH) {
      throw new LogRefused('log-full', `Topic ${stream.topic}, partition ${stream.partition}, is full.`);
    }
    const headers = JSON.stringify(record.headers);
    const checksum = checksumOf(stream, stream.end, record.key, headers, record.value);
    insert.run(stream.base + stream.end, record.key, headers, record.value, checksum);
    stream.end += 1;
  }

  function read(stream: Stream, fromOffset: number, limit: number, bytesMax: number): LogRecord[] {
    const records: LogRecord[] = [];
    const wanted = Math.min(limit, stream.end - fromOffset);
    if (wanted <= 0) return records;
    let bytes = 0;
    for (const row of range.iterate(stream.base + fromOffset, stream.base + stream.end, wanted)) {
      if (records.length > 0 && bytes + row.value.length > bytesMax) return records;
      records.push(recordFrom(stream, row, fromOffset + records.length));
      bytes += row.value.length;
    }
    if (records.length < wanted) throw missing(stream, fromOffset + records.length);
    return records;
  }

  function findEnd(stream: Stream): void {
    const position = last.get(stream.base, stream.base + STREAM_LENGTH)?.position ?? null;
    stream.end = position === null ? 0 : position - stream.base + 1;
  }

  return { append, read, findEnd };
}

function recordFrom(stream: Stream, row: Row, offset: number): LogRecord {
  if (row.position - stream.base !== offset) throw missing(stream, offset);
  const { key, headers, value } = row;
  if (checksumOf(stream, offset, key, headers, value) !== row.checksum) {
    throw new LogCorrupt(stream.topic, stream.partition, offset, 'does not match its checksum');
  }
  // What passes the checksum is what `append` wrote.
  const parsed: Readonly<Record<string, string>> = JSON.parse(headers);
  return { topic: stream.topic, partition: stream.partition, offset, key, headers: parsed, value };
}

/** Over where the record stands as well as what it says, so that a row cannot pass for another one. */
function checksumOf(stream: Stream, offset: number, key: string, headers: string, value: Uint8Array): number {
  const about = `${stream.topic}/${stream.partition}/${offset}/${key.length}/${key}${headers}`;
  return crc32(value, crc32(about));
}

function missing(stream: Stream, offset: number): LogCorrupt {
  return new LogCorrupt(stream.topic, stream.partition, offset, 'is missing');
}
