import type { MongoConnection } from '@throughline/mongo/connect';
import type { Model } from 'mongoose';
import { rowsOf, type StoredRow } from './models.ts';
import { IndexesMissing } from './refusals.ts';

interface Place {
  readonly connection: MongoConnection;
  /** The processors whose documents are kept here. */
  readonly processors: readonly string[];
}

/** Makes the indexes that are missing, at deploy time; a running service makes none. Says what it made, a line each. */
export async function applyIndexes({ connection, processors }: Place): Promise<readonly string[]> {
  const made: string[] = [];
  for (const processor of processors) {
    const rows = rowsOf(connection, processor);
    const missing = await missingFrom(rows);
    await rows.createIndexes();
    made.push(...missing);
  }
  return made;
}

/** @throws IndexesMissing where lists or timers would be searched through as a whole */
export async function checkIndexes({ connection, processors }: Place): Promise<void> {
  const missing = await Promise.all(processors.map((processor) => missingFrom(rowsOf(connection, processor))));
  if (missing.flat().length > 0) throw new IndexesMissing(missing.flat());
}

async function missingFrom(rows: Model<StoredRow>): Promise<readonly string[]> {
  const { toCreate } = await rows.diffIndexes();
  return toCreate.map((keys: unknown) => `${rows.collection.name}: ${JSON.stringify(keys)}`);
}
