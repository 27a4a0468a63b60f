import { ERASED } from '@throughline/kernel/envelope';
import type { ContactSeen, StepUpRequested, TurnOffered } from '@throughline/schemas/generated/messages';
import { asksAgain, givesUp, isSomethingNew, kindNamed } from './answers.ts';
import { customerIn, touchSessions } from './customers.ts';
import type { ContactDocument, CustomerDocument, StepUpDocument } from './documents.ts';
import { identifierIdOf, type Said, saidIn } from './identifying.ts';
import type { Ledger } from './ledger.ts';
import { customersNamed } from './matching.ts';
import { prove } from './proving.ts';
import { candidates, casesAbout, type Route } from './routing.ts';
import { settle } from './settling.ts';
import { askForCode, endStepUp, sendAgain, targetOf, tryCode } from './stepup.ts';
import { openStepUp, weighed } from './weighing.ts';

/** Turns that are remembered: by id, against one offered twice, and in full, to be sent along on a second way. */
const INPUTS_KEPT = 50;
const TURNS_KEPT = 3;
const ORDERS_KEPT = 20;

/** The question which case is meant is put again once; after that it is a new matter. */
const MISUNDERSTOOD_MAX = 2;

/** A turn of a contact that has not settled, or that awaits a code. It is answered exactly once. */
export function decideOffered(ledger: Ledger, offered: TurnOffered): void {
  const former = ledger.look('contact', offered.contactId);
  // A turn from a home that the contact has left is forwarded by that case itself.
  if (!former || former.caseId !== offered.caseId || former.inputs.includes(offered.turn.inputId)) return;
  const text = offered.turn.text === ERASED ? '' : offered.turn.text;
  const said = saidIn(text, former.region, ledger.mac);
  const contact = remembering(ledger, former, offered, said);
  const { inputId, codeProofs } = offered.turn;
  const stepUp = openStepUp(ledger, contact.stepUpId);
  if (stepUp && codeProofs.length > 0) {
    const proven = tryCode(ledger, contact, stepUp, { inputId, codeProofs });
    if (proven) prove(ledger, contact, proven, inputId);
    return;
  }
  if (stepUp && givesUp(text)) {
    giveUp(ledger, contact, stepUp, inputId);
    return;
  }
  if (stepUp && isResend(stepUp, said, text, ledger)) {
    sendAgain(ledger, contact, stepUp, inputId);
    return;
  }
  const isLate = codeProofs.length > 0 && contact.stepUpId !== null;
  const isWaiting = stepUp !== undefined && said.identifiers.length === 0;
  if (contact.settled || isLate || isWaiting) {
    weighed(ledger, contact, { inputId, verdict: aboutCode(ledger, contact) });
    return;
  }
  // Known and not settled: they were asked which case is meant.
  if (contact.customerId !== null) {
    decideChoice(ledger, contact, contact.customerId, {
      inputId,
      text,
      orders: ordersAnswered(ledger, contact, text, said),
    });
    return;
  }
  weighIdentifiers(ledger, contact, said, inputId);
}

/** A settled contact wants more than it has earned: a code goes to an address on file that it did not come from. */
export function decideStepUp(ledger: Ledger, requested: StepUpRequested): void {
  const contact = ledger.look('contact', requested.contactId);
  if (!contact || contact.caseId !== requested.caseId) return;
  const { inputId, needed } = requested;
  if (contact.assurance >= needed) {
    weighed(ledger, contact, { inputId, verdict: 'proven' });
    return;
  }
  const stepUp = openStepUp(ledger, contact.stepUpId);
  if (stepUp) {
    sendAgain(ledger, contact, stepUp, inputId);
    return;
  }
  const customer = contact.customerId === null ? undefined : ledger.look('customer', contact.customerId);
  // A second code is no second proof.
  const isUseful = contact.answerable && !contact.proofs.includes('code');
  const target = customer && isUseful ? targetOf(ledger, contact, customer, []) : undefined;
  if (!target) {
    weighed(ledger, contact, { inputId, verdict: 'no-address' });
    return;
  }
  askForCode(ledger, contact, { said: [], target, needed, inputId });
}

/** When a contact was last active: from then on its session idles. */
export function decideSeen(ledger: Ledger, seen: ContactSeen): void {
  const contact = ledger.look('contact', seen.contactId);
  if (contact) touchSessions(ledger, contact, seen.lastActiveMs);
}

function remembering(ledger: Ledger, former: ContactDocument, offered: TurnOffered, said: Said): ContactDocument {
  const { turn } = offered;
  const others = former.turns.filter((one) => one.inputId !== turn.inputId);
  const contact: ContactDocument = {
    ...former,
    inputs: [...former.inputs, turn.inputId].slice(-INPUTS_KEPT),
    turns: [...others, turn].slice(-TURNS_KEPT),
    orders: [...new Set([...former.orders, ...said.orders])].slice(-ORDERS_KEPT),
  };
  if (!openStepUp(ledger, former.stepUpId)) endStepUp(ledger, former.stepUpId, 'expired');
  ledger.write('contact', contact.contactId, contact);
  touchSessions(ledger, contact, turn.atMs);
  return contact;
}

/** They name an e-mail address or a number: a code goes to the address on file of the one customer it belongs to. */
function weighIdentifiers(ledger: Ledger, contact: ContactDocument, said: Said, inputId: string): void {
  const ids = said.identifiers.map((one) => identifierIdOf(ledger.mac, one));
  // Mail that nobody may answer (its sender is not proven) makes nobody's mailbox ring either.
  if (ids.length === 0 || !contact.answerable) {
    weighed(ledger, contact, { inputId, verdict: 'nothing-found' });
    return;
  }
  const [customerId, ...others] = customersNamed(ids, ledger.look);
  const customer = customerId !== undefined && others.length === 0 ? ledger.look('customer', customerId) : undefined;
  const target = customer && targetOf(ledger, contact, customer, ids);
  askForCode(ledger, contact, { said: ids, target, needed: 2, inputId });
}

/** The question named the order number, so that an answer may give one without saying that it is one: "K one one nine". */
function ordersAnswered(ledger: Ledger, contact: ContactDocument, text: string, said: Said): readonly string[] {
  return said.orders.length > 0 || said.identifiers.length > 0
    ? said.orders
    : saidIn(`order ${text}`, contact.region, ledger.mac).orders;
}

/** The answer to the question which case is meant. */
function decideChoice(
  ledger: Ledger,
  contact: ContactDocument,
  customerId: string,
  answer: { readonly inputId: string; readonly text: string; readonly orders: readonly string[] },
): void {
  const { inputId, text, orders } = answer;
  const customer = customerIn(ledger, customerId);
  const route = routeAnswered(customer, orders, text, ledger.nowMs);
  const because = ['they were asked which case is meant'];
  if (route) {
    settle(ledger, contact, customerId, route, { inputId, because });
    return;
  }
  // What a mail said before anybody asked is no answer yet.
  const isAnswer = contact.misunderstood > 0 || contact.turns.length > 1 || contact.channel !== 'email';
  const misunderstood = contact.misunderstood + (isAnswer ? 1 : 0);
  if (misunderstood >= MISUNDERSTOOD_MAX) {
    settle(ledger, contact, customerId, { to: 'new', because: 'the answers fit no case' }, { inputId, because });
    return;
  }
  ledger.write('contact', contact.contactId, { ...contact, misunderstood });
  weighed(ledger, contact, { inputId, verdict: 'which-case' });
}

/** What an answer decides; undefined where it could mean several, or anything. */
function routeAnswered(
  customer: CustomerDocument,
  orders: readonly string[],
  text: string,
  nowMs: number,
): Route | undefined {
  if (isSomethingNew(text)) return { to: 'new', because: 'they said it is something new' };
  const about = casesAbout(customer, orders);
  if (orders.length > 0 && about.length === 0) return { to: 'new', because: 'no case is about the order named' };
  const kind = kindNamed(text);
  const fitting = about.length > 0 ? about : candidates(customer, nowMs).filter((note) => note.kind === kind);
  const [only] = fitting;
  return only && fitting.length === 1
    ? { to: 'case', caseId: only.caseId, because: 'the answer fits one case' }
    : undefined;
}

function giveUp(ledger: Ledger, contact: ContactDocument, stepUp: StepUpDocument, inputId: string): void {
  endStepUp(ledger, stepUp.stepUpId, 'given-up');
  weighed(ledger, contact, { inputId, verdict: contact.settled ? 'proven' : 'nothing-found' });
}

function isResend(stepUp: StepUpDocument, said: Said, text: string, ledger: Ledger): boolean {
  const ids = said.identifiers.map((one) => identifierIdOf(ledger.mac, one));
  if (ids.length === 0) return asksAgain(text);
  return ids.some((id) => stepUp.said.includes(id));
}

/** What there is to say of a code to a turn that brings none, or brings one too late. */
function aboutCode(
  ledger: Ledger,
  contact: ContactDocument,
): 'code-sent' | 'code-expired' | 'code-exhausted' | 'proven' {
  const state = contact.stepUpId === null ? undefined : ledger.look('stepup', contact.stepUpId)?.state;
  if (state === 'open') return 'code-sent';
  if (state === 'expired') return 'code-expired';
  return state === 'exhausted' ? 'code-exhausted' : 'proven';
}
