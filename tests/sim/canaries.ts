import type { InteractionAdded } from '@throughline/schemas/generated/messages';

/** Words that stand nowhere else: whose they are, and what it takes to hear them. */
export interface Canary {
  /** The person whose secret it is; a number of the history's own. */
  readonly person: number;
  /** The contact that said it; null where it came from a backend. */
  readonly contactId: string | null;
  readonly sensitivity: InteractionAdded['sensitivity'];
}

const PATTERN = /zq([a-p]{6})qz/g;
const LETTERS = 'abcdefghijklmnop';
const LENGTH = 6;

/** Mints words that can be found again wherever they turn up. Letters only: numbers could be taken for an order or a code. */
export class Canaries {
  readonly #minted: Canary[] = [];

  mint(canary: Canary): string {
    const number = this.#minted.push(canary) - 1;
    const letters = Array.from({ length: LENGTH }, (_, place) => LETTERS[(number >> (4 * place)) & 15]);
    return `zq${letters.join('')}qz`;
  }

  /** Every canary that a text holds. */
  in(text: string): readonly Canary[] {
    return [...text.toLowerCase().matchAll(PATTERN)].flatMap(([, letters = '']) => {
      const number = [...letters].reduce((sum, letter, place) => sum + (LETTERS.indexOf(letter) << (4 * place)), 0);
      return this.#minted[number] ?? [];
    });
  }
}
