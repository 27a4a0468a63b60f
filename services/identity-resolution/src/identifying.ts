import type { Mac } from '@throughline/kernel/ports';
import { mentions } from '@throughline/language/mentions';
import { orderKey } from '@throughline/language/order-references';
import type { Identifier } from '@throughline/schemas/generated/messages';
import type { StepUpDocument } from './documents.ts';

/** The document id of an identifier: a keyed hash, so that who reads the store learns nobody's number. */
export function identifierIdOf(mac: Mac, identifier: Identifier): string {
  return mac('identifier', `${identifier.type}:${identifier.value}`);
}

/** The document id of the address that the code of a step-up goes to; undefined where it goes to none. */
export function stepUpAddressId(mac: Mac, { address }: Pick<StepUpDocument, 'address'>): string | undefined {
  return address === null ? undefined : identifierIdOf(mac, { type: 'email', value: address });
}

/** The keyed hash under which cases are noticed by the order numbers they are about. */
export function referenceOf(mac: Mac, order: string): string {
  return mac('reference', orderKey(order));
}

/** What a text says about who and what: identifiers of people, and keyed hashes of orders (which identify nobody). */
export interface Said {
  readonly identifiers: readonly Identifier[];
  readonly orders: readonly string[];
}

/** Reads a text. `region` is for numbers said without a country code. Pure. */
export function saidIn(text: string, region: string, mac: Mac): Said {
  const found = mentions(text, region);
  return {
    identifiers: [
      ...found.emails.map((value): Identifier => ({ type: 'email', value })),
      ...found.phones.map((value): Identifier => ({ type: 'phone', value })),
    ].slice(0, IDENTIFIERS_MAX),
    orders: found.orders.map((order) => referenceOf(mac, order)),
  };
}

/** A text may list thousands of addresses; nobody has more than a few, and each one has to be looked up. */
const IDENTIFIERS_MAX = 4;
