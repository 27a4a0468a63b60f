import type { Drafting } from './drafting.ts';

export const IDLE_TIMER = 'idle:';
const IDLE_MINUTES = 30;
const IDLE_MS = IDLE_MINUTES * 60 * 1000;

/** When a chat contact that was last active then counts as gone. */
export const idleDueMs = (lastActiveMs: number): number => lastActiveMs + IDLE_MS;

/** Takes a contact off the case and tells identity when it was last there. */
export function endContact(
  draft: Drafting,
  contactId: string,
  reason: 'left' | 'hung-up' | 'idle' | 'done',
  lastActiveMs: number,
): void {
  const contact = draft.contact(contactId);
  if (contact.ended) return;
  draft.changeContact(contactId, { ended: true });
  draft.change({ active: draft.head().active.filter((id) => id !== contactId) });
  draft.record('ContactEnded', { contactId, channel: contact.channel, reason });
  draft.toIdentity('ContactSeen', { contactId, lastActiveMs });
  if (contact.channel === 'chat') draft.timer(`${IDLE_TIMER}${contactId}`, null);
}
