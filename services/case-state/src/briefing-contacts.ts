import type { BriefedTurn, ContactBriefed, InteractionAdded } from '@throughline/schemas/generated/messages';
import type { Cause, ContactHead, DueReply } from './documents.ts';
import type { Drafting } from './drafting.ts';
import { loadFor } from './loading/briefing.ts';

/** How often an agent is briefed again because what it proposed cannot be used; then a person looks. */
export const ROUNDS_MAX = 3;

export interface Occasion {
  readonly cause: Cause;
  /** The turn to answer, or what else led to it. */
  readonly inputId: string;
  readonly replyDue: boolean;
  readonly verdict?: ContactBriefed['verdict'];
  readonly triesLeft?: number;
  readonly connectionId?: string | null;
  /** Counts briefings that follow from a proposal that could not be used. */
  readonly round?: number;
}

/**
 * Gives a contact what it may have of the case and says whether a reply is due. A contact waits for one reply at a time:
 * the newest briefing says for what, and it holds everything that is unanswered. Nothing is due to who may not be answered or
 * is about to leave.
 */
export function brief(draft: Drafting, contactId: string, occasion: Occasion): void {
  const contact = draft.contact(contactId);
  const head = draft.head();
  const replyDue = occasion.replyDue && contact.answerable && !contact.leaving;
  const { briefing, receipt } = loadFor(head, contact, unansweredTurns(draft, contact));
  const verdict = occasion.verdict ?? null;
  const triesLeft = occasion.triesLeft ?? 0;
  const number = draft.record('ContactBriefed', {
    contactId,
    channel: contact.channel,
    cause: occasion.cause,
    inputId: occasion.inputId,
    hop: contact.hop,
    disposition: contact.disposition,
    assurance: contact.assurance,
    settled: contact.settled,
    codeAwaited: contact.codeAwaited,
    verdict,
    triesLeft,
    connectionId: occasion.connectionId ?? contact.connectionId,
    replyDue,
    basis: head.basis,
    briefing,
    receipt,
  });
  const cause: DueReply['cause'] = occasion.cause === 'stale' ? (contact.due?.cause ?? 'turn') : occasion.cause;
  const due: DueReply = {
    inputId: occasion.inputId,
    basis: head.basis,
    cause,
    verdict,
    triesLeft,
    round: occasion.round ?? 0,
  };
  draft.changeContact(contactId, { briefedNumber: number, ...(replyDue ? { due } : {}) });
}

/** Briefs again for the reply that is due, with what is new since. */
export function briefAgain(draft: Drafting, contactId: string, due: DueReply, round: number): void {
  const { inputId, verdict, triesLeft } = due;
  brief(draft, contactId, { cause: 'stale', inputId, verdict, triesLeft, replyDue: true, round });
}

/** The turns of a contact that no reply has answered, oldest first, in full. */
export function unansweredTurns(draft: Drafting, contact: ContactHead): readonly BriefedTurn[] {
  const here = contact.unanswered.flatMap((number): BriefedTurn[] => {
    const entry = draft.entry(number);
    if (entry?.type !== 'InteractionAdded') return [];
    const { turn, channel, atMs } = entry.body as unknown as InteractionAdded;
    return [
      {
        number,
        inputId: turn.inputId,
        contactId: contact.contactId,
        channel,
        from: 'customer',
        text: turn.text,
        atMs,
      },
    ];
  });
  return [...contact.carried, ...here];
}
