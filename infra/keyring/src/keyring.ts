import { createHmac, createSecretKey, hkdfSync, KeyObject } from 'node:crypto';
import type { Keyring, Mac, Random } from '@throughline/kernel/ports';
import { createRecentKeys, type HeldKey } from './recent-keys.ts';
import { KeyMissing, KeyringRefused, SealBroken } from './refusals.ts';
import { canBeKeyId, openBytes, readSealed, sealBytes } from './seal.ts';

/** Where wrapped keys are kept. It never sees a key in the clear. */
export interface KeyStorage {
  /** The wrapped keys that exist; `null` for a destroyed one, nothing for one that was never made. */
  load(keyIds: readonly string[]): Promise<ReadonlyMap<string, Uint8Array | null>>;
  /** Keeps, durably, those whose id is new; an id that is there already, destroyed or not, stays as it is. */
  create(wrapped: ReadonlyMap<string, Uint8Array>): Promise<void>;
  /** Durably replaces the wrapped key with a mark that it is destroyed, also where it was never made. */
  destroy(keyId: string): Promise<void>;
  /** The value by which a master key is recognised: keeps `value` if there is none yet, resolves to the one kept. */
  checkValue(value: string): Promise<string>;
}

export interface KeyringOptions {
  readonly storage: KeyStorage;
  /** 32 bytes; see `loadOrCreateMasterKey`. */
  readonly masterKey: Uint8Array;
  readonly random: Random;
}

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
/** Keys held in the clear, in memory. */
const HELD_KEYS_MAX = 10_000;

/**
 * Opens the keyring over its storage.
 * @throws KeyringRefused (`master-key-different`) where the stored keys were wrapped under another master key.
 */
export async function createKeyring({ storage, masterKey, random }: KeyringOptions): Promise<Keyring> {
  const mac = createMac(masterKey);
  const check = mac('keyring-check', 'throughline');
  if ((await storage.checkValue(check)) !== check) {
    throw new KeyringRefused(
      'master-key-different',
      'The stored keys were made under another master key: put back its master.key file, or set THROUGHLINE_MASTER_KEY to the key that they were made with.',
    );
  }
  const wrappingKey = subKey(masterKey, 'key-wrapping');
  const held = createRecentKeys(HELD_KEYS_MAX);

  /** Brings what the storage has of these ids. */
  async function fetch(keyIds: readonly string[]): Promise<void> {
    const wanted = [...new Set(keyIds)].filter((keyId) => !(held.get(keyId) instanceof KeyObject));
    if (wanted.length === 0) return;
    const found = await storage.load(wanted);
    for (const keyId of wanted) {
      const wrapped = found.get(keyId);
      if (wrapped === undefined) held.set(keyId, 'never made');
      else held.set(keyId, wrapped === null ? 'destroyed' : unwrap(wrappingKey, keyId, wrapped));
    }
  }

  async function ensure(keyIds: readonly string[]): Promise<void> {
    await fetch(keyIds);
    // What no key can be of stays unmade: `seal` refuses it, and only an outage rejects here.
    const missing = [...new Set(keyIds)].filter((keyId) => held.get(keyId) === 'never made' && canBeKeyId(keyId));
    if (missing.length === 0) return;
    const made = missing.map((keyId): [string, Uint8Array] => [
      keyId,
      sealBytes(wrappingKey, keyId, random(NONCE_BYTES), random(KEY_BYTES), keyId),
    ]);
    await storage.create(new Map(made));
    // Whoever came first has made the key: what counts is what the storage kept.
    await fetch(missing);
  }

  function seal(keyId: string, plain: Uint8Array, context: string): Uint8Array {
    const key = keyAtHand(held.get(keyId), keyId);
    if (!(key instanceof KeyObject)) throw new KeyMissing(keyId, key === 'destroyed' ? 'destroyed' : 'not at hand');
    return sealBytes(key, keyId, random(NONCE_BYTES), plain, context);
  }

  function open(sealed: Uint8Array, context: string): Uint8Array | undefined {
    const parts = readSealed(sealed);
    const key = keyAtHand(held.get(parts.keyId), parts.keyId);
    return key instanceof KeyObject ? openBytes(key, parts, context) : undefined;
  }

  return {
    ensure,
    fetch,
    seal,
    open,
    keyIdOf: (sealed) => readSealed(sealed).keyId,
    destroy: async (keyId) => {
      // From here on nothing is opened with it, however long the storage takes.
      held.set(keyId, 'destroyed');
      await storage.destroy(keyId);
      held.set(keyId, 'destroyed');
    },
    mac,
  };
}

/** A key that was never fetched must not read as one that is gone: that would show as erased what is not. */
function keyAtHand(key: HeldKey | undefined, keyId: string): HeldKey {
  if (key === undefined) throw new KeyMissing(keyId, 'not at hand');
  return key;
}

function unwrap(wrappingKey: KeyObject, keyId: string, wrapped: Uint8Array): KeyObject {
  try {
    return createSecretKey(openBytes(wrappingKey, readSealed(wrapped), keyId));
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error;
    throw new KeyringRefused(
      'key-corrupt',
      `The stored key ${keyId} is damaged: stop, and put back a copy of the data directory from a backup.`,
    );
  }
}

function createMac(masterKey: Uint8Array): Mac {
  const subKeys = new Map<string, KeyObject>();
  return (purpose, text) => {
    const key = subKeys.get(purpose) ?? subKey(masterKey, `mac:${purpose}`);
    subKeys.set(purpose, key);
    return createHmac('sha256', key).update(text).digest('hex');
  };
}

/** HKDF-SHA-256 (RFC 5869): one master key, a key of its own for each use. */
function subKey(masterKey: Uint8Array, use: string): KeyObject {
  return createSecretKey(
    new Uint8Array(hkdfSync('sha256', masterKey, new Uint8Array(), `throughline/${use}`, KEY_BYTES)),
  );
}
