import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Random } from '@throughline/kernel/ports';
import { KeyringRefused } from './refusals.ts';

export const MASTER_KEY_FILE = 'master.key';

const KEY_BYTES = 32;
const HEX = /^[0-9a-f]{64}$/i;
const BASE64 = /^[A-Za-z0-9+/]{43}=?$/;

/**
 * The 32 bytes under which all keys are wrapped: from the environment where `fromEnvironment` (the text of
 * THROUGHLINE_MASTER_KEY) is given, else from `master.key` in the data directory, which is made at the first start.
 * @throws KeyringRefused where the text is not 32 bytes in base64 or hex, or others may read the file.
 */
export function loadOrCreateMasterKey(options: {
  readonly directory: string;
  readonly random: Random;
  readonly fromEnvironment?: string;
}): Uint8Array {
  const { directory, random, fromEnvironment } = options;
  if (fromEnvironment !== undefined) return readMasterKey(fromEnvironment);
  const file = join(directory, MASTER_KEY_FILE);
  if (!isThere(file)) create(directory, file, random(KEY_BYTES));
  if ((statSync(file).mode & 0o077) !== 0) {
    throw new KeyringRefused(
      'master-key-exposed',
      `Others may read ${file}: run chmod 600 on it, and think about whether somebody has.`,
    );
  }
  return decode(
    readFileSync(file, 'utf8'),
    `${file} does not hold a master key: put it back from a backup, or set THROUGHLINE_MASTER_KEY.`,
  );
}

/**
 * The 32 bytes that the text of THROUGHLINE_MASTER_KEY stands for.
 * @throws KeyringRefused where it is not 32 bytes in base64 or hex
 */
export function readMasterKey(text: string): Uint8Array {
  return decode(
    text,
    'THROUGHLINE_MASTER_KEY must be 32 bytes written as base64 or hex, for example what `openssl rand -base64 32` prints.',
  );
}

function decode(text: string, refusal: string): Uint8Array {
  const trimmed = text.trim();
  const key = HEX.test(trimmed)
    ? Buffer.from(trimmed, 'hex')
    : BASE64.test(trimmed)
      ? Buffer.from(trimmed, 'base64')
      : undefined;
  if (key?.length !== KEY_BYTES) throw new KeyringRefused('master-key-malformed', refusal);
  return key;
}

function isThere(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false }) !== undefined;
}

/** Linked under its name only when it is whole and on the disk, and never over a key that is there: that would lose all data. */
function create(directory: string, file: string, key: Uint8Array): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const beside = `${file}.${process.pid}.tmp`;
  rmSync(beside, { force: true });
  const handle = openSync(beside, 'wx', 0o600);
  try {
    writeSync(handle, `${Buffer.from(key).toString('base64')}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  try {
    linkSync(beside, file);
  } catch (error) {
    // Another process was first; its key is the one.
    if (!isThere(file)) throw error;
  } finally {
    rmSync(beside, { force: true });
  }
  syncDirectory(directory);
}

function syncDirectory(directory: string): void {
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
