import { ERASED } from '@throughline/kernel/envelope';
import { deriveId } from '@throughline/kernel/ids';
import type { Mac } from '@throughline/kernel/ports';
import type { ContactStarted, Evidence } from '@throughline/schemas/generated/messages';
import type { CustomerDocument, IdentifierClaim, Look, Shown } from './documents.ts';
import { identifierIdOf } from './identifying.ts';

/** Who is on a contact, as far as its evidence shows. */
export type Match =
  /** One known customer. */
  | { readonly who: 'known'; readonly customerId: string; readonly assurance: 1 | 2; readonly because: string }
  /** There is something, and this contact has not earned it. */
  | { readonly who: 'unearned'; readonly because: string }
  /** Nobody known; `identifier` is what a provisional customer may be found by again, where the contact can show one. */
  | { readonly who: 'nobody'; readonly identifier: Shown | null; readonly because: string };

/** A session that was last used longer ago proves nothing any more. */
export const SESSION_IDLE_MS_MAX = 30 * 60_000;

/** The customer of an external id, imported or told of by the host site's login. */
export const customerIdOf = (externalId: string): string => deriveId('cus', externalId);

/** What this contact itself shows for certain. Hints, withheld or unattested numbers and failed mail are no identifiers. */
export function shownBy(started: ContactStarted, mac: Mac): readonly Shown[] {
  return started.evidence.flatMap(({ method, grade, identifier }) => {
    const isShown = grade === 'proven' || (method === 'session' && grade === 'stale');
    if (!isShown || !METHODS_OF_PEOPLE.has(method) || identifier.value === ERASED) return [];
    return [{ method, identifier, identifierId: identifierIdOf(mac, identifier) }];
  });
}

const METHODS_OF_PEOPLE: ReadonlySet<Evidence['method']> = new Set(['caller-id', 'dmarc', 'session', 'host-token']);

/**
 * Finds who a contact is. The strongest evidence speaks: the host site's fresh login (2), then what the contact
 * possesses (1). An identifier on file for two customers names neither.
 */
export function matchContact(started: ContactStarted, shown: readonly Shown[], look: Look, nowMs: number): Match {
  const login = shown.find((one) => one.method === 'host-token');
  if (login) {
    const customerId = customerIdOf(login.identifier.value);
    return { who: 'known', customerId, assurance: 2, because: 'fresh login of the host site' };
  }
  const [first] = shown;
  if (first === undefined) return { who: 'nobody', identifier: null, because: nothingShown(started) };
  const claims = knownClaims(first, look);
  const customers = new Set(claims.map((claim) => claim.customerId));
  const [claim] = claims;
  if (claim === undefined)
    return { who: 'nobody', identifier: first, because: `${NAMES[first.method] ?? 'identifier'} not on file` };
  if (customers.size > 1) {
    return {
      who: 'unearned',
      because: `${THINGS[first.method] ?? 'identifier'} on file for ${customers.size === 2 ? 'two' : 'several'} customers`,
    };
  }
  const idle = first.method === 'session' ? whyIdle(started, claim, nowMs) : undefined;
  if (idle !== undefined) return { who: 'unearned', because: idle };
  return {
    who: 'known',
    customerId: claim.customerId,
    assurance: 1,
    because: `${NAMES[first.method] ?? 'identifier'} on file for one customer`,
  };
}

const THINGS: Partial<Record<Evidence['method'], string>> = {
  'caller-id': 'number',
  dmarc: 'address',
  session: 'session',
};
const NAMES: Partial<Record<Evidence['method'], string>> = {
  'caller-id': 'caller ID attested A',
  dmarc: 'DMARC-aligned address',
  session: 'signed session',
};

/** Claims of known customers on an identifier; provisional ones and those of the retired do not count. */
export function knownClaims(shown: Pick<Shown, 'identifierId'>, look: Look): readonly IdentifierClaim[] {
  const claims = look('identifier', shown.identifierId)?.claims ?? [];
  return claims.filter((claim) => isKnown(look('customer', claim.customerId)));
}

/** The provisional customer that an identifier was given before, if it is still one. */
export function provisionalOf(shown: Pick<Shown, 'identifierId'>, look: Look): CustomerDocument | undefined {
  const claims = look('identifier', shown.identifierId)?.claims ?? [];
  return claims
    .map((claim) => look('customer', claim.customerId))
    .find((customer) => customer?.provisional && customer.retiredInto === null);
}

function isKnown(customer: CustomerDocument | undefined): boolean {
  return customer !== undefined && !customer.provisional && customer.retiredInto === null;
}

/** A session born from the host site's login resumes with a fresh one only; any other falls to assurance 0 once idle. */
function whyIdle(started: ContactStarted, claim: IdentifierClaim, nowMs: number): string | undefined {
  const evidence = started.evidence.find((one) => one.method === 'session');
  if (claim.proof === 'host-token') return 'session of the host site without a fresh login';
  if (evidence?.grade === 'stale' || nowMs - claim.lastSeenMs > SESSION_IDLE_MS_MAX)
    return 'session idle for more than 30 minutes';
  return undefined;
}

function nothingShown(started: ContactStarted): string {
  const evidence = started.evidence.find((one) => METHODS_OF_PEOPLE.has(one.method));
  if (evidence?.method === 'caller-id') return 'caller ID not attested A';
  if (evidence?.method === 'dmarc') return 'mail failed DMARC';
  return 'nothing shown';
}

/** Customers whom every one of the identifiers that are on file at all points to; what was said, not shown. */
export function customersNamed(identifierIds: readonly string[], look: Look): readonly string[] {
  const sets = identifierIds
    .map((identifierId) => new Set(knownClaims({ identifierId }, look).map((claim) => claim.customerId)))
    .filter((set) => set.size > 0);
  const [first, ...others] = sets;
  return [...(first ?? [])].filter((customerId) => others.every((set) => set.has(customerId)));
}
