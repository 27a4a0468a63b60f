import type { MongoConnection } from '@throughline/mongo/connect';
import { type Model, Schema } from 'mongoose';

/** One partition of one processor: who owns it, where it is, and its last unit. Changing this row is the commit. */
export interface JournalRow {
  /** `<processor>/<partition>` */
  readonly _id: string;
  readonly epoch: number;
  readonly cursor: number;
  /** How many units were committed; the position of what the last one wrote. */
  readonly number: number;
  /** `PartitionState` as JSON: the names in it are no names of fields. */
  readonly state: string;
  /** Name of the last unit; empty before the first. */
  readonly unitId: string;
  readonly unit: Uint8Array;
}

/** A document or a timer of a processor; without `body` and `timer` it is a tombstone. */
export interface StoredRow {
  /** `<kind>/<id>` of a document, `timer:<partition>/<id>` of a timer. */
  readonly _id: string;
  /** The partition whose unit wrote it last, and that unit's number: its position, which only rises. */
  readonly partition: number;
  readonly number: number;
  readonly body?: Uint8Array;
  /** By list: the place in it, `<sort key>\0<_id>`, so that one index has sort keys in order and equal ones by id. */
  readonly lists?: Readonly<Record<string, string>>;
  readonly timer?: StoredTimer;
  /** By the server's clock; only of a tombstone. */
  readonly goneAt?: Date;
}

export interface StoredTimer {
  readonly partition: number;
  readonly dueMs: number;
  readonly key: string;
  readonly body: Uint8Array;
}

/**
 * How long a tombstone stands. It guards against a former owner that was halted between its commit and its writes and
 * goes on later: a process that lay still for longer than this, and then wakes up, could bring back what was removed.
 */
const TOMBSTONE_S = 30 * 24 * 60 * 60;

/** Neither makes anything by itself nor adds fields of its own. */
const AS_IT_IS = { autoCreate: false, autoIndex: false, minimize: false, versionKey: false } as const;

const journalSchema = new Schema<JournalRow>(
  {
    _id: String,
    epoch: Number,
    cursor: Number,
    number: Number,
    state: String,
    unitId: String,
    unit: Schema.Types.Buffer,
  },
  AS_IT_IS,
);

const storedSchema = new Schema<StoredRow>(
  {
    _id: String,
    partition: Number,
    number: Number,
    body: Schema.Types.Buffer,
    lists: Schema.Types.Mixed,
    timer: Schema.Types.Mixed,
    goneAt: Date,
  },
  AS_IT_IS,
)
  // A list is a field, and a wildcard index has every such field in order: a page costs what is on it, however long the
  // list is. An index over an array of lists cannot sort one of them.
  .index({ 'lists.$**': 1 })
  .index({ 'timer.partition': 1, 'timer.dueMs': 1 }, { sparse: true })
  .index({ goneAt: 1 }, { expireAfterSeconds: TOMBSTONE_S });

/** The journals of all processors: few rows, and each is read and written by its `_id` alone. */
export function journalsOf({ models }: MongoConnection): Model<JournalRow> {
  return models.models.Journal ?? models.model<JournalRow>('Journal', journalSchema, 'journals');
}

/** The documents and timers of one processor, in a collection of its own. */
export function rowsOf({ models }: MongoConnection, processor: string): Model<StoredRow> {
  const name = `documents.${processor}`;
  return models.models[name] ?? models.model<StoredRow>(name, storedSchema, name);
}
