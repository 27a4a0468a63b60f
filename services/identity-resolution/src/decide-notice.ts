import type { CaseNoticed, JoinRefused } from '@throughline/schemas/generated/messages';
import { customerIn } from './customers.ts';
import type { CaseNote, ContactDocument } from './documents.ts';
import type { Ledger } from './ledger.ts';
import { type Home, homeOfKnown, homeOfStranger, join } from './placing.ts';
import { givenNow, noted } from './routing.ts';
import { openStepUp } from './weighing.ts';

/** A case tells how it stands; the highest version wins. */
export function decideNoticed(ledger: Ledger, notice: CaseNoticed): void {
  const customer = ledger.look('customer', notice.customerId);
  if (!customer) return;
  const { caseId, version, status, kind, references, continuedIn, atMs } = notice;
  const cases = noted(customer.cases, { caseId, version, status, kind, references, continuedIn, atMs });
  if (cases !== customer.cases) ledger.write('customer', notice.customerId, { ...customer, cases });
}

/** The case was closed when the contact came: it is given another home, with what it has said. */
export function decideRefused(ledger: Ledger, refused: JoinRefused): void {
  const contact = ledger.look('contact', refused.contactId);
  if (!contact || contact.caseId !== refused.caseId) return;
  markClosed(ledger, contact.homeCustomerId, refused);
  const at = { contactId: contact.contactId, hop: contact.hop + 1 };
  const home = homeAgain(ledger, contact, refused, at);
  const { homeCustomerId, caseId, disposition, settled } = home;
  const moved: ContactDocument = { ...contact, homeCustomerId, caseId, disposition, settled, hop: at.hop };
  ledger.write('contact', contact.contactId, moved);
  const because = ['the case was closed', home.because];
  const { contactId } = contact;
  const customerId = contact.customerId ?? homeCustomerId;
  ledger.event('ContactRerouted', contactId, {
    contactId,
    fromCaseId: refused.caseId,
    toCaseId: caseId,
    customerId,
    because: because.join('; '),
  });
  const codeAwaited = openStepUp(ledger, contact.stepUpId) !== undefined;
  join(ledger, moved, home, { because, codeAwaited, turn: contact.turns.at(-1) ?? null });
}

function homeAgain(
  ledger: Ledger,
  contact: ContactDocument,
  { continuedIn }: JoinRefused,
  at: { readonly contactId: string; readonly hop: number },
): Home {
  const { homeCustomerId, disposition, orders } = contact;
  if (!contact.settled) {
    return homeOfStranger(ledger, at, { customerId: homeCustomerId, disposition, because: 'not settled yet' });
  }
  return homeOfKnown(ledger, homeCustomerId, at, { orders, cases: continuedIn === null ? [] : [continuedIn] });
}

/** The refusal is newer than every notice so far; the case that continues it may not have been heard of yet. */
function markClosed(ledger: Ledger, customerId: string, { caseId, continuedIn }: JoinRefused): void {
  const customer = customerIn(ledger, customerId);
  const closed = customer.cases.map(
    (note): CaseNote => (note.caseId === caseId ? { ...note, status: 'closed', continuedIn } : note),
  );
  const cases = continuedIn === null ? closed : noted(closed, givenNow(continuedIn, ledger.nowMs));
  ledger.write('customer', customerId, { ...customer, cases });
}
