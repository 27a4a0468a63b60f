import type { CaseLooked, Delivered, MailRequested } from '@throughline/schemas/generated/messages';
import type { Drafting } from './drafting.ts';
import { POLICY } from './loading/policy.ts';

/** What a channel did with something that was said; each outcome once. */
export function deliver(draft: Drafting, delivered: Delivered): void {
  const { contactId, entryId, outcome, detail } = delivered;
  const key = deliveredKey(delivered);
  if (draft.seen(key)) return;
  draft.record('DeliveryRecorded', { contactId, entryId, outcome, detail });
  draft.take(key);
}

export const deliveredKey = ({ entryId, outcome }: Delivered): string => `delivered:${entryId}:${outcome}`;

/** A mail about an identifier, sent once. */
export function requestMail(draft: Drafting, requested: MailRequested): void {
  const { contactId, mailId, kind, to, stepUpId, claimId, customerId, channel, digits } = requested;
  if (draft.seen(mailId)) return;
  draft.record('MailDue', { contactId, mailId, kind, to, stepUpId, claimId, customerId, channel, digits });
  draft.take(mailId);
}

/** A person looks at the case: that stands on the record (law 9), once for each look. */
export function look(draft: Drafting, looked: CaseLooked): void {
  const { lookId, operator } = looked;
  if (draft.found() === undefined || draft.seen(lookId)) return;
  draft.record('CaseShown', { lookId, operator, policy: POLICY });
  draft.take(lookId);
}
