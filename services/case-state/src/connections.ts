import type {
  ContactLeft,
  ContactReconnected,
  Frame,
  InteractionAdded,
  ReplyAccepted,
} from '@throughline/schemas/generated/messages';
import { type ContactHead, type EntryDocument, LIMITS } from './documents.ts';
import type { Drafting } from './drafting.ts';
import { endContact, idleDueMs } from './idling.ts';
import { changeStatus } from './statuses.ts';
import { elsewhere, revive } from './turns.ts';

/** A connection that came back hears where its contact stands and, if it asks, what it missed. */
export function reconnect(draft: Drafting, reconnected: ContactReconnected, behind: number): void {
  const { contactId, connectionId, wantsFrames } = reconnected;
  const to = elsewhere(draft, contactId);
  if (to !== undefined) {
    draft.toCase(to, 'ContactReconnected', { ...reconnected, caseId: to });
    return;
  }
  if (draft.contactFound(contactId) === undefined) {
    sendBack(draft, reconnected);
    return;
  }
  if (hasIdled(draft, draft.contact(contactId))) {
    // Said again where it was said before: this connection has not heard it.
    draft.changeContact(contactId, { ended: false });
    endContact(draft, contactId, 'idle', draft.contact(contactId).lastActiveMs);
    return;
  }
  revive(draft, draft.contact(contactId));
  const contact = draft.changeContact(contactId, { connectionId, lastActiveMs: draft.nowMs });
  const numbers = missed(contact.frames, behind);
  const { hop, disposition, assurance, settled, codeAwaited, offered } = contact;
  draft.record('ContactCaughtUp', {
    contactId,
    connectionId,
    hop,
    disposition,
    assurance,
    settled,
    codeAwaited,
    unanswered: offered.at(-1) ?? null,
    frames: wantsFrames ? framesOf(numbers.map((number) => draft.entry(number))) : [],
  });
}

/**
 * A chat that has idled for half an hour keeps nothing of what it had earned: its session comes back as a contact of its own, and
 * what was said in this one is read to nobody who only holds its token.
 */
const hasIdled = (draft: Drafting, { channel, assurance, lastActiveMs }: ContactHead): boolean =>
  channel === 'chat' && assurance > 0 && idleDueMs(lastActiveMs) <= draft.nowMs;

/**
 * The case was closed to the contact, and identity, told so before, knows its home by now: the connection asks there again. Once,
 * so that nothing goes round for ever where a contact cannot be found; where there is no case at all, nobody knows of one.
 */
function sendBack(draft: Drafting, { contactId, connectionId, wantsFrames, after }: ContactReconnected): void {
  const key = sentBackKey(connectionId);
  if (draft.found() === undefined || draft.seen(key)) return;
  draft.toIdentity('ContactResumed', { contactId, connectionId, wantsFrames, after });
  draft.take(key);
}

export const sentBackKey = (connectionId: string): string => `sent-back:${connectionId}`;

/** The entries that a contact missed: the oldest behind what it has, so that it can ask again from the last one. */
export const missed = (frames: readonly number[], behind: number): readonly number[] =>
  frames.filter((number) => number > behind).slice(0, LIMITS.framesAtOnce);

/** A contact ended. A provisional case in which nobody ever said anything ends with it. */
export function leave(draft: Drafting, left: ContactLeft): void {
  const { contactId, reason } = left;
  const to = elsewhere(draft, contactId);
  if (to !== undefined) {
    draft.toCase(to, 'ContactLeft', { ...left, caseId: to });
    return;
  }
  if (draft.contactFound(contactId) === undefined) return;
  endContact(draft, contactId, reason, left.atMs);
  const { provisional, hasTurns, active } = draft.head();
  if (!provisional || hasTurns || active.length > 0) return;
  changeStatus(draft, { to: 'closed', because: 'Nobody said anything.' });
}

function framesOf(entries: readonly (EntryDocument | undefined)[]): readonly Frame[] {
  const frames: Frame[] = [];
  let bytes = 0;
  for (const frame of entries.flatMap((entry) => frameOf(entry))) {
    bytes += Buffer.byteLength(frame.text);
    if (bytes > LIMITS.framesBytes && frames.length > 0) break;
    frames.push(frame);
  }
  return frames;
}

function frameOf(entry: EntryDocument | undefined): readonly Frame[] {
  if (entry?.type === 'InteractionAdded') {
    const { entryId, number, turn, atMs } = entry.body as unknown as InteractionAdded;
    return [{ entryId, number, from: 'customer', text: turn.text, atMs, inputId: turn.inputId }];
  }
  if (entry?.type === 'ReplyAccepted') {
    const { entryId, number, from, text, atMs, inputId } = entry.body as unknown as ReplyAccepted;
    return [{ entryId, number, from, text, atMs, inputId }];
  }
  return [];
}
