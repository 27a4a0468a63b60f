/** What a person means by the few answers that identity itself waits for. Pure; in doubt they mean nothing. */

/** They ask for the code once more. */
export function asksAgain(text: string): boolean {
  return AGAIN.test(plain(text));
}

/** They go on without the code. */
export function givesUp(text: string): boolean {
  return GIVEN_UP.test(plain(text));
}

/** It is about something that no case is about yet. */
export function isSomethingNew(text: string): boolean {
  return NEW.test(plain(text));
}

/** The kind of matter that they name, if it is one kind only. */
export function kindNamed(text: string): 'refund' | 'order' | undefined {
  const isRefund = REFUND.test(plain(text));
  const isOrder = ORDER.test(plain(text));
  if (isRefund === isOrder) return undefined;
  return isRefund ? 'refund' : 'order';
}

const plain = (text: string): string => text.toLowerCase().replace(/[’‘]/g, "'");

const AGAIN =
  /\b(re-?send|send (it|the code|that|one|me (it|one|another)|another|a new)|(another|new) (code|e-?mail|mail)|(didn't|did not|haven't|have not|hasn't|has not|never|not|nothing) (yet )?(get|got|gotten|receive|received|arrive|arrived|come|came))\b/;
const GIVEN_UP =
  /\b(never ?mind|forget (it|about it|the code)|skip (it|the code|this)|without (a|the) code|(can't|cannot|can not) (get into|access|open|reach))\b/;
const NEW =
  /\b((something|anything) (new|else|different)|(a )?(new|different|separate) (case|issue|matter|problem|question|topic|request|thing|one)|neither( of (them|those|these))?|none of (them|those|these))\b/;
const REFUND = /\b(refund(s|ed)?|money back|reimburse(d|ment)?)\b/;
const ORDER = /\b(orders?|deliver(y|ies|ed)|parcel|package|shipment|shipping)\b/;
