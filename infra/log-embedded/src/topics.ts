import type { TopicShape } from '@throughline/kernel/ports';
import type { Database } from '@throughline/sqlite/database';
import { corrupt } from '@throughline/sqlite/refusals';
import { LogRefused } from './refusals.ts';

/** One partition of one topic, as its rows are numbered in the file. */
export interface Stream {
  readonly topic: string;
  readonly partition: number;
  /** Position of its record 0: the row id of a record is `base + offset`. */
  readonly base: number;
  /** The offset that the next record will get. */
  end: number;
}

/**
 * Records of a partition that fit before the next partition's rows begin. 2^40, and at most 2^13 partitions: every
 * position is a whole number that JavaScript holds exactly, and the row id alone finds a record, without an index.
 */
export const STREAM_LENGTH = 2 ** 40;
const STREAMS_MAX = 2 ** 13;

const TABLE = `CREATE TABLE IF NOT EXISTS log_topics (
  name TEXT PRIMARY KEY,
  partitions INTEGER NOT NULL,
  first_stream INTEGER NOT NULL UNIQUE
) STRICT, WITHOUT ROWID`;

interface TopicRow {
  readonly name: string;
  readonly partitions: number;
  readonly first_stream: number;
}

/** A topic as the file knows it. */
export type KnownTopic = readonly Stream[];

/**
 * The partitions of every topic that the file knows, with `end` still 0, in the order in which the topics were made.
 * @throws DatabaseRefused where they do not stand one behind the other: the list is damaged, and rows would be nobody's.
 */
export function knownTopics({ connection, file }: Database): readonly KnownTopic[] {
  connection.exec(TABLE);
  const rows = connection.prepare<[], TopicRow>('SELECT * FROM log_topics').all();
  let next = 0;
  // Sorted here: an index may be damaged as well.
  return rows
    .sort((one, other) => one.first_stream - other.first_stream)
    .map((row) => {
      if (typeof row.name !== 'string' || row.first_stream !== next || !(row.partitions > 0)) throw corrupt(file);
      next += row.partitions;
      return streamsOf(row.name, row.partitions, row.first_stream);
    });
}

/**
 * Makes the topics that are new and returns the partitions of all that are asked for, with `end` still 0.
 * @throws LogRefused where a topic is there with another number of partitions: keys would change their partition.
 */
export function openTopics(database: Database, shapes: readonly TopicShape[]): ReadonlyMap<string, readonly Stream[]> {
  const { connection } = database;
  connection.exec(TABLE);
  const find = connection.prepare<[string], TopicRow>('SELECT * FROM log_topics WHERE name = ?');
  const next = connection.prepare<[], { readonly stream: number }>(
    'SELECT coalesce(max(first_stream + partitions), 0) AS stream FROM log_topics',
  );
  const add = connection.prepare<[string, number, number]>('INSERT INTO log_topics VALUES (?, ?, ?)');
  const open = connection.transaction((shape: TopicShape): readonly Stream[] => {
    const known = find.get(shape.name);
    if (known !== undefined && known.partitions !== shape.partitions) throw partitionsFixed(shape, known.partitions);
    const firstStream = known?.first_stream ?? next.get()?.stream ?? 0;
    if (firstStream + shape.partitions > STREAMS_MAX) {
      throw new LogRefused(
        'log-full',
        `There is no room for topic ${shape.name}: ${STREAMS_MAX} partitions is the most.`,
      );
    }
    if (known === undefined) add.run(shape.name, shape.partitions, firstStream);
    return streamsOf(shape.name, shape.partitions, firstStream);
  });
  return new Map(shapes.map((shape) => [shape.name, open.immediate(shape)]));
}

const streamsOf = (topic: string, partitions: number, firstStream: number): readonly Stream[] =>
  Array.from({ length: partitions }, (_, partition) => ({
    topic,
    partition,
    base: (firstStream + partition) * STREAM_LENGTH,
    end: 0,
  }));

function partitionsFixed(shape: TopicShape, partitions: number): LogRefused {
  return new LogRefused(
    'log-partitions-fixed',
    `Topic ${shape.name} was made with ${partitions} partitions and cannot be opened with ${shape.partitions}: set it back, or start on a new data directory.`,
  );
}
