import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import type { Edge } from '@throughline/kernel/edge';
import type { Blobs, Clock, Keyring, Random, Reporter } from '@throughline/kernel/ports';
import type { Reactor } from '@throughline/kernel/reactor';
import type { CaseEvent } from '@throughline/schemas/generated/messages';
import type { DNSResolver } from 'mailauth';
import { createAuthentication, type MailAuth } from './authentication.ts';
import { createDelivery } from './deliver.ts';
import { createMailDoor, type MailDoor, type Receipt } from './door.ts';
import type { MailEnvelope } from './incoming.ts';
import type { Outbox } from './outbox.ts';
import { createMailReader } from './parse.ts';
import { takeMail } from './taking.ts';

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

/** Takes a mail to the log: read, checked, kept under its contact's key, sent. Whatever is out, the mail is asked for again. */
function receiver(
  options: EmailGatewayOptions & { hostName: string; reader: ReturnType<typeof createMailReader> },
): (raw: Uint8Array, envelope: MailEnvelope) => Promise<Receipt> {
  const { clock, reporter, reader } = options;
  const authentication = createAuthentication({
    auth: options.auth,
    trustedPeers: options.trustedPeers,
    resolver: options.resolver,
    hostName: options.hostName,
    clock,
  });
  return async (raw, envelope) => {
    const sinceMs = clock.nowMs();
    const read = await reader.read(raw);
    if (read === 'unreadable') {
      reporter.warn('mail-unreadable', { sizeBytes: raw.length });
      return 'unreadable';
    }
    if (read === 'too-slow') {
      reporter.warn('mail-too-slow', { sizeBytes: raw.length });
      return 'try-later';
    }
    try {
      const dmarc = await authentication.verdict(raw, read.mail, envelope);
      if (dmarc === 'temporary') return 'try-later';
      const contentHash = createHash('sha256').update(raw).digest('hex');
      const checked = { mail: read.mail, envelope, dmarc, contentHash, receivedMs: clock.nowMs() };
      await takeMail(options, checked, raw, sinceMs);
      return 'accepted';
    } catch (error) {
      reporter.error('mail-not-taken', { reason: error instanceof Error ? error.name : 'unknown' });
      return 'try-later';
    }
  };
}
