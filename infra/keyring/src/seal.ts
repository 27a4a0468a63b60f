import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import { SealBroken } from './refusals.ts';

/**
 * Layout of sealed bytes: algorithm (1 byte), length of the key id (1 byte), key id (UTF-8), nonce (12 bytes),
 * ciphertext, tag (16 bytes). Everything before the nonce, and the context, is authenticated as well.
 */
const AES_256_GCM = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_ID_BYTES_MAX = 255;

export interface Sealed {
  readonly header: Uint8Array;
  readonly keyId: string;
  readonly nonce: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly tag: Uint8Array;
}

/** Whether there can be a key of this id. */
export const canBeKeyId = (keyId: string): boolean => Buffer.byteLength(keyId) <= KEY_ID_BYTES_MAX;

/** `nonce` must be 12 bytes that were never used with this key. */
export function sealBytes(
  key: KeyObject,
  keyId: string,
  nonce: Uint8Array,
  plain: Uint8Array,
  context: string,
): Uint8Array {
  const id = Buffer.from(keyId);
  if (!canBeKeyId(keyId)) throw new RangeError(`A key id has at most ${KEY_ID_BYTES_MAX} bytes.`);
  const header = Buffer.concat([Uint8Array.of(AES_256_GCM, id.length), id]);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.concat([header, Buffer.from(context)]));
  return Buffer.concat([header, nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** @throws SealBroken where the bytes or the context were changed, or the key is another one. */
export function openBytes(key: KeyObject, sealed: Sealed, context: string): Uint8Array {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.concat([sealed.header, Buffer.from(context)]));
  decipher.setAuthTag(sealed.tag);
  const plain = decipher.update(sealed.ciphertext);
  try {
    return Buffer.concat([plain, decipher.final()]);
  } catch {
    throw new SealBroken('the bytes or their context were changed');
  }
}

/** Takes sealed bytes apart without opening them. @throws SealBroken where they are no sealed bytes of ours. */
export function readSealed(bytes: Uint8Array): Sealed {
  const [algorithm, idLength] = bytes;
  if (algorithm !== AES_256_GCM || idLength === undefined) throw new SealBroken('the algorithm is unknown');
  const headerEnd = 2 + idLength;
  const nonceEnd = headerEnd + NONCE_BYTES;
  const tagStart = bytes.length - TAG_BYTES;
  if (tagStart < nonceEnd) throw new SealBroken('they are cut off');
  return {
    header: bytes.subarray(0, headerEnd),
    keyId: Buffer.from(bytes.subarray(2, headerEnd)).toString('utf8'),
    nonce: bytes.subarray(headerEnd, nonceEnd),
    ciphertext: bytes.subarray(nonceEnd, tagStart),
    tag: bytes.subarray(tagStart),
  };
}
