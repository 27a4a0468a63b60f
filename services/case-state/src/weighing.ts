import type { Turn } from '@throughline/schemas/generated/messages';
import { brief } from './briefing-contacts.ts';
import { type ContactHead, LIMITS, newest } from './documents.ts';
import type { Drafting } from './drafting.ts';

/** A turn that has been recorded goes on: a settled contact's to the agent, any other's to identity, which weighs it first. */
export function weighOrBrief(
  draft: Drafting,
  contact: ContactHead,
  turn: Turn,
  connectionId: string | null = null,
): void {
  const { contactId, settled, codeAwaited, offered } = contact;
  const { inputId } = turn;
  if (settled && !codeAwaited) {
    draft.record('TurnTaken', { contactId, inputId });
    brief(draft, contactId, { cause: 'turn', inputId, connectionId, replyDue: true });
    return;
  }
  // Whatever reply was due comes with the verdict: two would answer the same turn.
  draft.changeContact(contactId, { due: null, offered: newest([...offered, inputId], LIMITS.offered) });
  draft.toIdentity('TurnOffered', { contactId, caseId: draft.caseId, turn });
}
