import { crc32 } from 'node:zlib';
import type { Chance } from './chance.ts';

/** What is stored is not what was written: refused like an outage, and never used. */
export class Damaged extends Error {
  constructor(what: string) {
    super(`What is stored as ${what} does not match its checksum.`);
  }
}

/** Bytes at rest with the checksum that they were written with, as the real adapters keep them. */
export class Kept {
  /** A copy elsewhere, to put back. */
  readonly #whole: Uint8Array;
  #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#whole = bytes;
    this.#bytes = bytes;
  }

  /** @throws Damaged */
  read(what: string): Uint8Array {
    // The very bytes that were written have their sum.
    if (this.#bytes !== this.#whole && crc32(this.#bytes) !== crc32(this.#whole)) throw new Damaged(what);
    return this.#bytes;
  }

  /** Turns one bit over; the result puts it back. Undefined where there is none to turn. */
  damage(chance: Chance): (() => void) | undefined {
    if (this.#whole.length === 0) return undefined;
    const at = chance.below(this.#whole.length);
    this.#bytes = Uint8Array.from(this.#whole);
    this.#bytes[at] = (this.#whole[at] ?? 0) ^ (1 << chance.below(8));
    return () => {
      this.#bytes = this.#whole;
    };
  }
}
