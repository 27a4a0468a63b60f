import type { IssueChanged } from '@throughline/schemas/generated/messages';
import { customerIn } from './customers.ts';
import type { Ledger } from './ledger.ts';
import { caseIdOf } from './placing.ts';
import { casesAbout } from './routing.ts';
import { move } from './settling.ts';

/**
 * A settled contact has changed the subject: it goes to the customer's other case about the order named, or opens one.
 * Only from where it is at home; from anywhere else it has been sent on already.
 */
export function decideIssueChanged(ledger: Ledger, changed: IssueChanged): void {
  const contact = ledger.look('contact', changed.contactId);
  if (!contact?.settled || contact.caseId !== changed.caseId) return;
  const { homeCustomerId: customerId } = contact;
  const { inputId, references } = changed;
  const others = casesAbout(customerIn(ledger, customerId), references).filter(
    (note) => note.caseId !== contact.caseId,
  );
  // One turn changes the subject once: what two cases both took for the other's would go round for ever.
  const other = contact.changedBy === inputId ? undefined : others.at(-1);
  const because = ['they changed the subject', other ? 'another case is about the order named' : 'no case is about it'];
  // What identity weighed before is about the case that it leaves.
  const leaving = { ...contact, changedBy: inputId, turns: [] };
  const toCaseId = other?.caseId ?? caseIdOf(contact.contactId, contact.hop + 1);
  const disposition = other ? 'resumed' : 'opened';
  move(ledger, leaving, customerId, { inputId, because, toCaseId, disposition });
}
