import type { CaseNote, CustomerDocument } from './documents.ts';

/** Where a contact of a known customer belongs. */
export type Route =
  | { readonly to: 'case'; readonly caseId: string; readonly because: string }
  | { readonly to: 'new'; readonly because: string }
  /** Several could be meant: one question decides. */
  | { readonly to: 'choose'; readonly because: string };

/** A resolved case is taken up again within this time; later it is a new matter. */
export const RESOLVED_MS_MAX = 14 * 24 * 60 * 60_000;

/** Closed cases that are kept, so that a token or a reference to one is still understood. */
const CLOSED_KEPT = 20;

export const isLive = (note: CaseNote): boolean => note.status === 'open' || note.status === 'waiting';

/** The cases that a contact could mean: open and waiting ones, or else those resolved a short while ago. */
export function candidates(customer: CustomerDocument, nowMs: number): readonly CaseNote[] {
  const live = customer.cases.filter(isLive);
  if (live.length > 0) return live;
  return customer.cases.filter((note) => note.status === 'resolved' && nowMs - note.atMs <= RESOLVED_MS_MAX);
}

/**
 * Chooses the case of a known customer's contact.
 * @param orders keyed hashes of the orders that the contact has named
 */
export function routeCustomer(customer: CustomerDocument, orders: readonly string[], nowMs: number): Route {
  const named = casesAbout(customer, orders);
  const [only] = named;
  if (only && named.length === 1)
    return { to: 'case', caseId: only.caseId, because: 'one case is about the order named' };
  const live = candidates(customer, nowMs);
  const [single] = live;
  if (single === undefined) return { to: 'new', because: 'no live case' };
  const isElsewhere = orders.length > 0 && named.length === 0 && live.every((note) => note.references.length > 0);
  if (isElsewhere) return { to: 'new', because: 'no live case is about the order named' };
  if (live.length === 1) return { to: 'case', caseId: single.caseId, because: 'one live case' };
  return { to: 'choose', because: 'several live cases' };
}

/** The cases that are not closed and about one of these orders. */
export function casesAbout(customer: CustomerDocument, orders: readonly string[]): readonly CaseNote[] {
  return customer.cases.filter(
    (note) => note.status !== 'closed' && note.references.some((reference) => orders.includes(reference)),
  );
}

/**
 * The case that a token or a thread reference names, if it is this customer's own; a closed one leads to the case
 * that continues it. Undefined where it is somebody else's or over: then it says nothing.
 */
export function caseNamed(customer: CustomerDocument, caseIds: readonly string[]): string | undefined {
  for (const caseId of caseIds) {
    let note = customer.cases.find((one) => one.caseId === caseId);
    // Each step leads to a newer case; the bound only guards against a circle.
    for (let step = 0; note?.status === 'closed' && step < CLOSED_KEPT; step += 1) {
      const next = note.continuedIn;
      note = customer.cases.find((one) => one.caseId === next);
    }
    if (note && note.status !== 'closed') return note.caseId;
  }
  return undefined;
}

/** The notes with this one in them: the highest version of a case wins, and the oldest closed cases are let go. */
export function noted(cases: readonly CaseNote[], note: CaseNote): readonly CaseNote[] {
  const former = cases.find((one) => one.caseId === note.caseId);
  if (former && former.version >= note.version) return cases;
  const others = cases.filter((one) => one.caseId !== note.caseId);
  const all = [...others, note].sort((a, b) => a.atMs - b.atMs || (a.caseId < b.caseId ? -1 : 1));
  const closed = all.filter((one) => one.status === 'closed');
  const dropped = new Set(closed.slice(0, Math.max(0, closed.length - CLOSED_KEPT)));
  return all.filter((one) => !dropped.has(one));
}

/** A case that a contact has just been given: it counts from now on, before the case itself has been heard of. */
export function givenNow(caseId: string, nowMs: number): CaseNote {
  return { caseId, version: 0, status: 'open', kind: null, references: [], continuedIn: null, atMs: nowMs };
}
