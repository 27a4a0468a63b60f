import type { MongoConnection } from '@throughline/mongo/connect';
import { isDuplicate, LINEARIZABLE, writeGuarded } from '@throughline/mongo/operations';
import type { mongo } from 'mongoose';
import type { KeyStorage } from './keyring.ts';

interface KeyRow {
  /** The key's id. */
  readonly _id: string;
  /** `null` marks a key that is destroyed for good. */
  readonly wrapped: Uint8Array | null;
}

interface CheckRow {
  readonly _id: 'master-key';
  readonly value: string;
}

/**
 * Wrapped keys in MongoDB, for all services together. Keys are read linearizably: what is sealed under a key that a
 * change of primary then takes back could never be opened again, and a destroyed key must not come back with it.
 * A destroyed key leaves the collection at once; the oplog and backups have it, wrapped, for as long as they are kept.
 */
export function createMongoKeyStorage({ connection }: { readonly connection: MongoConnection }): KeyStorage {
  const keys = connection.database.collection<KeyRow>('keyring.keys');
  const checks = connection.database.collection<CheckRow>('keyring.checks');

  async function keepCheck(value: string): Promise<string> {
    const kept = await checks.findOneAndUpdate(
      { _id: 'master-key' },
      { $setOnInsert: { value } },
      { upsert: true, returnDocument: 'after' },
    );
    return kept?.value ?? value;
  }

  return {
    load: async (keyIds) => {
      const found = await keys.find({ _id: { $in: [...keyIds] } }, LINEARIZABLE).toArray();
      return new Map(found.map(({ _id, wrapped }) => [_id, wrapped]));
    },
    create: (wrapped) =>
      writeGuarded(
        keys,
        [...wrapped].map(
          ([_id, bytes]): mongo.AnyBulkWriteOperation<KeyRow> => ({
            updateOne: { filter: { _id }, update: { $setOnInsert: { wrapped: bytes } }, upsert: true },
          }),
        ),
      ),
    destroy: async (keyId) => {
      await keys.updateOne({ _id: keyId }, { $set: { wrapped: null } }, { upsert: true });
    },
    checkValue: (value) =>
      keepCheck(value).catch((error: unknown) => {
        // Two that start at once: the other one's value is there now.
        if (!isDuplicate(error)) throw error;
        return keepCheck(value);
      }),
  };
}
