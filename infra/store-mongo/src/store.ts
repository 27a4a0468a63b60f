import type { Page, PartitionId, Store, Unit } from '@throughline/kernel/ports';
import type { MongoConnection } from '@throughline/mongo/connect';
import { writeGuarded } from '@throughline/mongo/operations';
import { trusted } from 'mongoose';
import { type JournalEntry, journalIdOf, openJournal } from './journal.ts';
import { rowsOf, type StoredRow } from './models.ts';
import { behind, documentFrom, dueTimerFrom, fieldOf, nextPlace, rowIdOf, rowWrites, type UnitWrites } from './rows.ts';
import { packUnit } from './unit-bytes.ts';

/**
 * The store in MongoDB, without transactions. One change of the partition's journal, compare-and-set on epoch and
 * cursor, is the commit: the journal then holds the whole unit. After it the rows are written, each guarded by its
 * position, and only when all are there is the unit replaced by the next. Whoever opens the partition writes them again,
 * so a unit is never half there for an owner. Rejections of `commit` leave open what happened; the same unit settles it.
 * @throws UnitTooLarge from `commit`, before anything is written
 */
export function createMongoStore({ connection }: { readonly connection: MongoConnection }): Store {
  const journal = openJournal(connection);
  /** By partition: the epoch whose last unit is known to be written as a whole. Unknown after a rejection. */
  const whole = new Map<string, number>();
  const inTurn = createTurns();

  /** The driver's own collection, for the hot path: a model costs three times as much for each row. */
  const collectionOf = (processor: string) =>
    connection.database.collection<StoredRow>(rowsOf(connection, processor).collection.name);

  const write = ({ processor, partition }: PartitionId, number: number, contents: UnitWrites): Promise<void> =>
    writeGuarded(collectionOf(processor), rowWrites(contents, { partition, number }));

  /** Finishes the last unit of this owner, whatever became of it; undefined where there is another owner. */
  async function settle(unit: Unit): Promise<JournalEntry | undefined> {
    const last = await journal.read(unit);
    if (last?.epoch !== unit.epoch) return undefined;
    await write(unit, last.number, last.contents);
    whole.set(journalIdOf(unit), unit.epoch);
    return last;
  }

  async function commit(unit: Unit): Promise<'committed' | 'fenced'> {
    const packed = packUnit(unit);
    const journalId = journalIdOf(unit);
    if (whole.get(journalId) !== unit.epoch) {
      const last = await settle(unit);
      if (last === undefined) return 'fenced';
      if (last.unitId === packed.id) return 'committed';
    }
    whole.delete(journalId);
    const number = await journal.advance(unit, packed);
    if (number === undefined) return (await settle(unit))?.unitId === packed.id ? 'committed' : 'fenced';
    await write(unit, number, unit);
    whole.set(journalId, unit.epoch);
    return 'committed';
  }

  async function list(processor: string, name: string, after: string | null, limit: number): Promise<Page> {
    const field = fieldOf(name);
    const path = `lists.${field}`;
    // One more than asked for tells whether there is another page.
    const found = await rowsOf(connection, processor)
      .find({ [path]: trusted(behind(after)) })
      .sort({ [path]: 1 })
      .limit(limit + 1)
      .lean();
    const items = found.slice(0, limit);
    return {
      items: items.flatMap((row) => documentFrom(row) ?? []),
      next: nextPlace(items.at(-1)?.lists?.[field], found[limit]?.lists?.[field]),
    };
  }

  return {
    open: (partition) =>
      inTurn(journalIdOf(partition), async () => {
        const { epoch, number, state, contents } = await journal.take(partition);
        await write(partition, number, contents);
        whole.set(journalIdOf(partition), epoch);
        return { epoch, state, messages: contents.messages };
      }),
    commit: (unit) => inTurn(journalIdOf(unit), () => commit(unit)),
    load: async (processor, refs) => {
      const ids = refs.map(rowIdOf);
      const found = await collectionOf(processor)
        .find({ _id: { $in: ids } }, { projection: { body: 1 } })
        .toArray();
      const byId = new Map(found.map((row) => [row._id, row]));
      return ids.map((id) => {
        const row = byId.get(id);
        return row && documentFrom(row);
      });
    },
    list,
    due: async (partition, nowMs, limit) => {
      const found = await rowsOf(connection, partition.processor)
        .find({ 'timer.partition': partition.partition, 'timer.dueMs': trusted({ $lte: nowMs }) })
        .sort({ 'timer.dueMs': 1 })
        .limit(limit)
        .lean();
      return found.flatMap((row) => dueTimerFrom(row, partition));
    },
    state: (partition) => journal.state(partition),
  };
}

/** One after the other by name, in the order of asking, whatever became of the one before. */
function createTurns(): <Result>(name: string, run: () => Promise<Result>) => Promise<Result> {
  const last = new Map<string, Promise<unknown>>();
  return (name, run) => {
    const mine = (last.get(name) ?? Promise.resolve()).then(run, run);
    last.set(name, mine);
    return mine;
  };
}
