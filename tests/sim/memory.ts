import { createHash } from 'node:crypto';
import type { Blobs } from '@throughline/kernel/ports';
import type { KeyStorage } from '@throughline/keyring/keyring';

/** Where wrapped keys are kept in a simulation. */
export function memoryKeys(): KeyStorage {
  const keys = new Map<string, Uint8Array | null>();
  let check: string | undefined;
  return {
    load: async (wanted) => {
      const found = new Map<string, Uint8Array | null>();
      for (const keyId of wanted) {
        const key = keys.get(keyId);
        if (key !== undefined) found.set(keyId, key);
      }
      return found;
    },
    create: async (wrapped) => {
      for (const [keyId, bytes] of wrapped) if (!keys.has(keyId)) keys.set(keyId, bytes);
    },
    destroy: async (keyId) => void keys.set(keyId, null),
    checkValue: async (value) => {
      check ??= value;
      return check;
    },
  };
}

/** Blobs in memory. */
export function memoryBlobs(): Blobs {
  const contents = new Map<string, Uint8Array>();
  const named = new Map<string, Uint8Array>();
  return {
    put: async (bytes) => {
      const hash = createHash('sha256').update(bytes).digest('hex');
      contents.set(hash, bytes);
      return hash;
    },
    get: async (hash) => contents.get(hash),
    putNamed: async (name, bytes) => void named.set(name, bytes),
    getNamed: async (name) => named.get(name),
  };
}
