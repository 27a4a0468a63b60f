import { expect } from 'chai';
import { DocumentSet } from './document-set.ts';
import { OwnedDocuments } from './owned-documents.ts';
import type { DocumentRef, Keyring, Store, StoredDocument } from './ports.ts';

const ref = (id: string): DocumentRef => ({ kind: 'sum', id });
const plain = (content: unknown): Uint8Array => Buffer.concat([Buffer.from([0]), Buffer.from(JSON.stringify(content))]);

/** A store that remembers what it was asked for; nothing in it is sealed. */
function stored(contents: Readonly<Record<string, unknown>>) {
  const asked: string[][] = [];
  const store = {
    load: async (processor: string, refs: readonly DocumentRef[]) => {
      asked.push([processor, ...refs.map(({ id }) => id)]);
      return refs.map(({ kind, id }): StoredDocument | undefined =>
        id in contents ? { kind, id, body: plain(contents[id]) } : undefined,
      );
    },
  } as unknown as Store;
  return { asked, documents: new DocumentSet(new OwnedDocuments(store, 'sums'), {} as Keyring, 'sums') };
}

describe('the documents of a unit', () => {
  it('are asked for together, once, until there is nothing more to ask for', async () => {
    const { asked, documents } = stored({ a: { next: 'c' }, c: 3 });
    const needs = () => {
      const next = documents.has('sum', 'a') ? documents.get<{ next: string }>('sum', 'a')?.next : undefined;
      return [ref('a'), ref('b'), ref('a'), ...(next === undefined ? [] : [ref(next)])];
    };
    await documents.load(needs);
    await documents.load(needs);
    expect(asked).to.deep.equal([
      ['sums', 'a', 'b'],
      ['sums', 'c'],
    ]);
    expect(documents.get('sum', 'c')).to.equal(3);
    expect([documents.has('sum', 'b'), documents.get('sum', 'b')]).to.deep.equal([true, undefined]);
  });

  it('are not asked for without end where each leads to another', async () => {
    const { asked, documents } = stored({});
    let last = 0;
    await documents.load(() => Array.from({ length: ++last }, (_, index) => ref(String(index))));
    expect(asked.length).to.equal(12);
  });

  it('are told apart by kind and id', async () => {
    const { documents } = stored({ a: 1 });
    await documents.load(() => [ref('a')]);
    expect([documents.has('sum', 'a'), documents.has('other', 'a'), documents.has('suma', '')]).to.deep.equal([
      true,
      false,
      false,
    ]);
  });

  it('are refused where needs did not name them', () => {
    const { documents } = stored({ a: 1 });
    expect(() => documents.get('sum', 'a')).to.throw('sums decided on a document of kind "sum" that its needs');
  });

  it('read as they were written last, and are written once, in the order of first writing', async () => {
    const { asked, documents } = stored({ a: 1 });
    await documents.load(() => [ref('a')]);
    documents.write([
      { ...ref('a'), content: 2 },
      { ...ref('b'), content: 3 },
    ]);
    documents.write([{ ...ref('a'), content: null }]);
    await documents.load(() => [ref('a'), ref('b')]);
    expect([documents.get('sum', 'a'), documents.get('sum', 'b')]).to.deep.equal([undefined, 3]);
    expect(documents.written()).to.deep.equal([
      { ...ref('a'), content: null },
      { ...ref('b'), content: 3 },
    ]);
    expect(asked.length).to.equal(1);
  });
});
