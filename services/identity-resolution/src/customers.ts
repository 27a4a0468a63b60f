import { deriveId } from '@throughline/kernel/ids';
import type { Identifier } from '@throughline/schemas/generated/messages';
import type {
  ContactDocument,
  CustomerClaim,
  CustomerDocument,
  IdentifierClaim,
  IdentifierDocument,
  Proof,
  Scope,
} from './documents.ts';
import type { Ledger } from './ledger.ts';

/** Somebody of whom nothing is known yet. */
export function newCustomer(customerId: string, provisional: boolean): CustomerDocument {
  return {
    customerId,
    provisional,
    retiredInto: null,
    externalId: null,
    name: '',
    attributes: [],
    region: null,
    claims: [],
    cases: [],
    choosing: [],
  };
}

/** The provisional customer that a contact brings into being. */
export const provisionalIdOf = (contactId: string): string => deriveId('cus', 'provisional', contactId);

export const NO_CLAIMS: IdentifierDocument = { claims: [], stepUpId: null };

/** A customer that was decided upon before; that it is missing is a defect (or it has been erased), so the record is parked. */
export function customerIn(ledger: Ledger, customerId: string): CustomerDocument {
  const customer = ledger.look('customer', customerId);
  if (!customer) throw new Error('The customer of this record is not known here; it may have been erased.');
  return customer;
}

export interface NewClaim {
  readonly customerId: string;
  readonly identifier: Identifier;
  readonly identifierId: string;
  readonly proof: Proof;
  readonly scope: Scope;
  readonly contactId: string | null;
}

/** Every device and private window leaves a session behind: what is known of a customer must not grow with their visits. */
const SESSIONS_MAX = 20;

/** Records a claim on both sides, in place of a weaker one of the same customer. Returns its id. */
export function recordClaim(ledger: Ledger, claim: NewClaim): string {
  const { customerId, identifier, identifierId, proof, scope, contactId } = claim;
  const claimId = deriveId('clm', customerId, identifierId);
  const customer = customerIn(ledger, customerId);
  const kept: CustomerClaim = { claimId, identifier, identifierId, proof, scope, contactId, atMs: ledger.nowMs };
  const claims = [...customer.claims.filter((one) => one.claimId !== claimId), kept];
  ledger.write('customer', customerId, { ...customer, claims });
  const entry: IdentifierClaim = { customerId, claimId, proof, scope, lastSeenMs: ledger.nowMs };
  const document = ledger.look('identifier', identifierId) ?? NO_CLAIMS;
  const others = document.claims.filter((one) => one.claimId !== claimId);
  ledger.write('identifier', identifierId, { ...document, claims: [...others, entry] });
  ledger.event('ClaimRecorded', customerId, { claimId, customerId, identifier, proof, scope, contactId });
  const sessions = claims.filter((one) => one.identifier.type === 'session');
  for (const old of sessions.slice(0, -SESSIONS_MAX))
    revokeClaim(ledger, customerId, old.claimId, `${SESSIONS_MAX} newer sessions are theirs`);
  return claimId;
}

/** Takes a claim back on both sides; one that is gone already stays gone and nothing is said. */
export function revokeClaim(ledger: Ledger, customerId: string, claimId: string, because: string): void {
  const customer = ledger.look('customer', customerId);
  const claim = customer?.claims.find((one) => one.claimId === claimId);
  if (!customer || !claim) return;
  ledger.write('customer', customerId, { ...customer, claims: customer.claims.filter((one) => one !== claim) });
  const document = ledger.look('identifier', claim.identifierId) ?? NO_CLAIMS;
  const others = document.claims.filter((one) => one.claimId !== claimId);
  ledger.write('identifier', claim.identifierId, { ...document, claims: others });
  ledger.event('ClaimRevoked', customerId, { claimId, customerId, because });
}

/** Drops what provisional customers claim on an identifier: somebody known has it now. Their cases stay theirs until proof. */
export function dropProvisionalClaims(ledger: Ledger, identifierId: string, because: string): void {
  for (const claim of ledger.look('identifier', identifierId)?.claims ?? []) {
    if (claim.proof === 'provisional') revokeClaim(ledger, claim.customerId, claim.claimId, because);
  }
}

/** A provisional customer turned out to be a known one. What the contact could show has gone over by then. */
export function retire(ledger: Ledger, customerId: string, into: string): void {
  const customer = ledger.look('customer', customerId);
  if (!customer?.provisional || customer.retiredInto !== null) return;
  ledger.write('customer', customerId, { ...customer, retiredInto: into });
  ledger.event('CustomerRetired', customerId, { customerId, into });
}

/**
 * Keeps the time of the last activity under a session, from which its idle time counts. Only for whom the contact was
 * known to be: an idle session that comes back must not become fresh by that.
 */
export function touchSession(ledger: Ledger, identifierId: string, customerId: string, atMs: number): void {
  const document = ledger.look('identifier', identifierId);
  const seenMs = Math.min(atMs, ledger.nowMs);
  const isOlder = (claim: IdentifierClaim) => claim.customerId === customerId && claim.lastSeenMs < seenMs;
  if (!document?.claims.some(isOlder)) return;
  const claims = document.claims.map((claim) => (isOlder(claim) ? { ...claim, lastSeenMs: seenMs } : claim));
  ledger.write('identifier', identifierId, { ...document, claims });
}

/** A contact was active: the sessions that it shows idle from then on. */
export function touchSessions(ledger: Ledger, contact: ContactDocument, atMs: number): void {
  if (contact.customerId === null) return;
  for (const { method, identifierId } of contact.shown) {
    if (method === 'session') touchSession(ledger, identifierId, contact.customerId, atMs);
  }
}
