import { peersOf, plainAddress } from '@throughline/http/peer-address';
import type { Clock } from '@throughline/kernel/ports';
import { normalizeEmail } from '@throughline/language/identifiers';
import { type AuthenticateOptions, authenticate, type DNSResolver } from 'mailauth';
import { dmarcOf } from './authentication-results.ts';
import { headerValues, type IncomingMail, type MailEnvelope } from './incoming.ts';

/** How it is found out whether a mail comes from the domain in its From. */
export type MailAuth =
  /** SPF, DKIM and DMARC are checked here. */
  | { readonly mode: 'verify' }
  /** The mail server in front has checked, and says so in Authentication-Results under this name. */
  | { readonly mode: 'authserv-id'; readonly authservId: string };

/** `temporary`: it cannot be known now (DNS is out); the mail has to come again. */
export type Verdict = 'proven' | 'failed' | 'temporary';

export interface Authentication {
  verdict(raw: Uint8Array, mail: IncomingMail, envelope: MailEnvelope): Promise<Verdict>;
}

/**
 * @param trustedPeers addresses, networks (`10.0.0.0/8`) or `loopback`, whose Authentication-Results are believed
 * @param resolver DNS; the system's by default
 */
export function createAuthentication(options: {
  readonly auth: MailAuth;
  readonly trustedPeers: readonly string[];
  readonly resolver?: DNSResolver | undefined;
  readonly hostName: string;
  readonly clock: Clock;
}): Authentication {
  const { auth, resolver, hostName, clock } = options;
  const trusted = peersOf(options.trustedPeers);
  return {
    async verdict(raw, mail, envelope) {
      const author = mail.author && normalizeEmail(mail.author.address);
      if (author?.ok !== true) return 'failed';
      if (auth.mode === 'verify') {
        return inTime(clock, verified(raw, author.value, envelope, { resolver, hostName }));
      }
      if (!trusted.has(envelope.peerAddress)) return 'failed';
      return stated(mail, author.value, auth.authservId);
    },
  };
}

const CHECK_MS_MAX = 20_000;

/** Name servers that do not answer are an outage. */
function inTime(clock: Clock, checking: Promise<Verdict>): Promise<Verdict> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(CHECK_MS_MAX, () => resolve('temporary'));
    checking.then(resolve, reject).finally(cancel);
  });
}

/** The topmost field of exactly that name speaks; others of that name are below it because a stranger put them there. */
function stated(mail: IncomingMail, author: string, authservId: string): Verdict {
  for (const value of headerValues(mail.headers, 'authentication-results')) {
    const dmarc = dmarcOf(value);
    if (dmarc?.authservId !== authservId.toLowerCase()) continue;
    const isAboutAuthor = dmarc.headerFrom === author || dmarc.headerFrom === domainOf(author);
    return dmarc.result === 'pass' && isAboutAuthor ? 'proven' : 'failed';
  }
  return 'failed';
}

async function verified(
  raw: Uint8Array,
  author: string,
  envelope: MailEnvelope,
  { resolver, hostName }: { resolver: DNSResolver | undefined; hostName: string },
): Promise<Verdict> {
  const options: AuthenticateOptions = {
    ip: plainAddress(envelope.peerAddress),
    helo: envelope.peerName,
    sender: envelope.sender,
    mta: hostName,
    disableArc: true,
    disableBimi: true,
    rejectRsaSha1: true,
    ...(resolver === undefined ? {} : { resolver }),
  };
  const { dkim, dmarc } = await authenticate(Buffer.from(raw), options);
  if (dmarc === false || dmarc === undefined) return 'failed';
  if (dmarc.status.result === 'temperror') return 'temporary';
  if (dmarc.status.result !== 'pass') return 'failed';
  // What was signed must have the author that we read: two readers of one header may disagree on hostile bytes.
  const authors = [dkim.headerFrom ?? []].flat().map((address) => normalizeEmail(address));
  const agrees = authors.length === 1 && authors.every((found) => found.ok && found.value === author);
  // A signature over the first bytes only (l=) vouches for nothing that stands behind them.
  const isPartial = Boolean(dmarc.alignment?.dkim.underSized) && !dmarc.alignment?.spf.result;
  return agrees && !isPartial ? 'proven' : 'failed';
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
