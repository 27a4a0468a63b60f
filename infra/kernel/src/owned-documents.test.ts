import { expect } from 'chai';
import { OwnedDocuments } from './owned-documents.ts';
import type { DocumentRef, DocumentWrite, Store } from './ports.ts';

const ref = (id: string): DocumentRef => ({ kind: 'sum', id });
const write = (id: string, body: Uint8Array | null): DocumentWrite => ({ kind: 'sum', id, body, lists: [] });

/** A store that can be changed behind the owner's back, and that tells what it was asked for. */
function opened(bodies: Record<string, Uint8Array | null>) {
  const asked: string[][] = [];
  const store = {
    load: async (_processor: string, refs: readonly DocumentRef[]) => {
      asked.push(refs.map(({ id }) => id));
      return refs.map((each) => {
        const body = bodies[each.id];
        return body ? { ...each, body } : undefined;
      });
    },
  } as unknown as Store;
  return { asked, owned: new OwnedDocuments(store, 'sums') };
}

describe('the documents that a partition owns', () => {
  it('are asked for once, whether there are any or not', async () => {
    const { asked, owned } = opened({ a: Uint8Array.of(1), c: Uint8Array.of(3) });
    expect(await owned.load([ref('a'), ref('b')])).to.deep.equal([{ ...ref('a'), body: Uint8Array.of(1) }]);
    const all = await owned.load([ref('c'), ref('b'), ref('a')]);
    expect(all.map(({ id, body }) => [id, ...body])).to.deep.equal([
      ['c', 3],
      ['a', 1],
    ]);
    expect(asked).to.deep.equal([['a', 'b'], ['c']]);
  });

  it('read as the owner wrote them last, also where there were none or are none any more', async () => {
    const { asked, owned } = opened({ a: Uint8Array.of(1) });
    await owned.load([ref('a'), ref('b')]);
    owned.wrote([write('a', null), write('b', Uint8Array.of(2))]);
    expect((await owned.load([ref('a'), ref('b')])).map(({ id, body }) => [id, ...body])).to.deep.equal([['b', 2]]);
    expect(asked.length).to.equal(1);
  });

  it('are not kept when nobody has asked for them', async () => {
    const { asked, owned } = opened({ a: Uint8Array.of(1) });
    owned.wrote([write('a', Uint8Array.of(1))]);
    await owned.load([ref('a')]);
    expect(asked).to.deep.equal([['a']]);
  });

  it('give way when they are too much, those that were used last stay', async () => {
    const half = new Uint8Array(3_900_000);
    const { asked, owned } = opened({ a: half, b: half, c: half });
    for (const id of ['a', 'b', 'a', 'c', 'a', 'b']) await owned.load([ref(id)]);
    expect(asked).to.deep.equal([['a'], ['b'], ['c'], ['b']]);
  });

  it('are asked for again after an outage', async () => {
    let isAway = true;
    const load = async (_processor: string, refs: readonly DocumentRef[]) => {
      if (isAway) throw new Error('away');
      return refs.map((each) => ({ ...each, body: Uint8Array.of(1) }));
    };
    const owned = new OwnedDocuments({ load } as unknown as Store, 'sums');
    const failed = await owned.load([ref('a')]).then(
      () => false,
      () => true,
    );
    isAway = false;
    expect([failed, (await owned.load([ref('a')])).length]).to.deep.equal([true, 1]);
  });
});
