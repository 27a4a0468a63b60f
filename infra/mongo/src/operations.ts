import { mongo } from 'mongoose';

const LINEARIZABLE_TIMEOUT_MS = 5_000;

/**
 * For reads on which something irrevocable rests. The primary proves that it still is one and that a majority has
 * what it shows: what a server that was voted out believes is never read, nor a write that will be rolled back.
 */
export const LINEARIZABLE = {
  readConcern: { level: 'linearizable' },
  readPreference: 'primary',
  maxTimeMS: LINEARIZABLE_TIMEOUT_MS,
} as const;

const DUPLICATE_KEY = 11_000;

/**
 * Writes guarded upserts, in any order. A guard that does not let its write through turns the upsert into an insert of
 * an `_id` that is there: that refusal means that what stands there is to stay, and is no error. Rejects on any other.
 */
export async function writeGuarded<Row extends mongo.Document>(
  collection: mongo.Collection<Row>,
  writes: mongo.AnyBulkWriteOperation<Row>[],
): Promise<void> {
  if (writes.length === 0) return;
  try {
    await collection.bulkWrite(writes, { ordered: false });
  } catch (error) {
    if (!isOnlyDuplicates(error)) throw error;
  }
}

export function isDuplicate(error: unknown): boolean {
  return error instanceof mongo.MongoServerError && error.code === DUPLICATE_KEY;
}

function isOnlyDuplicates(error: unknown): boolean {
  if (!(error instanceof mongo.MongoBulkWriteError)) return false;
  // Where a majority did not confirm the other writes, they may be lost.
  if (error.result.getWriteConcernError() !== undefined) return false;
  const refused = [error.writeErrors].flat();
  return refused.length > 0 && refused.every(({ code }) => code === DUPLICATE_KEY);
}
