import type { KeyObject } from 'node:crypto';

/** What is known of a key: itself in the clear (a `KeyObject`: made ready once, it costs a quarter of bare bytes at each use), or why there is none. */
export type HeldKey = KeyObject | 'destroyed' | 'never made';

/** The keys used last, up to a number; the one unused for longest makes room. */
export function createRecentKeys(keysMax: number): {
  get(keyId: string): HeldKey | undefined;
  set(keyId: string, key: HeldKey): void;
} {
  // A Map keeps the order of insertion: its first entry is the one unused for longest.
  const keys = new Map<string, HeldKey>();
  function set(keyId: string, key: HeldKey): void {
    keys.delete(keyId);
    keys.set(keyId, key);
    const [oldest] = keys.keys();
    if (keys.size > keysMax && oldest !== undefined) keys.delete(oldest);
  }
  return {
    set,
    get: (keyId) => {
      const key = keys.get(keyId);
      if (key !== undefined) set(keyId, key);
      return key;
    },
  };
}
