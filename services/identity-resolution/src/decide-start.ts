import { maskCodes } from '@throughline/language/redact';
import type { ContactResumed, ContactStarted } from '@throughline/schemas/generated/messages';
import { dropProvisionalClaims, NO_CLAIMS, newCustomer, recordClaim, touchSessions } from './customers.ts';
import type { ContactDocument, Shown } from './documents.ts';
import { saidIn } from './identifying.ts';
import type { Ledger } from './ledger.ts';
import { type Match, matchContact, provisionalOf, shownBy } from './matching.ts';
import { type Home, homeOfKnown, homeOfStranger, join } from './placing.ts';
import { openStepUp } from './weighing.ts';

/** A contact begins: who it is, how sure that is, and which case it is given. One that is known already has only come back. */
export function decideStarted(ledger: Ledger, started: ContactStarted, brandRegion: string): void {
  const known = ledger.look('contact', started.contactId);
  if (known) {
    if (started.connectionId !== null)
      reconnect(ledger, known, started.connectionId, { wantsFrames: false, after: null });
    return;
  }
  const shown = shownBy(started, ledger.mac);
  const match = matchContact(started, shown, ledger.look, ledger.nowMs);
  const region = started.region ?? brandRegion;
  const stepUpId = awaitedByMail(ledger, shown);
  const text = [started.subjectLine, started.turn?.text].join('\n');
  // A code that is awaited could pass for the number of an order.
  const { orders } = saidIn(stepUpId === null ? text : maskCodes(text).text, region, ledger.mac);
  const home = homeOf(ledger, started, shown, match, orders);
  const contact = contactOf(started, {
    shown,
    match,
    home,
    region,
    orders,
    stepUpId,
  });
  ledger.write('contact', contact.contactId, contact);
  touchSessions(ledger, contact, ledger.nowMs);
  const codeAwaited = contact.stepUpId !== null;
  join(ledger, contact, home, { because: [match.because, home.because], codeAwaited, turn: started.turn });
}

/** A connection of a contact asks where it stands. */
export function decideResumed(ledger: Ledger, resumed: ContactResumed): void {
  const contact = ledger.look('contact', resumed.contactId);
  if (contact) reconnect(ledger, contact, resumed.connectionId, resumed);
}

function reconnect(
  ledger: Ledger,
  contact: ContactDocument,
  connectionId: string,
  asks: Pick<ContactResumed, 'wantsFrames' | 'after'>,
): void {
  const { contactId, hop, movedFrom } = contact;
  // By the same way as the contact itself: at its new home this could be there first.
  const caseId = movedFrom ?? contact.caseId;
  ledger.write('contact', contactId, { ...contact, connectionId });
  ledger.tell('ContactReconnected', {
    contactId,
    caseId,
    connectionId,
    wantsFrames: asks.wantsFrames,
    after: asks.after,
    hop,
  });
}

function homeOf(
  ledger: Ledger,
  started: ContactStarted,
  shown: readonly Shown[],
  match: Match,
  orders: readonly string[],
): Home {
  const at = { contactId: started.contactId, hop: 1 };
  if (match.who === 'known') {
    rememberLogin(ledger, match.customerId, shown, started.contactId);
    return homeOfKnown(ledger, match.customerId, at, { orders, cases: casesShown(started) });
  }
  if (match.who === 'unearned') {
    return homeOfStranger(ledger, at, { disposition: 'verify', because: 'nothing is said before proof' });
  }
  const stranger = { disposition: 'unmatched', because: 'nobody known' } as const;
  const former = match.identifier && provisionalOf(match.identifier, ledger.look);
  if (former) return homeOfStranger(ledger, at, { ...stranger, customerId: former.customerId });
  const home = homeOfStranger(ledger, at, stranger);
  if (match.identifier) {
    const { identifier, identifierId } = match.identifier;
    const { contactId } = started;
    recordClaim(ledger, {
      customerId: home.homeCustomerId,
      identifier,
      identifierId,
      proof: 'provisional',
      scope: 'full',
      contactId,
    });
  }
  return home;
}

/** The host site's login: its customer exists from now on, and the session is theirs as long as the login is fresh. */
function rememberLogin(ledger: Ledger, customerId: string, shown: readonly Shown[], contactId: string): void {
  const login = shown.find((one) => one.method === 'host-token');
  if (!login) return;
  const customer = ledger.look('customer', customerId);
  const externalId = login.identifier.value;
  if (!customer) ledger.write('customer', customerId, { ...newCustomer(customerId, false), externalId });
  for (const { method, identifier, identifierId } of shown) {
    if (method !== 'host-token' && method !== 'session') continue;
    const claims = ledger.look('identifier', identifierId)?.claims ?? NO_CLAIMS.claims;
    if (claims.some((claim) => claim.customerId === customerId)) continue;
    dropProvisionalClaims(ledger, identifierId, 'the host site named its customer');
    recordClaim(ledger, { customerId, identifier, identifierId, proof: 'host-token', scope: 'full', contactId });
  }
}

/** Cases that the mail itself names: by the token in its address, or by the thread that it answers. */
function casesShown(started: ContactStarted): readonly string[] {
  const named = (method: string) =>
    started.evidence
      .filter((one) => one.method === method && one.grade === 'proven')
      .map((one) => one.identifier.value);
  return [...named('case-token'), ...named('thread-reference')];
}

/** Every mail is a contact of its own, so the code that one asked for comes in another from the same address. */
function awaitedByMail(ledger: Ledger, shown: readonly Shown[]): string | null {
  const [address] = shown;
  if (!address) return null;
  const stepUpId = ledger.look('identifier', address.identifierId)?.stepUpId ?? null;
  return openStepUp(ledger, stepUpId)?.stepUpId ?? null;
}

function contactOf(
  started: ContactStarted,
  found: {
    readonly shown: readonly Shown[];
    readonly match: Match;
    readonly home: Home;
    readonly region: string;
    readonly orders: readonly string[];
    readonly stepUpId: string | null;
  },
): ContactDocument {
  const { shown, match, home, region, orders, stepUpId } = found;
  const isAnswerable = started.channel !== 'email' || shown.some((one) => one.method === 'dmarc');
  const { contactId, channel, startedMs, origin, originDigits, connectionId, route, expectsWords, turn } = started;
  return {
    contactId,
    channel,
    startedMs,
    region,
    origin,
    originDigits,
    connectionId,
    route,
    answerable: started.answerable && isAnswerable,
    expectsWords,
    shown,
    homeCustomerId: home.homeCustomerId,
    customerId: match.who === 'known' ? match.customerId : null,
    caseId: home.caseId,
    hop: 1,
    movedFrom: null,
    changedBy: null,
    assurance: match.who === 'known' ? match.assurance : 0,
    proofs: match.who === 'known' && match.assurance === 2 ? ['host-token'] : [],
    disposition: home.disposition,
    settled: home.settled,
    // A mail that comes to where it was asked already is the second answer, and the last that may be misunderstood.
    misunderstood: home.disposition === 'choose' && !home.opens ? 1 : 0,
    orders,
    stepUpId,
    stepUps: 0,
    inputs: [],
    turns: turn ? [turn] : [],
  };
}
