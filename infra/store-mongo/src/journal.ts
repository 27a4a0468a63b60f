import type { PartitionId, PartitionState, Unit } from '@throughline/kernel/ports';
import type { MongoConnection } from '@throughline/mongo/connect';
import { isDuplicate, LINEARIZABLE } from '@throughline/mongo/operations';
import { trusted } from 'mongoose';
import { type JournalRow, journalsOf } from './models.ts';
import { type PackedUnit, type UnitContents, unpackUnit } from './unit-bytes.ts';

/** What is known about a partition, as committed. */
export interface JournalEntry {
  readonly epoch: number;
  /** How many units were committed; 0 before the first. */
  readonly number: number;
  readonly unitId: string;
  readonly state: PartitionState;
  readonly contents: UnitContents;
}

/** One row per partition of a processor; each change of it is one compare-and-set, kept by a majority. */
export interface Journal {
  /** Raises the epoch: from here on no former owner commits. */
  take(partition: PartitionId): Promise<JournalEntry>;
  /** Commits; resolves to the unit's number. Undefined where the row is not at the unit's epoch and cursor: nothing was written. */
  advance(unit: Unit, packed: PackedUnit): Promise<number | undefined>;
  /** What has certainly been committed. */
  read(partition: PartitionId): Promise<JournalEntry | undefined>;
  /** Only the state; it may be a moment old. */
  state(partition: PartitionId): Promise<PartitionState | undefined>;
}

const BEGINNING: PartitionState = { cursor: 0, sequence: 0, timeMs: 0, taken: {} };
const NOTHING: UnitContents = { documents: [], messages: [], timers: [] };

export const journalIdOf = ({ processor, partition }: PartitionId): string => `${processor}/${partition}`;

export function openJournal(connection: MongoConnection): Journal {
  const model = journalsOf(connection);
  const rows = connection.database.collection<JournalRow>(model.collection.name);

  const reading = togetherRead(async (ids) => {
    const found = await model.find({ _id: trusted({ $in: ids }) }, { state: 1 }).lean();
    return new Map(found.map((row) => [row._id, row]));
  });

  async function take(partition: PartitionId): Promise<JournalEntry> {
    const row = await rows.findOneAndUpdate(
      { _id: journalIdOf(partition) },
      {
        $inc: { epoch: 1 },
        $setOnInsert: {
          cursor: BEGINNING.cursor,
          number: 0,
          state: JSON.stringify(BEGINNING),
          unitId: '',
          unit: new Uint8Array(),
        },
      },
      { upsert: true, returnDocument: 'after' },
    );
    if (row === null) throw new Error(`The server made no journal for ${journalIdOf(partition)}.`);
    return entryFrom(row);
  }

  return {
    // Two first owners at once: the one that finds the row made takes it after the other.
    take: (partition) => take(partition).catch((error: unknown) => retryDuplicate(error, () => take(partition))),
    advance: async (unit, { id, bytes }) => {
      const row = await rows.findOneAndUpdate(
        { _id: journalIdOf(unit), epoch: unit.epoch, cursor: unit.fromCursor },
        {
          $set: { cursor: unit.state.cursor, state: JSON.stringify(unit.state), unitId: id, unit: bytes },
          $inc: { number: 1 },
        },
        { returnDocument: 'after', projection: { number: 1 } },
      );
      return row?.number;
    },
    read: async (partition) => {
      const row = await rows.findOne({ _id: journalIdOf(partition) }, LINEARIZABLE);
      return row === null ? undefined : entryFrom(row);
    },
    state: async (partition) => {
      const row = await reading(journalIdOf(partition));
      return row && stateFrom(row);
    },
  };
}

/** Reads rows by id; those that are asked for in one turn of the event loop, as for the lag of a whole group, are one question to the server. */
function togetherRead<Row>(
  read: (ids: readonly string[]) => Promise<ReadonlyMap<string, Row>>,
): (id: string) => Promise<Row | undefined> {
  let next: { readonly ids: Set<string>; readonly rows: Promise<ReadonlyMap<string, Row>> } | undefined;
  return async (id) => {
    if (next === undefined) {
      const ids = new Set<string>();
      const rows = new Promise((turned) => setImmediate(turned)).then(() => {
        next = undefined;
        return read([...ids]);
      });
      next = { ids, rows };
    }
    next.ids.add(id);
    return (await next.rows).get(id);
  };
}

function entryFrom(row: JournalRow): JournalEntry {
  const { epoch, number, unitId } = row;
  const contents = unitId === '' ? NOTHING : unpackUnit(row.unit, row._id);
  return { epoch, number, unitId, state: stateFrom(row), contents };
}

// A journal's state is what `advance` or `take` wrote.
const stateFrom = ({ state }: Pick<JournalRow, 'state'>): PartitionState => JSON.parse(state);

function retryDuplicate<Result>(error: unknown, again: () => Promise<Result>): Promise<Result> {
  if (!isDuplicate(error)) throw error;
  return again();
}
