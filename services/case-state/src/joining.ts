import type { ContactJoined } from '@throughline/schemas/generated/messages';
import { brief } from './briefing-contacts.ts';
import { type CaseHead, type ContactHead, homeRef, LIMITS, newest } from './documents.ts';
import type { Drafting } from './drafting.ts';
import { recordFact } from './facts.ts';
import { IDLE_TIMER, idleDueMs } from './idling.ts';
import { recordTurn, reopenFor, turnEntryId } from './said.ts';
import { changeStatus } from './statuses.ts';
import { weighOrBrief } from './weighing.ts';

/** A contact comes to the case: this is where a load begins. */
export function join(draft: Drafting, joined: ContactJoined): void {
  const { contactId, caseId } = joined;
  const head = draft.found();
  const known = head && draft.contactFound(contactId);
  if (known && known.hop >= joined.hop) return;
  if (head === undefined && !joined.opens) {
    draft.toIdentity('JoinRefused', { contactId, caseId, continuedIn: null });
    return;
  }
  if (head?.status === 'closed' && !takesBack(draft, joined, head)) return;
  if (head === undefined) openCase(draft, joined);
  addContact(draft, joined, known);
  takeCarried(draft, joined);
  briefJoined(draft, joined);
}

/**
 * A closed case takes nobody: identity routes again. One exception: what a contact brings from its provisional case exists
 * nowhere else, so it goes on to where the case is continued, or the case opens again for it.
 */
function takesBack(draft: Drafting, joined: ContactJoined, head: CaseHead): boolean {
  const { contactId, caseId } = joined;
  if (joined.movedFrom === null) {
    draft.toIdentity('JoinRefused', { contactId, caseId, continuedIn: head.continuedIn });
    return false;
  }
  if (head.continuedIn !== null) {
    draft.toCase(head.continuedIn, 'ContactJoined', { ...joined, caseId: head.continuedIn });
    return false;
  }
  changeStatus(draft, { to: 'open', because: 'A contact that belongs here came after it was closed.' });
  return true;
}

function openCase(draft: Drafting, joined: ContactJoined): void {
  const { caseId, customerId, externalId, provisional, channel, contactId } = joined;
  draft.open({
    caseId,
    customerId,
    externalId,
    provisional,
    status: 'open',
    kind: null,
    kindFrom: null,
    needsPerson: false,
    channel,
    openedBy: contactId,
    openedMs: draft.nowMs,
    changedMs: draft.nowMs,
    resolvedMs: null,
    version: 0,
    basis: 0,
    facts: [],
    question: null,
    promises: [],
    actions: [],
    tail: [],
    active: [],
    hasTurns: false,
    references: [],
    continuedIn: null,
    segments: [],
  });
  draft.record('CaseOpened', { customerId, provisional, channel });
}

/** A contact that joins the same case again, with a higher hop, keeps what it said here. */
function addContact(draft: Drafting, joined: ContactJoined, known: ContactHead | undefined): void {
  const { contactId, caseId, channel, startedMs, assurance, disposition, settled, codeAwaited } = joined;
  const { hop, route, answerable, expectsWords, connectionId } = joined;
  const given = { assurance, disposition, settled, codeAwaited, hop, route, answerable, expectsWords, connectionId };
  const fresh: ContactHead = {
    ...given,
    contactId,
    caseId,
    channel,
    startedMs,
    lastActiveMs: draft.nowMs,
    carry: '',
    unanswered: [],
    carried: [],
    offered: [],
    due: null,
    steppedUpFor: null,
    lastRepliedNumber: 0,
    frames: [],
    taken: [],
    newestInputId: null,
    firstWordsSaid: false,
    asked: [],
    briefedNumber: 0,
    movedTo: null,
    leaving: false,
    reopened: false,
    ended: false,
  };
  draft.addContact(
    known ? { ...known, ...given, movedTo: null, leaving: false, ended: false, lastActiveMs: draft.nowMs } : fresh,
  );
  activate(draft, contactId);
  if (channel === 'chat') draft.timer(`${IDLE_TIMER}${contactId}`, idleDueMs(draft.nowMs));
  // Only the first home writes it, so that no two partitions write one document; later homes are found through `movedTo`.
  if (joined.movedFrom === null) draft.write({ ...homeRef(contactId), content: { caseId, contactId } });
}

/** Puts a contact among those that are on the case now. */
export function activate(draft: Drafting, contactId: string): void {
  const { active } = draft.head();
  if (!active.includes(contactId)) draft.change({ active: newest([...active, contactId], LIMITS.active) });
}

/** What was said in the case before goes on here; that case itself does so only where it ends with the move. */
function takeCarried(draft: Drafting, joined: ContactJoined): void {
  const { contactId, movedFrom, formerGoesOn, carriedFacts, carriedTurns, takenInputs } = joined;
  for (const fact of carriedFacts) recordFact(draft, fact, contactId);
  const contact = draft.contact(contactId);
  // One that was taken here, before the contact left and came back, keeps the number of its entry.
  const elsewhere = takenInputs.filter((inputId) => !contact.taken.includes(inputId));
  for (const inputId of elsewhere) draft.take(turnEntryId(contactId, inputId), 0);
  if (movedFrom === null) return;
  draft.changeContact(contactId, {
    carried: newest(carriedTurns, LIMITS.unanswered),
    newestInputId: carriedTurns.at(-1)?.inputId ?? contact.newestInputId,
    taken: newest([...contact.taken, ...elsewhere], LIMITS.taken),
  });
  const { segments } = draft.head();
  const isSegment = !formerGoesOn && !segments.includes(movedFrom);
  if (isSegment) draft.change({ segments: newest([...segments, movedFrom], LIMITS.segments) });
  for (const turn of carriedTurns) reopenFor(draft, contactId, turn.text);
}

/** One reply is due at most: for the turn that came along, or for coming here where the contact is to speak second. */
function briefJoined(draft: Drafting, joined: ContactJoined): void {
  const { contactId, hop, connectionId, turn, answerable } = joined;
  const inputId = `joined:${contactId}:${hop}`;
  brief(draft, contactId, { cause: 'joined', inputId, connectionId, replyDue: turn === null && speaksFirst(joined) });
  if (turn === null || draft.seen(turnEntryId(contactId, turn.inputId))) return;
  if (answerable) reopenFor(draft, contactId, turn.text);
  const recorded = recordTurn(draft, contactId, turn);
  weighOrBrief(draft, draft.contact(contactId), recorded, connectionId);
}

function speaksFirst(joined: ContactJoined): boolean {
  const { disposition, expectsWords, movedFrom } = joined;
  if (expectsWords || movedFrom !== null) return true;
  return disposition === 'resumed' || disposition === 'verify' || disposition === 'choose';
}
