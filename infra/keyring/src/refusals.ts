/** `seal` or `open` was asked for a key that `ensure` or `fetch` has not brought, or `seal` for a destroyed one. */
export class KeyMissing extends Error {
  readonly code = 'key-missing';
  readonly keyId: string;
  constructor(keyId: string, why: 'destroyed' | 'not at hand') {
    super(
      why === 'destroyed'
        ? `Key ${keyId} is destroyed: nothing is sealed under it any more.`
        : `Key ${keyId} is not at hand: call ensure or fetch for it first.`,
    );
    this.name = 'KeyMissing';
    this.keyId = keyId;
  }
}

/** Sealed bytes, or the context given with them, are not what was sealed. */
export class SealBroken extends Error {
  readonly code = 'seal-broken';
  constructor(why: string) {
    super(`The sealed bytes cannot be opened: ${why}.`);
    this.name = 'SealBroken';
  }
}

/** The keys cannot be used as they are; the message is one sentence that says what to do. */
export class KeyringRefused extends Error {
  readonly code: 'master-key-malformed' | 'master-key-exposed' | 'master-key-different' | 'key-corrupt';
  constructor(code: KeyringRefused['code'], message: string) {
    super(message);
    this.name = 'KeyringRefused';
    this.code = code;
  }
}
