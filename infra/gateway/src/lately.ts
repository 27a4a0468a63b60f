import type { Clock } from '@throughline/kernel/ports';
import { CardCarry } from './card-carry.ts';

/** How long a contact without a connection is expected back. */
const BACK_WITHIN_MS = 10 * 60_000;

/** Contacts whose last connection is gone: whoever comes back to one of them is not new. */
export class Lately {
  readonly #clock: Clock;
  /** The one that went first stands first. */
  readonly #gone = new Map<string, { readonly atMs: number; readonly cardCarry: CardCarry }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  has(contactId: string): boolean {
    this.#forget();
    return this.#gone.has(contactId);
  }

  went(contactId: string, cardCarry: CardCarry): void {
    this.#forget();
    this.#gone.set(contactId, { atMs: this.#clock.nowMs(), cardCarry });
  }

  /** The contact is on again: gives what was kept for it. */
  comes(contactId: string): CardCarry {
    this.#forget();
    const kept = this.#gone.get(contactId);
    this.#gone.delete(contactId);
    return kept?.cardCarry ?? new CardCarry();
  }

  #forget(): void {
    const nowMs = this.#clock.nowMs();
    for (const [contactId, { atMs }] of this.#gone) {
      if (nowMs - atMs < BACK_WITHIN_MS) break;
      this.#gone.delete(contactId);
    }
  }
}
