import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import type { Keyring } from '@throughline/kernel/ports';

/** Just enough of a keyring for tests of the codec: real encryption, keys derived from their ids, all at hand. */
export function memoryKeyring(): MemoryKeyring {
  const fetched = new Set<string>();
  const destroyed = new Set<string>();
  let sealed = 0;
  const keyOf = (keyId: string): Buffer => createHash('sha256').update(keyId).digest();
  return {
    seal(keyId, plain, context) {
      sealed += 1;
      const nonce = Buffer.alloc(NONCE_BYTES);
      nonce.writeUInt32BE(sealed);
      const cipher = createCipheriv('aes-256-gcm', keyOf(keyId), nonce).setAAD(Buffer.from(context));
      const text = Buffer.concat([cipher.update(plain), cipher.final()]);
      const name = Buffer.from(keyId);
      return Buffer.concat([Buffer.from([name.length]), name, nonce, cipher.getAuthTag(), text]);
    },
    open(bytes, context) {
      const keyId = nameIn(bytes);
      if (destroyed.has(keyId)) return undefined;
      const rest = bytes.subarray(1 + Buffer.byteLength(keyId));
      const decipher = createDecipheriv('aes-256-gcm', keyOf(keyId), rest.subarray(0, NONCE_BYTES));
      decipher.setAAD(Buffer.from(context)).setAuthTag(rest.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      return Buffer.concat([decipher.update(rest.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
    },
    keyIdOf: nameIn,
    fetched,
    fetch: async (keyIds) => {
      for (const keyId of keyIds) fetched.add(keyId);
    },
    destroy: (keyId) => void destroyed.add(keyId),
  };
}

interface MemoryKeyring extends Pick<Keyring, 'seal' | 'open' | 'keyIdOf' | 'fetch'> {
  /** The keys that were asked for. */
  readonly fetched: ReadonlySet<string>;
  destroy(keyId: string): void;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const nameIn = (bytes: Uint8Array): string => Buffer.from(bytes.subarray(1, 1 + (bytes[0] ?? 0))).toString('utf8');
