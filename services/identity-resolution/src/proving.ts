import { deriveId } from '@throughline/kernel/ids';
import { customerIn, dropProvisionalClaims, recordClaim, touchSession } from './customers.ts';
import type { ContactDocument, Shown } from './documents.ts';
import type { Ledger } from './ledger.ts';
import { knownClaims } from './matching.ts';
import { identified } from './placing.ts';
import { routeCustomer } from './routing.ts';
import { settle } from './settling.ts';
import type { Proven } from './stepup.ts';
import { weighed } from './weighing.ts';

/** The code was right: the contact is its customer, at assurance 2, or 3 where the host site's login is there as well. */
export function prove(ledger: Ledger, contact: ContactDocument, by: Proven, inputId: string): void {
  const { customerId } = by;
  if (contact.settled && contact.customerId !== customerId) {
    weighed(ledger, contact, { inputId, verdict: 'nothing-found' });
    return;
  }
  const proofs = [...new Set([...contact.proofs, 'code' as const])];
  const assurance = Math.max(contact.assurance, proofs.length > 1 ? 3 : 2);
  const proven: ContactDocument = { ...contact, customerId, proofs, assurance, stepUpId: null };
  ledger.write('contact', contact.contactId, proven);
  const because = ['one-time code to an address on file'];
  link(ledger, proven, by);
  if (contact.settled) {
    identified(ledger, proven, because);
    weighed(ledger, proven, { inputId, verdict: 'proven' });
    return;
  }
  const route = routeCustomer(customerIn(ledger, customerId), contact.orders, ledger.nowMs);
  settle(ledger, proven, customerId, route, { inputId, because });
}

/**
 * Remembers what the contact could show as the customer's own. A number or an address opens status alone and its owner
 * is told; one that somebody else has on file is shared and stays as it is.
 */
function link(ledger: Ledger, contact: ContactDocument, by: Proven): void {
  const { customerId } = by;
  for (const shown of contact.shown) {
    if (shown.method === 'host-token') continue;
    const claims = knownClaims(shown, ledger.look);
    if (claims.some((claim) => claim.customerId === customerId)) {
      if (shown.method === 'session') touchSession(ledger, shown.identifierId, customerId, ledger.nowMs);
      continue;
    }
    // A session that two people have proven points to neither of them when it comes back, which is what it should do.
    if (claims.length > 0 && shown.method !== 'session') continue;
    linkOne(ledger, contact, by, shown);
  }
}

function linkOne(ledger: Ledger, contact: ContactDocument, { customerId, address }: Proven, shown: Shown): void {
  const { contactId, caseId, channel, originDigits } = contact;
  const { identifier, identifierId } = shown;
  const scope = shown.method === 'session' ? 'full' : 'status';
  dropProvisionalClaims(ledger, identifierId, 'proven to be a known customer');
  const claimId = recordClaim(ledger, { customerId, identifier, identifierId, proof: 'code', scope, contactId });
  if (scope === 'full') return;
  ledger.tell('MailRequested', {
    contactId,
    caseId,
    mailId: deriveId('mail', 'number-linked', claimId, contactId),
    kind: 'number-linked',
    to: address,
    stepUpId: null,
    claimId,
    customerId,
    channel,
    digits: originDigits,
  });
}
