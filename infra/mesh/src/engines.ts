import { join } from 'node:path';
import { createFileBlobs } from '@throughline/blobs/blobs';
import type { Codec } from '@throughline/kernel/envelope';
import type { Blobs, Clock, Keyring, Log, Random, Reporter, Store } from '@throughline/kernel/ports';
import { createKeyring } from '@throughline/keyring/keyring';
import { loadOrCreateMasterKey } from '@throughline/keyring/master-key';
import { createSqliteKeyStorage } from '@throughline/keyring/sqlite-storage';
import { createEmbeddedLog } from '@throughline/log-embedded/log';
import { createCodec } from '@throughline/schemas/codec';
import { loadSchemas } from '@throughline/schemas/load';
import { embeddedSchemaIds, type KnownSchema } from '@throughline/schemas/registry';
import { TOPICS } from '@throughline/schemas/topics';
import { openDatabase } from '@throughline/sqlite/database';
import { createEmbeddedStore } from '@throughline/store-embedded/store';

/** What all services of an embedded mesh stand on: one file and a folder. */
export interface Engines {
  readonly log: Log;
  readonly store: Store;
  readonly blobs: Blobs;
  readonly keyring: Keyring;
  readonly codec: Codec;
  close(): void;
}

const SCHEMAS = 'schemas';

/** Opens the data directory for this process. Throws a refusal that says what to do where it cannot be used. */
export async function openEngines(options: {
  readonly directory: string;
  readonly masterKey: string | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly reporter: Reporter;
}): Promise<Engines> {
  const { directory, clock, random, reporter } = options;
  const database = openDatabase({ directory });
  try {
    const master = {
      directory,
      random,
      ...(options.masterKey === undefined ? {} : { fromEnvironment: options.masterKey }),
    };
    const keyring = await createKeyring({
      storage: createSqliteKeyStorage(database),
      masterKey: loadOrCreateMasterKey(master),
      random,
    });
    const blobs = createFileBlobs({ directory: join(directory, 'blobs') });
    return {
      log: createEmbeddedLog({ database, topics: TOPICS, clock, reporter }),
      store: createEmbeddedStore({ database }),
      blobs,
      keyring,
      codec: createCodec({ keyring, schemas: loadSchemas(), ids: await schemaIds(blobs) }),
      close: () => database.close(),
    };
  } catch (refusal) {
    database.close();
    throw refusal;
  }
}

/** Every schema that was ever written with stays beside the log, so that later versions read what this one wrote. */
async function schemaIds(blobs: Blobs) {
  const kept = await blobs.getNamed(SCHEMAS);
  const known = kept ? (JSON.parse(Buffer.from(kept).toString('utf8')) as KnownSchema[]) : [];
  const ids = embeddedSchemaIds({ schemas: loadSchemas(), known });
  const all = Buffer.from(JSON.stringify(ids.all()));
  if (!kept || Buffer.compare(all, kept) !== 0) await blobs.putNamed(SCHEMAS, all);
  return ids;
}
