import { ERASED } from '@throughline/kernel/envelope';
import type { CustomerRecorded, CustomerSubmitted, RevocationRequested } from '@throughline/schemas/generated/messages';
import { dropProvisionalClaims, newCustomer, recordClaim, revokeClaim } from './customers.ts';
import type { CustomerDocument } from './documents.ts';
import { identifierIdOf } from './identifying.ts';
import type { Ledger } from './ledger.ts';
import { customerIdOf } from './matching.ts';

/** A record of the user's own CRM: what it says is on file, from now on and as a whole. */
export function decideSubmitted(ledger: Ledger, submitted: CustomerSubmitted): void {
  const { customerId } = submitted;
  if (submitted.externalId === ERASED) {
    recorded(ledger, submitted, 'rejected', 'the customer was erased');
    return;
  }
  if (customerId !== customerIdOf(submitted.externalId)) {
    recorded(ledger, submitted, 'rejected', 'the customer id does not follow from the external id');
    return;
  }
  const former = ledger.look('customer', customerId);
  const { externalId, name, attributes, region } = submitted;
  const customer: CustomerDocument = {
    ...(former ?? newCustomer(customerId, false)),
    externalId,
    name,
    attributes,
    region,
  };
  const isChanged = former === undefined || JSON.stringify(valuesOf(former)) !== JSON.stringify(valuesOf(customer));
  if (isChanged) ledger.write('customer', customerId, customer);
  const areClaimsChanged = claimAll(ledger, submitted);
  const outcome = former === undefined ? 'added' : isChanged || areClaimsChanged ? 'changed' : 'unchanged';
  recorded(ledger, submitted, outcome, null);
}

/** Somebody takes a claim back. Twice is the same as once. */
export function decideRevocation(ledger: Ledger, requested: RevocationRequested): void {
  const by = requested.by === 'operator' ? 'an operator' : 'mail';
  revokeClaim(ledger, requested.customerId, requested.claimId, `asked for by ${by}`);
}

/**
 * Claims of the import follow the record: new ones come, those no longer on file go. An identifier that somebody else
 * has on file stays on both, and then names neither.
 */
function claimAll(ledger: Ledger, { customerId, identifiers }: CustomerSubmitted): boolean {
  const onFile = new Map(identifiers.map((identifier) => [identifierIdOf(ledger.mac, identifier), identifier]));
  const imported = (ledger.look('customer', customerId)?.claims ?? []).filter((claim) => claim.proof === 'import');
  const gone = imported.filter((claim) => !onFile.has(claim.identifierId));
  for (const claim of gone) revokeClaim(ledger, customerId, claim.claimId, 'no longer on file');
  let added = 0;
  for (const [identifierId, identifier] of onFile) {
    dropProvisionalClaims(ledger, identifierId, 'on file for a known customer');
    if (imported.some((claim) => claim.identifierId === identifierId)) continue;
    recordClaim(ledger, { customerId, identifier, identifierId, proof: 'import', scope: 'full', contactId: null });
    added += 1;
  }
  return gone.length > 0 || added > 0;
}

const valuesOf = ({ externalId, name, attributes, region }: CustomerDocument): unknown => [
  externalId,
  name,
  [...attributes].map((one) => [one.name, one.value]).sort(),
  region,
];

function recorded(
  ledger: Ledger,
  submitted: CustomerSubmitted,
  outcome: CustomerRecorded['outcome'],
  reason: string | null,
): void {
  const { customerId, batchId, line } = submitted;
  ledger.event('CustomerRecorded', customerId, { customerId, batchId, line, outcome, reason });
}
