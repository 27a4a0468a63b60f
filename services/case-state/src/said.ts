import { deriveId } from '@throughline/kernel/ids';
import { isFarewell } from '@throughline/language/farewell';
import { codeProof } from '@throughline/language/one-time-code';
import { maskTurn } from '@throughline/language/redact';
import { labelText } from '@throughline/language/sensitivity';
import type { Turn } from '@throughline/schemas/generated/messages';
import { LIMITS, newest, type TailTurn } from './documents.ts';
import type { Drafting } from './drafting.ts';
import { changeStatus } from './statuses.ts';

/** Entry id of a turn: the same turn is the same entry, through whichever gateway it came. */
export const turnEntryId = (contactId: string, inputId: string): string => deriveId('ent', contactId, inputId);

/** Records a turn and remembers it as unanswered. Returns it as it was recorded: masked. */
export function recordTurn(draft: Drafting, contactId: string, said: Turn): Turn {
  const contact = draft.contact(contactId);
  const { turn, carry } = masked(draft, contactId, said);
  const entryId = turnEntryId(contactId, turn.inputId);
  const sensitivity = labelText(turn.text);
  const { channel, assurance } = contact;
  const number = draft.record('InteractionAdded', { contactId, channel, entryId, turn, sensitivity, assurance });
  draft.take(entryId, number);
  remember(draft, {
    number,
    inputId: turn.inputId,
    contactId,
    channel,
    from: 'customer',
    text: turn.text,
    atMs: draft.nowMs,
    sensitivity,
    assurance,
  });
  draft.change({ hasTurns: true });
  draft.changeContact(contactId, {
    carry,
    lastActiveMs: draft.nowMs,
    newestInputId: turn.inputId,
    unanswered: newest([...contact.unanswered, number], LIMITS.unanswered),
    frames: newest([...contact.frames, number], LIMITS.frames),
    taken: newest([...contact.taken, turn.inputId], LIMITS.taken),
  });
  return turn;
}

/** Puts what was said on the case's short tail, cut. */
export function remember(draft: Drafting, turn: TailTurn): void {
  const short = { ...turn, text: [...turn.text].slice(0, LIMITS.tailTextLength).join('') };
  draft.change({ tail: newest([...draft.head().tail, short], LIMITS.tail) });
}

/** A case that has ended, and is continued nowhere else, opens again when its customer says more than thanks or good-bye. */
export function reopenFor(draft: Drafting, contactId: string, text: string): void {
  const { status, continuedIn } = draft.head();
  const isOver = status === 'resolved' || (status === 'closed' && continuedIn === null);
  if (!isOver || isFarewell(text)) return;
  changeStatus(draft, { to: 'open', because: 'The customer wrote or called again.' });
  draft.changeContact(contactId, { reopened: true });
}

/** Nothing that must not be kept gets past here, even where a gateway had not heard yet that a code is awaited. */
function masked(draft: Drafting, contactId: string, said: Turn): { turn: Turn; carry: string } {
  const { text, carry, codes, masked } = maskTurn(said.text, draft.contact(contactId));
  const proofs = codes.map((digits) => codeProof(draft.mac, contactId, digits));
  const turn: Turn = {
    ...said,
    text,
    codeProofs: [...new Set([...said.codeProofs, ...proofs])],
    masked: [...new Set([...said.masked, ...masked])],
  };
  return { turn, carry };
}
