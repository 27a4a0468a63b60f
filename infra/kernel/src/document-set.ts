import { keyOf, type OwnedDocuments } from './owned-documents.ts';
import type { DocumentRef, Keyring } from './ports.ts';
import type { Documents, Write } from './processor.ts';
import { openContent } from './sealing.ts';

/** How often `needs` may lead from one document to the next before it counts as a defect. */
const STEPS_MAX = 12;

/**
 * The documents that one unit works on: as stored, overlaid with what the inputs before have written. What a unit
 * wrote is dropped with the set when its commit fails, so nothing uncommitted is ever decided upon.
 */
export class DocumentSet implements Documents {
  readonly #owned: OwnedDocuments;
  readonly #keyring: Keyring;
  readonly #processor: string;
  readonly #contents = new Map<string, unknown>();
  readonly #writes = new Map<string, Write>();

  constructor(owned: OwnedDocuments, keyring: Keyring, processor: string) {
    this.#owned = owned;
    this.#keyring = keyring;
    this.#processor = processor;
  }

  has(kind: string, id: string): boolean {
    return this.#contents.has(keyOf({ kind, id }));
  }

  get<Content>(kind: string, id: string): Content | undefined {
    const key = keyOf({ kind, id });
    if (!this.#contents.has(key))
      throw new Error(`${this.#processor} decided on a document of kind "${kind}" that its needs did not name.`);
    return this.#contents.get(key) as Content | undefined;
  }

  /** Loads until `needs` asks for nothing that is not here; several inputs at once share each round trip. */
  async load(needs: () => readonly DocumentRef[]): Promise<void> {
    for (let step = 0; step < STEPS_MAX; step += 1) {
      const missing = new Map<string, DocumentRef>();
      for (const ref of needs()) {
        const key = keyOf(ref);
        if (!this.#contents.has(key)) missing.set(key, ref);
      }
      if (missing.size === 0) return;
      const present = await this.#owned.load([...missing.values()]);
      const contents = await openContent(this.#keyring, this.#processor, present);
      for (const key of missing.keys()) this.#contents.set(key, undefined);
      present.forEach((document, index) => {
        this.#contents.set(keyOf(document), contents[index]);
      });
    }
    // A chain that never ends stops here; `get` then refuses the document that was not loaded, and the record is parked.
  }

  write(writes: readonly Write[]): void {
    for (const write of writes) {
      const key = keyOf(write);
      this.#contents.set(key, write.content ?? undefined);
      this.#writes.set(key, write);
    }
  }

  /** The last write of each document, in the order of first writing. */
  written(): readonly Write[] {
    return [...this.#writes.values()];
  }
}
