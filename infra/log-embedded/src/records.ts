import { crc32 } from 'node:zlib';
import type { LogRecord, OutgoingRecord } from '@throughline/kernel/ports';
import type { Database } from '@throughline/sqlite/database';
import { isCorruption } from '@throughline/sqlite/refusals';
import { LogCorrupt, LogRefused } from './refusals.ts';
import { STREAM_LENGTH, type Stream } from './topics.ts';

/** The rows of the log. Synchronous: `append` runs inside a transaction that its caller holds. */
export interface Records {
  /** Writes records at the end of their stream and moves the end. */
  append(stream: Stream, records: readonly OutgoingRecord[]): void;
  /**
   * Records from `fromOffset` on, at most `limit` of them and about `bytesMax` bytes of values, one at least if there is one.
   * @throws LogCorrupt at the first record that is missing or whose row fails its checksum.
   */
  read(stream: Stream, fromOffset: number, limit: number, bytesMax: number): LogRecord[];
  /** Sets the end to what the file holds. Throws LogCorrupt where the last row holds nothing. */
  findEnd(stream: Stream): void;
  /** Whether every row belongs to one of the first so many streams. */
  areWithin(streams: number): boolean;
}

/**
 * A row holds a run: records that were appended to one partition together, because a row for each would spend more
 * time in SQLite than on the disk. `outline` says what they are, as JSON, and `content` is their values in a row.
 */
const TABLE = `CREATE TABLE IF NOT EXISTS log_runs (
  position INTEGER PRIMARY KEY,
  count INTEGER NOT NULL,
  outline TEXT NOT NULL,
  content BLOB NOT NULL,
  checksum INTEGER NOT NULL
) STRICT`;

interface Run {
  /** That of its first record. */
  readonly position: number;
  readonly count: number;
  readonly outline: string;
  readonly content: Uint8Array;
  readonly checksum: number;
}

type Outline = readonly (readonly [key: string, headers: Readonly<Record<string, string>>, length: number])[];

/** A reader decodes a run whole, so it stays small. */
const RUN_MAX = 200;

export function openRecords(database: Database): Records {
  const { connection } = database;
  connection.exec(TABLE);
  const insert = connection.prepare<[number, number, string, Uint8Array, number]>(
    'INSERT INTO log_runs VALUES (?, ?, ?, ?, ?)',
  );
  const range = connection.prepare<[number, number], Run>(
    'SELECT * FROM log_runs WHERE position >= ? AND position < ? ORDER BY position',
  );
  const lastUpTo = connection.prepare<[number, number], Pick<Run, 'position' | 'count'>>(
    'SELECT position, count FROM log_runs WHERE position >= ? AND position <= ? ORDER BY position DESC LIMIT 1',
  );

  const edges = connection.prepare<[], { readonly first: number | null; readonly last: number | null }>(
    'SELECT min(position) AS first, max(position) AS last FROM log_runs',
  );

  function append(stream: Stream, records: readonly OutgoingRecord[]): void {
    if (stream.end + records.length > STREAM_LENGTH) {
      throw new LogRefused('log-full', `Topic ${stream.topic}, partition ${stream.partition}, is full.`);
    }
    for (let from = 0; from < records.length; from += RUN_MAX) {
      const run = runOf(stream, records.slice(from, from + RUN_MAX));
      insert.run(run.position, run.count, run.outline, run.content, run.checksum);
      stream.end += run.count;
    }
  }

  function read(stream: Stream, fromOffset: number, limit: number, bytesMax: number): LogRecord[] {
    const records: LogRecord[] = [];
    const wanted = Math.min(limit, stream.end - fromOffset);
    if (wanted <= 0) return records;
    const first = lastUpTo.get(stream.base, stream.base + fromOffset)?.position;
    if (first === undefined) throw missing(stream, fromOffset);
    let next = first - stream.base;
    let bytes = 0;
    for (const run of range.iterate(first, stream.base + stream.end)) {
      if (run.position - stream.base !== next) throw missing(stream, next);
      for (const record of recordsOf(stream, run)) {
        if (record.offset < fromOffset) continue;
        if (records.length > 0 && bytes + record.value.length > bytesMax) return records;
        records.push(record);
        bytes += record.value.length;
        if (records.length === wanted) return records;
      }
      next += run.count;
    }
    throw missing(stream, next);
  }

  function findEnd(stream: Stream): void {
    const last = lastUpTo.get(stream.base, stream.base + STREAM_LENGTH - 1);
    const position = last === undefined ? 0 : last.position - stream.base;
    // A row of nothing would not be read with its checksum, and its record would be gone without a word.
    if (last !== undefined && !(last.count > 0)) throw missing(stream, position);
    stream.end = position + (last?.count ?? 0);
  }

  function areWithin(streams: number): boolean {
    const { first, last } = edges.get() ?? { first: null, last: null };
    return first === null || last === null || (first >= 0 && last < streams * STREAM_LENGTH);
  }

  return { append, read: reading(read), findEnd, areWithin };
}

/** The records as one row at the end of their stream. */
function runOf(stream: Stream, records: readonly OutgoingRecord[]): Run {
  const outline = JSON.stringify(
    records.map(({ key, headers, value }): Outline[number] => [key, headers, value.length]),
  );
  const [only] = records;
  const content = records.length === 1 && only ? only.value : Buffer.concat(records.map(({ value }) => value));
  const run = { position: stream.base + stream.end, count: records.length, outline, content };
  return { ...run, checksum: checksumOf(stream, run) };
}

function recordsOf(stream: Stream, run: Run): readonly LogRecord[] {
  const { topic, partition } = stream;
  const first = run.position - stream.base;
  // A flipped bit may change of what type a value is, whatever the table says.
  const isRun = typeof run.outline === 'string' && run.content instanceof Uint8Array;
  if (!isRun || checksumOf(stream, run) !== run.checksum) {
    throw new LogCorrupt(topic, partition, first, 'does not match its checksum');
  }
  // What passes the checksum is what `append` wrote.
  const outline: Outline = JSON.parse(run.outline);
  let at = 0;
  return outline.map(([key, headers, length], index) => {
    const value = run.content.subarray(at, at + length);
    at += length;
    return { topic, partition, offset: first + index, key, headers, value };
  });
}

/** Over where the records stand as well as what they say, so that a row cannot pass for another one. */
function checksumOf(stream: Stream, { position, count, outline, content }: Omit<Run, 'checksum'>): number {
  const about = `${stream.topic}/${stream.partition}/${position - stream.base}/${count}/${outline}`;
  return crc32(content, crc32(about));
}

/** What SQLite cannot read of the file is as broken as what fails its checksum. */
function reading(read: Records['read']): Records['read'] {
  return (stream, fromOffset, limit, bytesMax) => {
    try {
      return read(stream, fromOffset, limit, bytesMax);
    } catch (error) {
      if (!isCorruption(error)) throw error;
      throw new LogCorrupt(stream.topic, stream.partition, fromOffset, 'or one behind it cannot be read');
    }
  };
}

function missing(stream: Stream, offset: number): LogCorrupt {
  return new LogCorrupt(stream.topic, stream.partition, offset, 'is missing');
}
