import type { EdgeDraft } from '@throughline/kernel/edge';
import { deriveId } from '@throughline/kernel/ids';
import type {
  CaseInput,
  ContactLeft,
  ContactResumed,
  ContactStarted,
  CustomerSaid,
  Delivered,
  IdentityInput,
} from '@throughline/schemas/generated/messages';
import { CASE_INPUTS, IDENTITY_INPUTS } from '@throughline/schemas/topics';

/** What a gateway sends. Each id is the natural key of what it says, so that sending it again is the same message. */

/** The one identity shard there is by default. */
export const IDENTITY_SHARD = 'default';

/** When it is sent, the trace that it continues, and when the work on it began where that was before. */
export type Stamp = Pick<EdgeDraft, 'timeMs' | 'traceparent' | 'sinceMs'>;

type GatewayDraft = EdgeDraft<IdentityInput | CaseInput>;

/** The same contact on another connection is another message: that connection waits for its own answer. */
export function contactStarted(body: ContactStarted, stamp: Stamp): GatewayDraft {
  const id = deriveId('msg', 'ContactStarted', body.contactId, body.connectionId ?? '');
  return {
    topic: IDENTITY_INPUTS,
    key: IDENTITY_SHARD,
    type: 'ContactStarted',
    subject: body.contactId,
    id,
    body,
    ...stamp,
  };
}

export function contactResumed(body: ContactResumed, stamp: Stamp): GatewayDraft {
  const id = deriveId('msg', 'ContactResumed', body.contactId, body.connectionId);
  return {
    topic: IDENTITY_INPUTS,
    key: IDENTITY_SHARD,
    type: 'ContactResumed',
    subject: body.contactId,
    id,
    body,
    ...stamp,
  };
}

export function customerSaid(body: CustomerSaid, stamp: Stamp): GatewayDraft {
  const id = deriveId('msg', 'CustomerSaid', body.turn.inputId);
  return { topic: CASE_INPUTS, key: body.caseId, type: 'CustomerSaid', subject: body.caseId, id, body, ...stamp };
}

export function delivered(body: Delivered, stamp: Stamp): GatewayDraft {
  const id = deriveId('msg', 'Delivered', body.entryId, body.outcome);
  return { topic: CASE_INPUTS, key: body.caseId, type: 'Delivered', subject: body.caseId, id, body, ...stamp };
}

/** @param connectionId the line that it was left on: a contact that comes back may leave again */
export function contactLeft(body: ContactLeft, connectionId: string, stamp: Stamp): GatewayDraft {
  const id = deriveId('msg', 'ContactLeft', body.contactId, connectionId, body.reason);
  return { topic: CASE_INPUTS, key: body.caseId, type: 'ContactLeft', subject: body.caseId, id, body, ...stamp };
}
