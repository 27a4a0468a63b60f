import type { Reporter } from '@throughline/kernel/ports';
import { connectMongo } from '@throughline/mongo/connect';
import { rowsOf, type StoredRow } from '@throughline/store-mongo/models';
import { PROCESSORS } from '../../../scripts/operator/store.ts';

const AT_ONCE = 1_000;

/**
 * Gives the store the rows of many more cases: each document of the cases that were played, again and again under other
 * names, with the same bytes and on the same lists. Nobody ever asks for a copy, as nobody asks for a case that rests; what
 * the copies change is how much there is beside what is asked for. Timers are not copied: cases that rest have none.
 */
export async function bulkOf(
  place: { readonly url: string; readonly reporter: Reporter },
  { fromCases, toCases, tell }: { fromCases: number; toCases: number; tell: (what: string) => void },
): Promise<number> {
  const connection = await connectMongo(place);
  const copies = Math.ceil(toCases / fromCases) - 1;
  let rows = 0;
  let written: Promise<unknown> = Promise.resolve();
  for (const processor of PROCESSORS) {
    const collection = connection.database.collection<StoredRow>(rowsOf(connection, processor).collection.name);
    const originals = await collection
      .find({ body: { $exists: true } })
      .sort({ _id: 1 })
      .toArray();
    for (let copy = 1; copy <= copies; copy += 1) {
      tell(`${processor}: copy ${copy} of ${copies} of ${originals.length} rows`);
      for (let at = 0; at < originals.length; at += AT_ONCE) {
        const batch = originals.slice(at, at + AT_ONCE).map((row) => copied(row, copy));
        // One is made while the server takes the one before.
        await written;
        written = collection.insertMany(batch, { ordered: false });
        rows += batch.length;
      }
    }
  }
  await written;
  await connection.close();
  return rows;
}

function copied(row: StoredRow, copy: number): StoredRow {
  const { lists } = row;
  // Behind all others and in order: so a server whose tree is on a disk takes them as fast as it can.
  const named = { ...row, _id: `~${String(copy).padStart(6, '0')}~${row._id}` };
  if (lists === undefined) return named;
  return { ...named, lists: Object.fromEntries(Object.entries(lists).map(([list, at]) => [list, `${at}~${copy}`])) };
}
