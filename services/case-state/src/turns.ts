import type { CustomerSaid, MoveDecided, OwnerProven, TurnWeighed } from '@throughline/schemas/generated/messages';
import { brief, unansweredTurns } from './briefing-contacts.ts';
import { type ContactHead, LIMITS } from './documents.ts';
import type { Drafting } from './drafting.ts';
import { IDLE_TIMER, idleDueMs } from './idling.ts';
import { activate } from './joining.ts';
import { cutText } from './loading/packing.ts';
import { recordTurn, reopenFor, turnEntryId } from './said.ts';
import { changeStatus } from './statuses.ts';
import { resolveAgain } from './subjects.ts';
import { weighOrBrief } from './weighing.ts';

/**
 * Where an input about a contact belongs now, if not here: behind the contact that has moved, or behind the case that is continued.
 * Undefined where it belongs here.
 */
export function elsewhere(draft: Drafting, contactId: string): string | undefined {
  const contact = draft.contactFound(contactId);
  if (contact?.movedTo) return contact.movedTo;
  return contact === undefined ? (draft.found()?.continuedIn ?? undefined) : undefined;
}

/** A turn. A settled contact's goes to the agent; any other's is weighed by identity first. Again is the same. */
export function say(draft: Drafting, said: CustomerSaid): void {
  const { contactId } = said;
  const to = elsewhere(draft, contactId);
  if (to !== undefined) {
    draft.toCase(to, 'CustomerSaid', { ...said, caseId: to });
    return;
  }
  const contact = draft.contact(contactId);
  if (draft.seen(turnEntryId(contactId, said.turn.inputId))) return;
  if (contact.answerable) reopenFor(draft, contactId, said.turn.text);
  revive(draft, contact);
  const turn = recordTurn(draft, contactId, said.turn);
  if (contact.leaving) {
    // It goes along with the others, and is answered where they are.
    draft.record('TurnTaken', { contactId, inputId: turn.inputId });
    return;
  }
  weighOrBrief(draft, contact, turn);
}

/** Whoever speaks or connects is on the case again. */
export function revive(draft: Drafting, contact: ContactHead): void {
  if (!contact.ended) return;
  const { contactId } = contact;
  draft.changeContact(contactId, { ended: false, lastActiveMs: draft.nowMs });
  activate(draft, contactId);
  if (contact.channel === 'chat') draft.timer(`${IDLE_TIMER}${contactId}`, idleDueMs(draft.nowMs));
}

/** Identity has weighed a turn and the contact stays as it is, perhaps surer than before. */
export function weigh(draft: Drafting, weighed: TurnWeighed): void {
  const { contactId, inputId, assurance, codeAwaited, verdict, triesLeft } = weighed;
  const to = elsewhere(draft, contactId);
  if (to !== undefined) {
    draft.toCase(to, 'TurnWeighed', { ...weighed, caseId: to });
    return;
  }
  // To be asked which case is meant is to be a contact that chooses, as identity has it.
  const disposition = verdict === 'which-case' ? 'choose' : draft.contact(contactId).disposition;
  const contact = draft.changeContact(contactId, { assurance, codeAwaited, disposition });
  taken(draft, contactId, inputId);
  const answers = inputId ?? contact.newestInputId ?? `joined:${contactId}:${contact.hop}`;
  brief(draft, contactId, { cause: 'weighed', inputId: answers, verdict, triesLeft, replyDue: true });
}

/** The contact of a provisional case is known now, and the case is its customer's. */
export function prove(draft: Drafting, proven: OwnerProven): void {
  const { contactId, inputId, customerId, externalId, assurance, disposition, hop } = proven;
  const contact = draft.contact(contactId);
  if (contact.movedTo !== null || (contact.settled && contact.hop >= hop)) return;
  const formerCustomerId = draft.head().customerId;
  draft.changeContact(contactId, { assurance, disposition, hop, settled: true, codeAwaited: false });
  draft.change({ customerId, externalId, provisional: false });
  draft.record('CaseOwned', { contactId, customerId, formerCustomerId });
  taken(draft, contactId, inputId);
  for (const other of contact.offered.filter((each) => each !== inputId)) taken(draft, contactId, other);
  const answers = inputId ?? contact.newestInputId ?? `joined:${contactId}:${hop}`;
  brief(draft, contactId, { cause: 'weighed', inputId: answers, verdict: 'proven', replyDue: true });
}

/**
 * The contact belongs to another case: it goes there with what it said here, so that it never has two homes. A provisional
 * case ends with that; any other goes on, and only what nobody has answered goes along.
 */
export function move(draft: Drafting, decided: MoveDecided): void {
  const { contactId, toCaseId, hop, inputId } = decided;
  const contact = draft.contact(contactId);
  if (contact.movedTo !== null || contact.hop >= hop) return;
  taken(draft, contactId, inputId);
  draft.record('ContactMoved', { contactId, toCaseId, hop, inputId });
  forward(draft, decided, draft.contact(contactId));
  if (contact.settled) resolveAgain(draft, contact);
  const left = { unanswered: [], carried: [], leaving: false, reopened: false };
  draft.changeContact(contactId, { movedTo: toCaseId, due: null, offered: [], ...left });
  draft.change({ active: draft.head().active.filter((id) => id !== contactId) });
  if (contact.channel === 'chat') draft.timer(`${IDLE_TIMER}${contactId}`, null);
  if (!draft.head().provisional || draft.head().active.length > 0) return;
  changeStatus(draft, { to: 'closed', continuedIn: toCaseId, because: 'It belongs to another case.' });
}

function forward(draft: Drafting, decided: MoveDecided, contact: ContactHead): void {
  const { contactId, toCaseId, customerId, externalId, opens, assurance, disposition, hop, because } = decided;
  const { channel, startedMs, connectionId, route, answerable, expectsWords } = contact;
  const settled = !decided.provisional && (disposition === 'resumed' || disposition === 'opened');
  // What a settled contact said before the subject changed is about the case that it leaves.
  const facts = contact.settled ? [] : draft.head().facts.filter((fact) => fact.contactId === contactId);
  draft.toCase(toCaseId, 'ContactJoined', {
    contactId,
    caseId: toCaseId,
    customerId,
    externalId,
    provisional: decided.provisional,
    channel,
    startedMs,
    connectionId,
    route,
    answerable,
    expectsWords,
    opens,
    assurance,
    disposition,
    settled,
    hop,
    because,
    turn: null,
    codeAwaited: contact.codeAwaited && (!settled || contact.settled),
    movedFrom: draft.caseId,
    formerGoesOn: !draft.head().provisional,
    carriedFacts: facts.map(({ contactId: _from, ...fact }) => fact),
    carriedTurns: fitting(unansweredTurns(draft, contact)),
    takenInputs: contact.taken,
  });
}

/** Carried turns share a record with much else: together they are cut to what a briefing could use of them. */
function fitting<Turn extends { readonly text: string }>(turns: readonly Turn[]): readonly Turn[] {
  const share = Math.floor(LIMITS.carriedBytes / Math.max(1, turns.length));
  return turns.map((turn) => ({ ...turn, text: cutText(turn.text, share) }));
}

/** Tells the gateway that a turn which was offered has its home. */
function taken(draft: Drafting, contactId: string, inputId: string | null): void {
  const contact = draft.contact(contactId);
  if (inputId === null || !contact.offered.includes(inputId)) return;
  draft.changeContact(contactId, { offered: draft.contact(contactId).offered.filter((each) => each !== inputId) });
  draft.record('TurnTaken', { contactId, inputId });
}
