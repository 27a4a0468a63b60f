import type { Keyring } from '@throughline/kernel/ports';
import { expect } from 'chai';
import { bytesOf, rejectionOf, textOf } from './waiting.ts';

/** A keyring to try, without keys at first. */
export interface KeyringSetting {
  readonly keyring: Keyring;
  /** The same keys after a restart, with nothing at hand; under another master key where one is given. */
  reopen(masterKey?: Uint8Array): Promise<KeyringSetting>;
  /** Everything that the storage holds, as it lies on the disk. */
  stored(): Promise<Uint8Array>;
  /** All random bytes that the keyring was given: 32 at a time for keys, 12 for nonces. */
  readonly drawn: readonly Uint8Array[];
  close(): Promise<void>;
}

export type KeyringFactory = () => Promise<KeyringSetting>;

export interface KeyringFeatures {
  /** Destroying a key also removes its wrapped bytes from the storage's files. */
  readonly erasesFromDisk: boolean;
}

const CASE = 'case:case_1';
const CONTEXT = 'case.inputs.v1/Said/text';

/** The laws of the `Keyring` port. Every adapter runs them unchanged. */
export function declareKeyringContract(name: string, open: KeyringFactory, features: KeyringFeatures): void {
  describe(`the keyring contract: ${name}`, () => {
    let setting: KeyringSetting;
    const keyring = (): Keyring => setting.keyring;
    const reopen = async (): Promise<void> => {
      setting = await setting.reopen();
    };
    beforeEach(async () => {
      setting = await open();
    });
    afterEach(async () => {
      await setting.close();
    });
    declareSealLaws(keyring, reopen);
    declareDestructionLaws(keyring, reopen);
    declareSecrecyLaws(() => setting, features);
  });
}

function declareSealLaws(keyring: () => Keyring, reopen: () => Promise<void>): void {
  it('opens what it sealed, also after a restart', async () => {
    await keyring().ensure([CASE]);
    const sealed = keyring().seal(CASE, bytesOf('where is my order?'), CONTEXT);
    expect(keyring().keyIdOf(sealed)).to.equal(CASE);
    await reopen();
    await keyring().fetch([CASE]);
    expect(textOf(keyring().open(sealed, CONTEXT) ?? new Uint8Array())).to.equal('where is my order?');
  });

  it('makes a key once, whoever asks at the same moment', async () => {
    await Promise.all([keyring().ensure([CASE, CASE]), keyring().ensure([CASE])]);
    const sealed = keyring().seal(CASE, bytesOf('x'), CONTEXT);
    await keyring().ensure([CASE]);
    await reopen();
    await keyring().ensure([CASE]);
    expect(textOf(keyring().open(sealed, CONTEXT) ?? new Uint8Array())).to.equal('x');
  });

  it('seals the same words differently each time', async () => {
    await keyring().ensure([CASE]);
    const [one, two] = [1, 2].map(() => Buffer.from(keyring().seal(CASE, bytesOf('same'), CONTEXT)).toString('hex'));
    expect(one).not.to.equal(two);
  });

  it('does not open under another context', async () => {
    await keyring().ensure([CASE]);
    const sealed = keyring().seal(CASE, bytesOf('x'), CONTEXT);
    expect(() => keyring().open(sealed, `${CONTEXT}2`))
      .to.throw()
      .with.property('code', 'seal-broken');
  });

  it('does not open bytes of which any one was changed', async () => {
    await keyring().ensure([CASE, 'case:case_2']);
    const sealed = keyring().seal(CASE, bytesOf('secret'), CONTEXT);
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Uint8Array.from(sealed, (byte, index) => (index === at ? byte ^ 1 : byte));
      expect(() => keyring().open(changed, CONTEXT), `byte ${at}`)
        .to.throw()
        .with.property('code')
        .that.is.oneOf(['seal-broken', 'key-missing']);
    }
  });

  it('does not open bytes that were cut off or are not sealed', async () => {
    await keyring().ensure([CASE]);
    const sealed = keyring().seal(CASE, bytesOf('secret'), CONTEXT);
    for (const bytes of [sealed.subarray(0, sealed.length - 1), sealed.subarray(0, 5), new Uint8Array()]) {
      expect(() => keyring().open(bytes, CONTEXT))
        .to.throw()
        .with.property('code', 'seal-broken');
    }
  });

  it('seals and opens only with keys at hand, so that no key is taken for erased by mistake', async () => {
    await keyring().ensure([CASE]);
    const sealed = keyring().seal(CASE, bytesOf('x'), CONTEXT);
    await reopen();
    expect(() => keyring().seal(CASE, bytesOf('x'), CONTEXT))
      .to.throw()
      .with.property('code', 'key-missing');
    expect(() => keyring().open(sealed, CONTEXT))
      .to.throw()
      .with.property('code', 'key-missing');
  });

  it('names the destroyed key that something cannot be sealed with, also where it was to be made again', async () => {
    await keyring().ensure([CASE]);
    await keyring().destroy(CASE);
    await keyring().ensure([CASE]);
    expect(() => keyring().seal(CASE, bytesOf('x'), CONTEXT))
      .to.throw()
      .that.includes({ code: 'key-missing', keyId: CASE });
  });

  it('is asked for a key whose id is too long without an outage, and does not seal under it', async () => {
    const long = `case:${'x'.repeat(300)}`;
    await keyring().ensure([long, CASE]);
    expect(() => keyring().seal(long, bytesOf('x'), CONTEXT)).to.throw();
    expect(keyring().keyIdOf(keyring().seal(CASE, bytesOf('x'), CONTEXT))).to.equal(CASE);
  });

  it('fetches no key that was never made', async () => {
    await keyring().fetch(['case:never']);
    expect(() => keyring().seal('case:never', bytesOf('x'), CONTEXT))
      .to.throw()
      .with.property('code', 'key-missing');
  });
}

function declareDestructionLaws(keyring: () => Keyring, reopen: () => Promise<void>): void {
  it('never again opens what was sealed under a destroyed key', async () => {
    await keyring().ensure([CASE, 'case:case_2']);
    const erased = keyring().seal(CASE, bytesOf('x'), CONTEXT);
    const kept = keyring().seal('case:case_2', bytesOf('kept'), CONTEXT);
    await keyring().destroy(CASE);
    expect(keyring().open(erased, CONTEXT)).to.equal(undefined);
    await reopen();
    await keyring().fetch([CASE, 'case:case_2']);
    expect(keyring().open(erased, CONTEXT)).to.equal(undefined);
    expect(textOf(keyring().open(kept, CONTEXT) ?? new Uint8Array())).to.equal('kept');
  });

  it('does not make a destroyed key again', async () => {
    await keyring().ensure([CASE]);
    const sealed = keyring().seal(CASE, bytesOf('x'), CONTEXT);
    await keyring().destroy(CASE);
    await keyring().ensure([CASE]);
    await reopen();
    await keyring().ensure([CASE]);
    expect(keyring().open(sealed, CONTEXT)).to.equal(undefined);
    expect(() => keyring().seal(CASE, bytesOf('y'), CONTEXT))
      .to.throw()
      .with.property('code', 'key-missing');
  });

  it('does not make a key that was destroyed before there was one', async () => {
    await keyring().destroy(CASE);
    await keyring().ensure([CASE]);
    expect(() => keyring().seal(CASE, bytesOf('y'), CONTEXT))
      .to.throw()
      .with.property('code', 'key-missing');
  });
}

function declareSecrecyLaws(setting: () => KeyringSetting, features: KeyringFeatures): void {
  it('hashes the same text to the same value everywhere, and by purpose', async () => {
    const first = setting().keyring.mac('lookup', '+4930123456');
    const again = (await setting().reopen()).keyring;
    expect(again.mac('lookup', '+4930123456')).to.equal(first);
    expect(again.mac('codes', '+4930123456')).not.to.equal(first);
    expect(again.mac('lookup', '+4930123457')).not.to.equal(first);
    expect(first).to.match(/^[0-9a-f]{64}$/);
  });

  it('refuses to start under another master key', async () => {
    await setting().keyring.ensure([CASE]);
    const refusal = await rejectionOf(setting().reopen(new Uint8Array(32).fill(9)));
    expect(refusal).to.have.property('code', 'master-key-different');
  });

  it('keeps no key in the clear', async () => {
    await setting().keyring.ensure([CASE]);
    const keys = setting().drawn.filter(({ length }) => length === 32);
    const stored = Buffer.from(await setting().stored());
    expect(keys).not.to.have.length(0);
    expect(stored.includes(CASE)).to.equal(true);
    for (const key of keys) expect(stored.includes(Buffer.from(key))).to.equal(false);
  });

  (features.erasesFromDisk ? it : it.skip)('leaves nothing of a destroyed key in its files', async () => {
    const { keyring, stored, drawn } = setting();
    await keyring.ensure([CASE]);
    // The nonce is part of the wrapped key and cannot be told from chance without it.
    const nonces = drawn.filter(({ length }) => length === 12);
    const before = Buffer.from(await stored());
    expect(nonces.map((nonce) => before.includes(Buffer.from(nonce)))).to.deep.equal([true]);
    await keyring.destroy(CASE);
    const after = Buffer.from(await stored());
    expect(nonces.map((nonce) => after.includes(Buffer.from(nonce)))).to.deep.equal([false]);
  });
}
