import { createHash } from 'node:crypto';
import type { Blobs } from '@throughline/kernel/ports';
import { expect } from 'chai';
import { bytesOf, rejectionOf, textOf } from './waiting.ts';

export interface BlobsSetting {
  readonly blobs: Blobs;
  /** Changes one stored byte behind the adapter's back. */
  damage(hash: string): Promise<void>;
  reopen(): Promise<BlobsSetting>;
  close(): Promise<void>;
}

export type BlobsFactory = () => Promise<BlobsSetting>;

export interface BlobsFeatures {
  /** A put of the same content heals a damaged copy. */
  readonly healsOnPut: boolean;
}

/** The laws of the `Blobs` port. Every adapter runs them unchanged. */
export function declareBlobsContract(name: string, open: BlobsFactory, features: BlobsFeatures): void {
  describe(`the blobs contract: ${name}`, () => {
    let setting: BlobsSetting;
    beforeEach(async () => {
      setting = await open();
    });
    afterEach(async () => {
      await setting.close();
    });
    declareContentLaws(
      () => setting,
      async () => {
        setting = await setting.reopen();
      },
      features,
    );
    declareNameLaws(() => setting);
  });
}

function declareContentLaws(setting: () => BlobsSetting, reopen: () => Promise<void>, features: BlobsFeatures): void {
  it('names content by its SHA-256 and gives it back after a restart', async () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => (index * 31) % 256);
    const hash = await setting().blobs.put(bytes);
    expect(hash).to.equal(createHash('sha256').update(bytes).digest('hex'));
    await reopen();
    const got = await setting().blobs.get(hash);
    expect(Buffer.compare(got ?? new Uint8Array(), bytes)).to.equal(0);
  });

  it('takes the same content twice as once, also at the same moment', async () => {
    const hashes = await Promise.all([1, 2, 3].map(() => setting().blobs.put(bytesOf('same'))));
    hashes.push(await setting().blobs.put(bytesOf('same')));
    expect(new Set(hashes).size).to.equal(1);
    expect(textOf((await setting().blobs.get(hashes[0] ?? '')) ?? new Uint8Array())).to.equal('same');
  });

  it('has nothing where nothing was put', async () => {
    expect(await setting().blobs.get('0'.repeat(64))).to.equal(undefined);
    expect(await setting().blobs.get('../../etc/passwd')).to.equal(undefined);
  });

  it('keeps empty content', async () => {
    const hash = await setting().blobs.put(new Uint8Array());
    expect((await setting().blobs.get(hash))?.length).to.equal(0);
  });

  it('rejects content that no longer matches its hash', async () => {
    const hash = await setting().blobs.put(bytesOf('whole'));
    await setting().damage(hash);
    expect(await rejectionOf(setting().blobs.get(hash))).to.have.property('code', 'blob-corrupt');
  });

  (features.healsOnPut ? it : it.skip)('replaces damaged content when it is put again', async () => {
    const hash = await setting().blobs.put(bytesOf('whole'));
    await setting().damage(hash);
    await setting().blobs.put(bytesOf('whole'));
    expect(textOf((await setting().blobs.get(hash)) ?? new Uint8Array())).to.equal('whole');
  });
}

function declareNameLaws(setting: () => BlobsSetting): void {
  it('has the last value of a name, and nothing for another', async () => {
    await setting().blobs.putNamed('audit/checkpoint', bytesOf('first, and longer'));
    await setting().blobs.putNamed('audit/checkpoint', bytesOf('second'));
    expect(textOf((await setting().blobs.getNamed('audit/checkpoint')) ?? new Uint8Array())).to.equal('second');
    expect(await setting().blobs.getNamed('audit')).to.equal(undefined);
  });

  it('keeps names that look like paths in their place', async () => {
    const names = ['..', '.', '../up', 'a/b', 'a%2Fb'];
    for (const name of names) await setting().blobs.putNamed(name, bytesOf(name));
    const found = await Promise.all(names.map((name) => setting().blobs.getNamed(name)));
    expect(found.map((bytes) => bytes && textOf(bytes))).to.deep.equal(names);
  });

  it('shows a reader an old value or a new one, never a part', async () => {
    const values = ['a', 'b'].map((letter) => letter.repeat(200_000));
    await setting().blobs.putNamed('n', bytesOf(values[0] ?? ''));
    let isDone = false;
    const writing = (async () => {
      for (let round = 0; round < 10; round += 1) await setting().blobs.putNamed('n', bytesOf(values[round % 2] ?? ''));
      isDone = true;
    })();
    while (!isDone) expect(values).to.include(textOf((await setting().blobs.getNamed('n')) ?? new Uint8Array()));
    await writing;
  });
}
