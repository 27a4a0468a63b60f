import { hash } from 'node:crypto';

/**
 * An id that says what it names: the same parts give the same id, everywhere and for ever. Hashing is pure, so deciders use it.
 * @param prefix what kind of thing it is, such as `case`
 * @param parts what tells this thing from all others of its kind
 */
export function deriveId(prefix: string, ...parts: readonly string[]): string {
  const text = parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join('');
  return `${prefix}_${hash('sha256', text).slice(0, 32)}`;
}
