import { deriveId } from '@throughline/kernel/ids';
import type { ContactJoined, Turn } from '@throughline/schemas/generated/messages';
import { customerIn, newCustomer, provisionalIdOf } from './customers.ts';
import type { ContactDocument, CustomerDocument, Disposition } from './documents.ts';
import type { Ledger } from './ledger.ts';
import { candidates, caseNamed, givenNow, noted, routeCustomer } from './routing.ts';

/** Where a contact is at home, and on what terms. */
export interface Home {
  readonly homeCustomerId: string;
  readonly caseId: string;
  readonly opens: boolean;
  readonly disposition: Disposition;
  readonly settled: boolean;
  readonly because: string;
}

/** The case that a contact opens as its n-th home. */
export const caseIdOf = (contactId: string, hop: number): string => deriveId('case', contactId, String(hop));

/** How many questions which case is meant are remembered of one customer. */
const CHOOSING_MAX = 5;

/**
 * The home of a contact of a known customer.
 * @param wishes orders: keyed hashes of the orders named; cases: those that a token or a reference of the channel names
 */
export function homeOfKnown(
  ledger: Ledger,
  customerId: string,
  at: { readonly contactId: string; readonly hop: number },
  wishes: { readonly orders: readonly string[]; readonly cases: readonly string[] },
): Home {
  const customer = customerIn(ledger, customerId);
  const named = caseNamed(customer, wishes.cases);
  if (named !== undefined) return resumed(customer, named, 'the reply belongs to a case of theirs');
  const asked = customer.choosing.find((one) => wishes.cases.includes(one.caseId));
  if (asked) {
    const because = 'the reply answers which case is meant';
    return homeOfStranger(ledger, at, { customerId: asked.homeCustomerId, disposition: 'choose', because });
  }
  const route = routeCustomer(customer, wishes.orders, ledger.nowMs);
  if (route.to === 'case') return resumed(customer, route.caseId, route.because);
  const caseId = caseIdOf(at.contactId, at.hop);
  if (route.to === 'new') {
    giveCase(ledger, customerId, caseId);
    return {
      homeCustomerId: customerId,
      caseId,
      opens: true,
      disposition: 'opened',
      settled: true,
      because: route.because,
    };
  }
  const choosing = [...customer.choosing, { caseId, homeCustomerId: provisionalIdOf(at.contactId) }].slice(
    -CHOOSING_MAX,
  );
  ledger.write('customer', customerId, { ...customer, choosing });
  return homeOfStranger(ledger, at, { disposition: 'choose', because: route.because });
}

/**
 * The home of a contact that has not settled: the live case of its provisional customer, or a new one.
 * @param as customerId: a provisional customer that exists; without it the contact brings its own into being
 */
export function homeOfStranger(
  ledger: Ledger,
  at: { readonly contactId: string; readonly hop: number },
  as: { readonly customerId?: string; readonly disposition: Disposition; readonly because: string },
): Home {
  const homeCustomerId = as.customerId ?? provisionalIdOf(at.contactId);
  const customer = ledger.look('customer', homeCustomerId) ?? newCustomer(homeCustomerId, true);
  ledger.write('customer', homeCustomerId, customer);
  const live = candidates(customer, ledger.nowMs).at(-1);
  const caseId = live?.caseId ?? caseIdOf(at.contactId, at.hop);
  if (!live) giveCase(ledger, homeCustomerId, caseId);
  const opens = live === undefined || live.version === 0;
  return { homeCustomerId, caseId, opens, disposition: as.disposition, settled: false, because: as.because };
}

/** From now on the case counts among the customer's, before it has been heard of. */
export function giveCase(ledger: Ledger, customerId: string, caseId: string): void {
  const customer = customerIn(ledger, customerId);
  ledger.write('customer', customerId, { ...customer, cases: noted(customer.cases, givenNow(caseId, ledger.nowMs)) });
}

function resumed(customer: CustomerDocument, caseId: string, because: string): Home {
  const opens = customer.cases.some((note) => note.caseId === caseId && note.version === 0);
  return { homeCustomerId: customer.customerId, caseId, opens, disposition: 'resumed', settled: true, because };
}

/** Sends a contact to its home. `sent` is what goes along: the first turn, or what was said before a move. */
export function join(
  ledger: Ledger,
  contact: ContactDocument,
  home: Home,
  sent: { readonly because: readonly string[]; readonly codeAwaited: boolean; readonly turn: Turn | null },
): void {
  identified(ledger, contact, sent.because);
  const { contactId, caseId, channel, startedMs, connectionId, route, answerable, expectsWords, assurance, hop } =
    contact;
  ledger.tell('ContactJoined', {
    contactId,
    caseId,
    customerId: contact.homeCustomerId,
    externalId: contact.settled ? customerIn(ledger, contact.homeCustomerId).externalId : null,
    provisional: !contact.settled,
    channel,
    startedMs,
    connectionId,
    route,
    answerable,
    expectsWords,
    opens: home.opens,
    assurance,
    disposition: contact.disposition,
    settled: contact.settled,
    hop,
    because: sent.because,
    turn: contact.movedFrom === null ? sent.turn : null,
    codeAwaited: sent.codeAwaited,
    movedFrom: contact.movedFrom,
    formerGoesOn: contact.changedBy !== null,
    carriedFacts: [],
    carriedTurns: contact.movedFrom === null ? [] : carried(contact),
    takenInputs: contact.movedFrom === null ? [] : contact.inputs,
  });
}

/** Puts on the record who is on a contact and why. */
export function identified(ledger: Ledger, contact: ContactDocument, because: readonly string[]): void {
  ledger.event('ContactIdentified', contact.contactId, {
    contactId: contact.contactId,
    caseId: contact.caseId,
    channel: contact.channel,
    customerId: contact.customerId ?? contact.homeCustomerId,
    provisional: contact.customerId === null,
    assurance: contact.assurance,
    disposition: contact.disposition,
    because,
  });
}

/** Turns said in the provisional case, as the next home takes them over. They have no number there yet. */
function carried(contact: ContactDocument): ContactJoined['carriedTurns'] {
  const { contactId, channel } = contact;
  return contact.turns.map(({ inputId, text, atMs }) => ({
    number: 0,
    inputId,
    contactId,
    channel,
    from: 'customer',
    text,
    atMs,
  }));
}
