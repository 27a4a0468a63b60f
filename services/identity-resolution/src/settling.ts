import { customerIn, retire } from './customers.ts';
import type { ContactDocument } from './documents.ts';
import type { Ledger } from './ledger.ts';
import { caseIdOf, identified } from './placing.ts';
import { givenNow, noted, type Route } from './routing.ts';
import { weighed } from './weighing.ts';

/**
 * Gives a contact whose customer is known now (`contact.customerId`) its case: it moves there, or the provisional case
 * becomes theirs, or one question remains.
 */
export function settle(
  ledger: Ledger,
  contact: ContactDocument,
  customerId: string,
  route: Route,
  said: { readonly inputId: string; readonly because: readonly string[] },
): void {
  const because = [...said.because, route.because];
  const asking = { inputId: said.inputId, because };
  retire(ledger, contact.homeCustomerId, customerId);
  if (route.to === 'choose') {
    choose(ledger, contact, asking);
    return;
  }
  stopChoosing(ledger, customerId, contact.caseId);
  if (route.to === 'case' && route.caseId !== contact.caseId) {
    move(ledger, contact, customerId, { ...asking, toCaseId: route.caseId, disposition: 'resumed' });
    return;
  }
  if (route.to === 'new' && !isTheirsToTake(ledger, contact, customerId)) {
    const toCaseId = caseIdOf(contact.contactId, contact.hop + 1);
    move(ledger, contact, customerId, { ...asking, toCaseId, disposition: 'opened' });
    return;
  }
  own(ledger, contact, customerId, { ...asking, disposition: route.to === 'case' ? 'resumed' : 'opened' });
}

interface Deciding {
  readonly inputId: string;
  readonly because: readonly string[];
}

function choose(ledger: Ledger, contact: ContactDocument, { inputId, because }: Deciding): void {
  const asked: ContactDocument = { ...contact, disposition: 'choose' };
  ledger.write('contact', contact.contactId, asked);
  identified(ledger, asked, because);
  weighed(ledger, asked, { inputId, verdict: 'which-case' });
}

/** Sends a contact on to another case of its customer. */
export function move(
  ledger: Ledger,
  contact: ContactDocument,
  customerId: string,
  to: Deciding & { readonly toCaseId: string; readonly disposition: 'resumed' | 'opened' },
): void {
  const { contactId, caseId, assurance } = contact;
  const { toCaseId, disposition, because, inputId } = to;
  const customer = customerIn(ledger, customerId);
  const isHeardOf = customer.cases.some((note) => note.caseId === toCaseId && note.version > 0);
  const cases = isHeardOf ? customer.cases : noted(customer.cases, givenNow(toCaseId, ledger.nowMs));
  ledger.write('customer', customerId, { ...customer, cases });
  const hop = contact.hop + 1;
  const moved: ContactDocument = {
    ...contact,
    homeCustomerId: customerId,
    customerId,
    caseId: toCaseId,
    hop,
    movedFrom: caseId,
    disposition,
    settled: true,
  };
  ledger.write('contact', contactId, moved);
  identified(ledger, moved, because);
  ledger.event('ContactRerouted', contactId, {
    contactId,
    fromCaseId: caseId,
    toCaseId,
    customerId,
    because: because.join('; '),
  });
  const { externalId } = customer;
  ledger.tell('MoveDecided', {
    contactId,
    caseId,
    toCaseId,
    customerId,
    externalId,
    opens: !isHeardOf,
    assurance,
    disposition,
    hop,
    because,
    inputId,
    provisional: false,
  });
}

/** The provisional case stays the contact's home and is the customer's from now on. */
function own(
  ledger: Ledger,
  contact: ContactDocument,
  customerId: string,
  as: Deciding & { readonly disposition: 'resumed' | 'opened' },
): void {
  const { contactId, caseId, assurance, hop } = contact;
  const { disposition, because, inputId } = as;
  const home = ledger.look('customer', contact.homeCustomerId);
  const note = home?.cases.find((one) => one.caseId === caseId) ?? givenNow(caseId, ledger.nowMs);
  const customer = customerIn(ledger, customerId);
  ledger.write('customer', customerId, { ...customer, cases: noted(customer.cases, note) });
  const settled: ContactDocument = { ...contact, homeCustomerId: customerId, customerId, disposition, settled: true };
  ledger.write('contact', contactId, settled);
  identified(ledger, settled, because);
  const { externalId } = customer;
  ledger.tell('OwnerProven', {
    contactId,
    caseId,
    customerId,
    externalId,
    assurance,
    disposition,
    hop,
    because,
    inputId,
  });
}

/** Not where another contact has made the provisional case somebody else's, nor where it is over. */
function isTheirsToTake(ledger: Ledger, contact: ContactDocument, customerId: string): boolean {
  const home = ledger.look('customer', contact.homeCustomerId);
  const isOthers = home?.retiredInto !== customerId;
  const isOver = home?.cases.some((note) => note.caseId === contact.caseId && note.status === 'closed');
  return !isOthers && !isOver;
}

function stopChoosing(ledger: Ledger, customerId: string, caseId: string): void {
  const customer = customerIn(ledger, customerId);
  const choosing = customer.choosing.filter((one) => one.caseId !== caseId);
  ledger.write('customer', customerId, { ...customer, choosing });
}
