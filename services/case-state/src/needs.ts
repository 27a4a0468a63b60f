import type { DocumentRef } from '@throughline/kernel/ports';
import type { Documents } from '@throughline/kernel/processor';
import type { CaseInput, ContactReconnected } from '@throughline/schemas/generated/messages';
import { missed, sentBackKey } from './connections.ts';
import { deliveredKey } from './deliveries.ts';
import {
  type CaseHead,
  type ContactHead,
  caseRef,
  contactRef,
  entryRef,
  type SeenDocument,
  seenRef,
} from './documents.ts';
import { turnEntryId } from './said.ts';
import { idleContactOf } from './timers.ts';

/** The case that an input is about. A timer names none, but fires under its key. */
export function caseIdOf(input: CaseInput): string {
  return 'caseId' in input.body ? input.body.caseId : input.key;
}

/**
 * The documents that an input needs: the case, the contacts that it concerns, what was taken before, and the few entries
 * that a briefing or a catch-up quotes in full. Never the thread.
 */
export function needs(input: CaseInput, documents: Documents): readonly DocumentRef[] {
  if (input.type === 'RedriveRequested') return [];
  const caseId = caseIdOf(input);
  const contacts = contactsOf(input, documents, caseId);
  const contactRefs = contacts.map((contactId) => contactRef(caseId, contactId));
  const seenRefs = seenKeysOf(input).map((key) => seenRef(caseId, key));
  const first = [caseRef(caseId), ...contactRefs, ...seenRefs];
  return [...first, ...entryNumbers(input, documents, first).map((number) => entryRef(caseId, number))];
}

/** Entry number of the last thing that a connection says it has; 0 where it has nothing of this case. */
export function lastSeenNumber(reconnected: ContactReconnected, documents: Documents): number {
  if (reconnected.after === null) return 0;
  const { kind, id } = seenRef(reconnected.caseId, reconnected.after);
  return documents.get<SeenDocument>(kind, id)?.number ?? 0;
}

function contactsOf(input: CaseInput, documents: Documents, caseId: string): readonly string[] {
  switch (input.type) {
    case 'TimerFired':
      return [idleContactOf(input.body.timerId)].filter((id) => id !== undefined);
    case 'ActionReported':
      return audienceOf(documents, caseId, input.body.actionId);
    case 'CaseLooked':
    case 'Delivered':
    case 'MailRequested':
    case 'RedriveRequested':
      return [];
    default:
      return [input.body.contactId];
  }
}

/** Everybody who may hear of an action: who waits for it and who is on the case. */
function audienceOf(documents: Documents, caseId: string, actionId: string): readonly string[] {
  const head = loaded<CaseHead>(documents, caseRef(caseId));
  if (head === undefined) return [];
  const waiters = head.actions.find((action) => action.actionId === actionId)?.waiters ?? [];
  return [...new Set([...waiters.map((waiter) => waiter.contactId), ...head.active])];
}

function seenKeysOf(input: CaseInput): readonly string[] {
  switch (input.type) {
    case 'CustomerSaid':
      return [turnEntryId(input.body.contactId, input.body.turn.inputId)];
    case 'ContactJoined':
      return input.body.turn === null ? [] : [turnEntryId(input.body.contactId, input.body.turn.inputId)];
    case 'ContactReconnected':
      return [sentBackKey(input.body.connectionId), ...(input.body.after === null ? [] : [input.body.after])];
    case 'ActionReported':
      return [input.body.reportId];
    case 'Delivered':
      return [deliveredKey(input.body)];
    case 'MailRequested':
      return [input.body.mailId];
    case 'CaseLooked':
      return [input.body.lookId];
    default:
      return [];
  }
}

/** Only once everything else is there. */
function entryNumbers(input: CaseInput, documents: Documents, first: readonly DocumentRef[]): readonly number[] {
  if (!first.every((ref) => documents.has(ref.kind, ref.id))) return [];
  const contacts = first
    .filter((ref) => ref.kind === 'contact')
    .flatMap((ref) => loaded<ContactHead>(documents, ref) ?? []);
  if (input.type === 'ContactReconnected' && input.body.wantsFrames) {
    const behind = lastSeenNumber(input.body, documents);
    return contacts.flatMap((contact) => missed(contact.frames, behind));
  }
  return input.type === 'ContactReconnected' ? [] : contacts.flatMap((contact) => contact.unanswered);
}

function loaded<Content>(documents: Documents, { kind, id }: DocumentRef): Content | undefined {
  return documents.has(kind, id) ? documents.get<Content>(kind, id) : undefined;
}
