import type { MongoConnection } from '@throughline/mongo/connect';
import type { Model } from 'mongoose';
import { rowsOf, type StoredRow } from './models.ts';
import { IndexesMissing } from './refusals.ts';

export interface StorePlace {
  readonly connection: MongoConnection;
  /** The processors whose documents are kept here. */
  readonly processors: readonly string[];
}

/** Makes the indexes that are missing, at deploy time; a running service makes none. Says what it made, a line each. */
export async function applyIndexes({ connection, processors }: StorePlace): Promise<readonly string[]> {
  const made: string[] = [];
  for (const processor of processors) {
    const rows = rowsOf(connection, processor);
    const missing = await missingFrom(rows);
    await rows.createIndexes();
    made.push(...missing);
  }
  return made;
}

/** A line for each index that is not there. */
export async function missingIndexes({ connection, processors }: StorePlace): Promise<readonly string[]> {
  return (await Promise.all(processors.map((processor) => missingFrom(rowsOf(connection, processor))))).flat();
}

/** @throws IndexesMissing where lists or timers would be searched through as a whole */
export async function checkIndexes(place: StorePlace): Promise<void> {
  const missing = await missingIndexes(place);
  if (missing.length > 0) throw new IndexesMissing(missing);
}

async function missingFrom(rows: Model<StoredRow>): Promise<readonly string[]> {
  const { toCreate } = await rows.diffIndexes();
  return toCreate.map((keys: unknown) => `${rows.collection.name}: ${JSON.stringify(keys)}`);
}
