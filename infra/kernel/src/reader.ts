import type { Keyring, Store } from './ports.ts';
import { openContent } from './sealing.ts';

/** Reads a processor's documents for a view. Eventually consistent: it shows what is committed. */
export interface Reader {
  /** Undefined where there is none or its key is destroyed. */
  get<Content>(kind: string, id: string): Promise<Content | undefined>;
  /** One page of a list by ascending sort key behind `after`; `next` is null at the end. */
  list<Content>(list: string, after: string | null, limit: number): Promise<ReaderPage<Content>>;
}

export interface ReaderPage<Content> {
  readonly items: readonly { readonly kind: string; readonly id: string; readonly content: Content }[];
  readonly next: string | null;
}

export function createReader(options: { store: Store; keyring: Keyring; processor: string }): Reader {
  const { store, keyring, processor } = options;
  return {
    async get<Content>(kind: string, id: string) {
      const [stored] = await store.load(processor, [{ kind, id }]);
      if (!stored) return undefined;
      const [content] = await openContent(keyring, processor, [stored]);
      return content as Content | undefined;
    },
    async list<Content>(list: string, after: string | null, limit: number) {
      const page = await store.list(processor, list, after, limit);
      const contents = await openContent(keyring, processor, page.items);
      const items = page.items.flatMap((item, index) => {
        const content = contents[index];
        return content === undefined ? [] : [{ kind: item.kind, id: item.id, content: content as Content }];
      });
      return { items, next: page.next };
    },
  };
}
