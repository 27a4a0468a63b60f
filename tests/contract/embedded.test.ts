import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFileBlobs } from '@throughline/blobs/blobs';
import { createKeyring } from '@throughline/keyring/keyring';
import { createSqliteKeyStorage } from '@throughline/keyring/sqlite-storage';
import { createEmbeddedLog } from '@throughline/log-embedded/log';
import { createEmbeddedStore } from '@throughline/store-embedded/store';
import { type BlobsSetting, declareBlobsContract } from './blobs.ts';
import { keepingReporter, newDirectory, openPlace, type Place, steppedClock } from './embedded-place.ts';
import { declareKeyringContract, type KeyringSetting } from './keyring.ts';
import { declareLogContract } from './log.ts';
import type { LogFactory, LogSetting } from './log-setting.ts';
import { declareStoreContract, type StoreSetting } from './store.ts';

const openLog: LogFactory = async (topics) => {
  const place = openPlace();
  const { clock, turn } = steppedClock();
  const setting = (): LogSetting => ({
    log: createEmbeddedLog({ database: place.database(), topics, clock, reporter: keepingReporter() }),
    turn,
    reopen: async () => {
      place.reopen();
      return setting();
    },
    close: async () => place.close(),
  });
  return setting();
};

async function openStore(): Promise<StoreSetting> {
  const place = openPlace();
  const setting = (): StoreSetting => ({
    store: createEmbeddedStore({ database: place.database() }),
    reopen: async () => {
      place.reopen();
      return setting();
    },
    close: async () => place.close(),
  });
  return setting();
}

async function openBlobs(): Promise<BlobsSetting> {
  const directory = newDirectory();
  const setting = (): BlobsSetting => ({
    blobs: createFileBlobs({ directory }),
    damage: async (hash) => {
      const file = join(directory, 'content', hash.slice(0, 2), hash);
      writeFileSync(
        file,
        Uint8Array.from(readFileSync(file), (byte, index) => (index === 0 ? byte ^ 1 : byte)),
      );
    },
    reopen: async () => setting(),
    close: async () => rmSync(directory, { recursive: true, force: true }),
  });
  return setting();
}

function filesOf(place: Place): Uint8Array {
  const { file } = place.database();
  return Buffer.concat([readFileSync(file), readFileSync(`${file}-wal`)]);
}

async function openKeyring(): Promise<KeyringSetting> {
  const place = openPlace();
  const drawn: Uint8Array[] = [];
  const random = (bytes: number): Uint8Array => {
    const made = randomBytes(bytes);
    drawn.push(made);
    return made;
  };
  const firstMasterKey = new Uint8Array(32).fill(1);
  const setting = async (masterKey: Uint8Array): Promise<KeyringSetting> => ({
    keyring: await createKeyring({ storage: createSqliteKeyStorage(place.database()), masterKey, random }),
    drawn,
    stored: async () => filesOf(place),
    reopen: async (otherMasterKey) => {
      place.reopen();
      return setting(otherMasterKey ?? firstMasterKey);
    },
    close: async () => place.close(),
  });
  return setting(firstMasterKey);
}

declareLogContract('embedded', openLog, { offsetsWithoutGaps: true });
declareStoreContract('embedded', openStore, { isolatedCommits: true });
declareBlobsContract('files', openBlobs, { healsOnPut: true });
declareKeyringContract('embedded', openKeyring, { erasesFromDisk: true });
