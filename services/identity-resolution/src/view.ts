import type { CaseNote, CustomerClaim, CustomerDocument } from './documents.ts';
import type { CustomerBody } from './view-schemas.ts';

/** A customer as operators see it: identifiers as they are on file, and why they are believed. Pure. */
export function customerView(customer: CustomerDocument): CustomerBody {
  const { customerId, provisional, retiredInto, externalId, name, attributes, region } = customer;
  return {
    id: customerId,
    externalId,
    name,
    provisional,
    retiredInto,
    region,
    attributes: Object.fromEntries(attributes.map((one) => [one.name, one.value])),
    identifiers: customer.claims.filter((claim) => claim.proof !== 'provisional').map((claim) => claim.identifier),
    claims: customer.claims.map(claimView),
    cases: customer.cases.map(caseView),
  };
}

function claimView({
  claimId,
  identifier,
  proof,
  scope,
  contactId,
  atMs,
}: CustomerClaim): CustomerBody['claims'][number] {
  return { id: claimId, type: identifier.type, value: identifier.value, proof, scope, contactId, at: atOf(atMs) };
}

function caseView({ caseId, status, kind, continuedIn, version, atMs }: CaseNote): CustomerBody['cases'][number] {
  return { caseId, status, kind, continuedIn, version, at: atOf(atMs) };
}

/** RFC 3339, as everywhere in the operators' API. */
const atOf = (atMs: number): string => new Date(atMs).toISOString();
