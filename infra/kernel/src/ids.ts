import { createHash } from 'node:crypto';

/**
 * An id that says what it names: the same parts give the same id, everywhere and for ever. Hashing is pure, so deciders use it.
 * @param prefix what kind of thing it is, such as `case`
 * @param parts what tells this thing from all others of its kind
 */
export function deriveId(prefix: string, ...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return `${prefix}_${hash.digest('hex').slice(0, 32)}`;
}
