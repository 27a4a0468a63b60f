import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import type { Edge, EdgeDraft } from '@throughline/kernel/edge';
import { deriveId } from '@throughline/kernel/ids';
import type { Blobs, Clock, Keyring, Random, Reporter } from '@throughline/kernel/ports';
import type { Reactor } from '@throughline/kernel/reactor';
import type { CaseEvent } from '@throughline/schemas/generated/messages';
import { IDENTITY_INPUTS } from '@throughline/schemas/topics';
import { newTraceparent } from '@throughline/telemetry/traceparent';
import type { DNSResolver } from 'mailauth';
import { createAuthentication, type MailAuth } from './authentication.ts';
import { createDelivery } from './deliver.ts';
import { createMailDoor, type MailDoor, type Receipt } from './door.ts';
import type { MailEnvelope } from './incoming.ts';
import { keepSealed } from './keep.ts';
import { type CheckedMail, contactIdOf, normalizeMail, revocationOf } from './normalize.ts';
import type { Outbox } from './outbox.ts';
import { createMailReader } from './parse.ts';

export interface EmailGatewayOptions {
  readonly edge: Edge;
  readonly keyring: Pick<Keyring, 'mac' | 'ensure' | 'seal'>;
  readonly blobs: Blobs;
  readonly clock: Clock;
  readonly random: Random;
  readonly reporter: Reporter;
  /** Domains that mail is taken for; empty: any. The first one is where mails come from that answer none. */
  readonly mailDomains: readonly string[];
  readonly auth: MailAuth;
  /** Addresses, networks (`10.0.0.0/8`) or `loopback`, whose Authentication-Results are believed. */
  readonly trustedPeers: readonly string[];
  readonly outbox: Outbox;
  /** DNS for `verify`; the system's by default. */
  readonly resolver?: DNSResolver;
  /** Region for numbers without a country code, such as US. */
  readonly region: string;
  /** Whether the mesh is too far behind to take more. */
  readonly busy: () => boolean;
}

/** The e-mail channel: mail comes in by `server`, what is to be sent goes out by `reactor`. */
export interface EmailGateway {
  readonly server: MailDoor;
  readonly reactor: Reactor<CaseEvent>;
}

export function createEmailGateway(options: EmailGatewayOptions): EmailGateway {
  const { keyring, clock, reporter, outbox, busy } = options;
  const mailDomains = options.mailDomains.map((domain) => domain.toLowerCase());
  const mailDomain = mailDomains[0] ?? NO_DOMAIN;
  // Once at the start: nobody can answer such a mail, and most mail servers refuse it.
  if (mailDomains.length === 0) reporter.warn('mail.domain.missing', { variable: 'THROUGHLINE_MAIL_DOMAINS' });
  const hostName = mailDomains[0] ?? hostname();
  const reader = createMailReader({ clock });
  const receive = receiver({ ...options, mailDomains, hostName, reader });
  const door = createMailDoor({ mailDomains, hostName, busy, clock, reporter, receive });
  return {
    server: {
      listen: door.listen,
      async close() {
        await door.close();
        await reader.close();
      },
    },
    reactor: createDelivery({ mac: keyring.mac, outbox, clock, mailDomain }),
  };
}

/** Where mails come from that answer none, while no domain is configured (RFC 2606). */
const NO_DOMAIN = 'throughline.invalid';
const IDENTITY_SHARD = 'default';

/** Takes a mail to the log: read, checked, kept under its contact's key, sent. Whatever is out, the mail is asked for again. */
function receiver(
  options: EmailGatewayOptions & { hostName: string; reader: ReturnType<typeof createMailReader> },
): (raw: Uint8Array, envelope: MailEnvelope) => Promise<Receipt> {
  const { edge, clock, keyring, random, reporter, reader } = options;
  const authentication = createAuthentication({
    auth: options.auth,
    trustedPeers: options.trustedPeers,
    resolver: options.resolver,
    hostName: options.hostName,
    clock,
  });
  const surroundings = { ...options, mac: keyring.mac };

  async function draftOf(checked: CheckedMail, raw: Uint8Array): Promise<Omit<EdgeDraft, 'timeMs' | 'traceparent'>> {
    const at = { topic: IDENTITY_INPUTS, key: IDENTITY_SHARD };
    const revocation = revocationOf(checked, surroundings);
    if (revocation !== undefined) {
      const type = 'RevocationRequested';
      const id = deriveId('msg', type, revocation.claimId);
      return { ...at, type, subject: revocation.customerId, id, body: revocation };
    }
    const kept = await keepSealed(options, contactIdOf(checked), raw, checked.mail.attachments);
    const body = normalizeMail({ ...checked, ...kept }, surroundings);
    const type = 'ContactStarted';
    return { ...at, type, subject: body.contactId, id: deriveId('msg', type, body.contactId), body };
  }

  return async (raw, envelope) => {
    const sinceMs = clock.nowMs();
    const read = await reader.read(raw);
    if (read === 'unreadable') {
      reporter.warn('mail-unreadable', { sizeBytes: raw.length });
      return 'unreadable';
    }
    try {
      const dmarc = await authentication.verdict(raw, read.mail, envelope);
      if (dmarc === 'temporary') return 'try-later';
      const contentHash = createHash('sha256').update(raw).digest('hex');
      const checked = { mail: read.mail, envelope, dmarc, contentHash, receivedMs: clock.nowMs() };
      const draft = await draftOf(checked, raw);
      await edge.send([{ ...draft, timeMs: checked.receivedMs, traceparent: newTraceparent(random), sinceMs }]);
      return 'accepted';
    } catch (error) {
      reporter.error('mail-not-taken', { reason: error instanceof Error ? error.name : 'unknown' });
      return 'try-later';
    }
  };
}
