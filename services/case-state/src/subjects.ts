import { mentions } from '@throughline/language/mentions';
import { orderKey } from '@throughline/language/order-references';
import type { BriefedTurn, ReplyProposed } from '@throughline/schemas/generated/messages';
import { unansweredTurns } from './briefing-contacts.ts';
import type { ContactHead } from './documents.ts';
import type { Drafting } from './drafting.ts';
import { REFERENCE } from './facts.ts';
import { changeStatus } from './statuses.ts';

/** Whether a proposal takes its contact out of this case. Who is still weighed is sent where it belongs by identity alone. */
export function changesSubject(draft: Drafting, proposal: ReplyProposed, contact: ContactHead): boolean {
  const { provisional } = draft.head();
  return proposal.newIssue && contact.settled && !contact.codeAwaited && !provisional;
}

/**
 * The customer has turned to another matter: nothing of the proposal is said or done here. Identity decides where the
 * contact goes; until then what it says is kept and nobody answers it, so that the turns travel together.
 */
export function changeSubject(draft: Drafting, { contactId, inputId }: ReplyProposed): void {
  const contact = draft.changeContact(contactId, { due: null, leaving: true });
  const references = referencesIn(draft, unansweredTurns(draft, contact));
  const changedBy = contact.newestInputId ?? inputId;
  draft.toIdentity('IssueChanged', { contactId, caseId: draft.caseId, inputId: changedBy, references });
}

/** What was said opened the case again and belongs elsewhere: nothing is left to do here. */
export function resolveAgain(draft: Drafting, contact: ContactHead): void {
  const { status, needsPerson } = draft.head();
  if (!contact.reopened || status !== 'open' || needsPerson) return;
  changeStatus(draft, { to: 'resolved', because: 'What was said belongs to another case.' });
}

/** Keyed hashes of the orders that the turns name, save the order that this case is about. */
function referencesIn(draft: Drafting, turns: readonly BriefedTurn[]): readonly string[] {
  const held = orderKey(draft.head().facts.findLast((fact) => fact.name === REFERENCE)?.value ?? '');
  const named = new Set(turns.flatMap((turn) => mentions(turn.text, REGION).orders.map(orderKey)));
  return [...named].filter((order) => order !== held).map((order) => draft.mac('reference', order));
}

/** By which national phone numbers are told from orders; one that is read otherwise fits no case and does no harm. */
const REGION = 'US';
