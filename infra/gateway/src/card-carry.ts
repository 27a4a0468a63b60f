import { createRecent } from './recent.ts';

/** How many turns of a contact are remembered, so that one that is said again is masked as it was the first time. */
const TURNS_MAX = 100;

/**
 * What a contact has begun of a card number (`redact` says how), whichever of its connections it was said on. Holds digits: in memory
 * only, and no longer than its contact is on or may come back.
 */
export class CardCarry {
  #carry = '';
  readonly #before = createRecent<string>(TURNS_MAX);

  /** What a turn goes on from; said again, what it went on from the first time. @param turn the channel's own id of it */
  before(turn: string): string {
    const known = this.#before.get(turn);
    if (known === undefined) this.#before.set(turn, this.#carry);
    return known ?? this.#carry;
  }

  /** What the turn has left. */
  leaves(carry: string): void {
    this.#carry = carry;
  }
}
