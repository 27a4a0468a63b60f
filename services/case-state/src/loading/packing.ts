import type { Receipt, ReceiptLine } from '@throughline/schemas/generated/messages';
import type { Sensitivity } from '../documents.ts';
import { type ItemKind, mayRead, POLICY } from './policy.ts';

/** The most that the values of a briefing may hold, UTF-8 bytes (law 6). */
export const BUDGET_BYTES = 4096;

/** Who reads. */
export interface Reading {
  readonly assurance: number;
  readonly contactId: string;
}

/** One thing that may go into a briefing. */
export interface Item {
  /** As it stands on the receipt, such as `fact:order_number`. */
  readonly name: string;
  readonly kind: ItemKind;
  readonly sensitivity: Sensitivity;
  readonly writtenAssurance: number;
  readonly own: boolean;
  /** The values that it would give away. */
  readonly values: readonly string[];
}

/** Fills a briefing: asks the policy for each item, counts bytes, writes the receipt. */
export class Packing {
  readonly #reading: Reading;
  readonly #given: ReceiptLine[] = [];
  readonly #withheld: ReceiptLine[] = [];
  #bytes = 0;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  /** Whether the policy lets this contact have it, whatever the budget says. */
  allows(item: Item): boolean {
    return mayRead({ ...item, assurance: this.#reading.assurance }).allowed;
  }

  /** Takes the item in, or writes down why not. */
  give(item: Item): boolean {
    const answer = mayRead({ ...item, assurance: this.#reading.assurance });
    const size = sizeOf(item.values);
    const fits = this.#bytes + size <= BUDGET_BYTES;
    const line = { item: item.name, sensitivity: item.sensitivity };
    if (answer.allowed && fits) {
      this.#bytes += size;
      this.#given.push({ ...line, reason: answer.reason });
      return true;
    }
    this.#withheld.push({ ...line, reason: answer.allowed ? 'budget' : answer.reason });
    return false;
  }

  /** As much of a text as still fits, in whole characters, and at most so many bytes. */
  cut(text: string, mostBytes: number): string {
    return cutText(text, Math.min(mostBytes, BUDGET_BYTES - this.#bytes));
  }

  /** Writes down that a part of an item stayed away. */
  shortened(item: Item): void {
    this.#withheld.push({ item: `${item.name}:rest`, sensitivity: item.sensitivity, reason: 'budget' });
  }

  receipt(): Receipt {
    return {
      policy: POLICY,
      given: this.#given,
      withheld: this.#withheld,
      bytes: this.#bytes,
      budgetBytes: BUDGET_BYTES,
    };
  }
}

export const sizeOf = (values: readonly string[]): number =>
  values.reduce((sum, value) => sum + Buffer.byteLength(value), 0);

/** The beginning of a text that is at most so many UTF-8 bytes long and ends with a whole character. */
export function cutText(text: string, mostBytes: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= mostBytes) return text;
  let end = Math.max(0, mostBytes);
  // A byte 10xxxxxx goes on with the character before it.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end).toString();
}
