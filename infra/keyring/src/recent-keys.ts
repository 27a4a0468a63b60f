import type { KeyObject } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** What is known of a key: itself in the clear (a `KeyObject`: made ready once, it costs a quarter of bare bytes at each use), or why there is none. */
export type HeldKey = KeyObject | 'destroyed' | 'never made';

/** The keys used last, up to a number; the one unused for longest makes room. */
export const createRecentKeys = (keysMax: number): LRUCache<string, HeldKey> =>
  // A size of one each, and not `max`, for which room for all of them would be made at once.
  new LRUCache({ maxSize: keysMax, sizeCalculation: () => 1 });
