import { LRUCache } from 'lru-cache';
import type { DocumentRef, DocumentWrite, Store, StoredDocument } from './ports.ts';

/** Kept for each partition, in bytes as stored: some thousand cases with those who are on them. */
const BYTES_MAX = 8_000_000;
/** What holding one more document costs, whatever its size. */
const OVERHEAD_BYTES = 200;

/** A document's name in a map. */
export const keyOf = ({ kind, id }: DocumentRef): string => `${kind}\n${id}`;

interface Kept {
  /** As stored, so sealed where the store has it sealed: a key that is destroyed erases it here too. Null where there is none. */
  readonly body: Uint8Array | null;
}

/**
 * The documents of one partition, for as long as it has this owner: nobody else writes them, so what the owner last read or
 * wrote is what the store has, and it asks for each only once. An owner that was replaced may read what is no longer so;
 * what follows from that is fenced. Only what was asked for is kept, and what was used last when it is too much.
 */
export class OwnedDocuments {
  readonly #store: Store;
  readonly #processor: string;
  readonly #kept = new LRUCache<string, Kept>({
    maxSize: BYTES_MAX,
    sizeCalculation: ({ body }, key) => (body?.length ?? 0) + key.length + OVERHEAD_BYTES,
  });

  constructor(store: Store, processor: string) {
    this.#store = store;
    this.#processor = processor;
  }

  /** Those that exist, in the order of `refs`, which names each once. Rejects on an outage. */
  async load(refs: readonly DocumentRef[]): Promise<readonly StoredDocument[]> {
    const found = new Map<DocumentRef, Kept>();
    const unknown: DocumentRef[] = [];
    for (const ref of refs) {
      const kept = this.#kept.get(keyOf(ref));
      if (kept) found.set(ref, kept);
      else unknown.push(ref);
    }
    const stored = unknown.length === 0 ? [] : await this.#store.load(this.#processor, unknown);
    unknown.forEach((ref, index) => {
      const body = stored[index]?.body;
      // A copy: what an adapter gives may be a piece of a whole answer, which would be kept with it.
      const kept = { body: body ? new Uint8Array(body) : null };
      this.#kept.set(keyOf(ref), kept);
      found.set(ref, kept);
    });
    return refs.flatMap((ref) => {
      const body = found.get(ref)?.body;
      return body ? [{ ...ref, body }] : [];
    });
  }

  /** Told of every unit once the store has it. */
  wrote(documents: readonly DocumentWrite[]): void {
    for (const document of documents) {
      const key = keyOf(document);
      if (this.#kept.has(key)) this.#kept.set(key, { body: document.body });
    }
  }
}
