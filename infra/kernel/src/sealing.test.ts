import { expect } from 'chai';
import type { Keyring } from './ports.ts';
import { openContent, sealContent } from './sealing.ts';

const SUM = { kind: 'sum', id: 'a' };

/** A keyring that writes on each sealed thing which key and place it is of, and remembers what was fetched. */
function keyring(destroyed: readonly string[] = []) {
  const fetched: (readonly string[])[] = [];
  const keys = {
    seal: (keyId: string, plain: Uint8Array, context: string) =>
      Buffer.from(JSON.stringify({ keyId, context, plain: Buffer.from(plain).toString() })),
    open: (sealed: Uint8Array, context: string) => {
      const { keyId, context: place, plain } = JSON.parse(Buffer.from(sealed).toString());
      if (place !== context) throw new Error('The seal is broken.');
      return destroyed.includes(keyId) ? undefined : Buffer.from(plain);
    },
    keyIdOf: (sealed: Uint8Array) => JSON.parse(Buffer.from(sealed).toString()).keyId as string,
    fetch: async (keyIds: readonly string[]) => void fetched.push(keyIds),
  } as unknown as Keyring;
  return { keys, fetched };
}

describe('a document at rest', () => {
  it('is sealed under its key and comes back', async () => {
    const { keys, fetched } = keyring();
    const [one, two] = ['a', 'b'].map((id) => ({
      ...SUM,
      id,
      body: sealContent(keys, 'sums', { ...SUM, id }, { total: id }, 'case:1'),
    }));
    expect(
      await openContent(
        keys,
        'sums',
        [one, two].flatMap((each) => each ?? []),
      ),
    ).to.deep.equal([{ total: 'a' }, { total: 'b' }]);
    expect(fetched).to.deep.equal([['case:1']]);
  });

  it('lies in the clear where it has no key, and then no key is asked for', async () => {
    const { keys, fetched } = keyring();
    const body = sealContent(keys, 'sums', SUM, { total: 1 }, undefined);
    expect(Buffer.from(body).toString()).to.equal('\u0000{"total":1}');
    expect(await openContent(keys, 'sums', [{ ...SUM, body }])).to.deep.equal([{ total: 1 }]);
    expect(fetched).to.deep.equal([]);
  });

  it('counts as erased once its key is destroyed', async () => {
    const { keys } = keyring(['case:1']);
    const body = sealContent(keys, 'sums', SUM, { total: 1 }, 'case:1');
    expect(await openContent(keys, 'sums', [{ ...SUM, body }])).to.deep.equal([undefined]);
  });

  it('cannot be put where another belongs', async () => {
    const { keys } = keyring();
    const body = sealContent(keys, 'sums', SUM, { total: 1 }, 'case:1');
    for (const [processor, place] of [
      ['sums', { ...SUM, id: 'b' }],
      ['sums', { ...SUM, kind: 'other' }],
      ['others', SUM],
    ] as const) {
      const refused = await openContent(keys, processor, [{ ...place, body }]).catch((error: Error) => error.message);
      expect(refused).to.equal('The seal is broken.');
    }
  });
});
