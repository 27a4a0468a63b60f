import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadOrCreateMasterKey, MASTER_KEY_FILE } from './master-key.ts';

const KEY = Uint8Array.from({ length: 32 }, (_, index) => index * 7);
const never = (): Uint8Array => {
  throw new Error('No key is to be made here.');
};

describe('the master key', () => {
  let directory: string;
  const fromText = (fromEnvironment: string) => loadOrCreateMasterKey({ directory, random: never, fromEnvironment });
  const file = (): string => join(directory, MASTER_KEY_FILE);

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'throughline-'));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  it('is made at the first start, for its owner only, and is the same at the next', () => {
    const made = loadOrCreateMasterKey({ directory, random: () => KEY });
    expect([...made]).to.deep.equal([...KEY]);
    expect(statSync(file()).mode & 0o777).to.equal(0o600);
    expect([...loadOrCreateMasterKey({ directory, random: never })]).to.deep.equal([...KEY]);
  });

  for (const encoding of ['base64', 'hex'] as const) {
    it(`is read from the environment as ${encoding}`, () => {
      expect([...fromText(Buffer.from(KEY).toString(encoding))]).to.deep.equal([...KEY]);
    });
  }

  for (const [what, text] of [
    ['nothing', ''],
    ['too few bytes', Buffer.from(KEY.subarray(1)).toString('base64')],
    ['too many bytes', Buffer.from([...KEY, 1]).toString('hex')],
    ['something else', 'correct horse battery staple'],
  ] as const) {
    it(`is refused as ${what}, by the name of the variable and without its value`, () => {
      expect(() => fromText(text))
        .to.throw(/^THROUGHLINE_MASTER_KEY must be 32 bytes/)
        .with.property('code', 'master-key-malformed');
    });
  }

  it('is refused where others may read its file', () => {
    loadOrCreateMasterKey({ directory, random: () => KEY });
    chmodSync(file(), 0o640);
    expect(() => loadOrCreateMasterKey({ directory, random: never }))
      .to.throw(/chmod 600/)
      .with.property('code', 'master-key-exposed');
  });

  it('is refused where its file holds something else', () => {
    writeFileSync(file(), 'not a key\n', { mode: 0o600 });
    expect(() => loadOrCreateMasterKey({ directory, random: never }))
      .to.throw()
      .with.property('code', 'master-key-malformed');
  });
});
