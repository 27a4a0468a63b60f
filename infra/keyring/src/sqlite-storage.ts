import type { Database } from '@throughline/sqlite/database';
import type { KeyStorage } from './keyring.ts';

const TABLES = `
CREATE TABLE IF NOT EXISTS keyring_keys (
  id TEXT PRIMARY KEY,
  -- NULL marks a key that is destroyed for good.
  wrapped BLOB
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS keyring_check (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  value TEXT NOT NULL
) STRICT;`;

interface KeyRow {
  readonly wrapped: Uint8Array | null;
}

/** Wrapped keys in the embedded database. */
export function createSqliteKeyStorage(database: Database): KeyStorage {
  const { connection } = database;
  connection.exec(TABLES);
  const find = connection.prepare<[string], KeyRow>('SELECT wrapped FROM keyring_keys WHERE id = ?');
  const add = connection.prepare<[string, Uint8Array]>('INSERT OR IGNORE INTO keyring_keys VALUES (?, ?)');
  const mark = connection.prepare<[string]>(
    'INSERT INTO keyring_keys VALUES (?, NULL) ON CONFLICT DO UPDATE SET wrapped = NULL',
  );
  const addCheck = connection.prepare<[string]>('INSERT OR IGNORE INTO keyring_check VALUES (1, ?)');
  const findCheck = connection.prepare<[], { readonly value: string }>('SELECT value FROM keyring_check');

  return {
    load: async (keyIds) => {
      const found = new Map<string, Uint8Array | null>();
      for (const keyId of keyIds) {
        const row = find.get(keyId);
        if (row !== undefined) found.set(keyId, row.wrapped);
      }
      return found;
    },
    create: (wrapped) =>
      database.write(() => {
        for (const [keyId, bytes] of wrapped) add.run(keyId, bytes);
      }),
    destroy: async (keyId) => {
      await database.write(() => mark.run(keyId));
      // Former versions of the page, with the key on it, still stand in the write-ahead file.
      database.checkpoint();
    },
    checkValue: (value) =>
      database.write(() => {
        addCheck.run(value);
        return findCheck.get()?.value ?? value;
      }),
  };
}
