import { createHash, createHmac } from 'node:crypto';
import type { EdgeDraft } from '@throughline/kernel/edge';
import type { Blobs, Clock, Keyring, Mac, Reporter } from '@throughline/kernel/ports';
import type { ContactStarted, RevocationRequested } from '@throughline/schemas/generated/messages';
import { memoryKeyring } from '@throughline/schemas/testing/memory-keyring';
import nodemailer from 'nodemailer';
import { createEmailGateway, type EmailGateway, type EmailGatewayOptions } from '../gateway.ts';
import type { OutgoingMail } from '../render.ts';

export const NOW_MS = Date.UTC(2026, 10, 23, 12);

export const mac: Mac = (purpose, text) => createHmac('sha256', `test ${purpose}`).update(text).digest('hex');

export const silent: Reporter = { info() {}, warn() {}, error() {} };

/** Time stands still; only what is due after real time passes is left to the system. */
export const clock: Clock = {
  nowMs: () => NOW_MS,
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Seals with real encryption, and only with keys that were made before. */
export function createKeyring(): Pick<Keyring, 'mac' | 'ensure' | 'seal' | 'open'> & {
  destroy(keyId: string): void;
} {
  const keyring = memoryKeyring();
  const made = new Set<string>();
  return {
    ...keyring,
    mac,
    ensure: async (keyIds) => keyIds.forEach((keyId) => void made.add(keyId)),
    seal(keyId, plain, context) {
      if (!made.has(keyId)) throw new Error(`Key ${keyId} was not made`);
      return keyring.seal(keyId, plain, context);
    },
  };
}

/** A gateway on a loopback port with everything around it in memory. */
export class MailWorld {
  readonly sent: EdgeDraft[] = [];
  readonly blobs = new Map<string, Uint8Array>();
  readonly outbox: OutgoingMail[] = [];
  readonly keyring = createKeyring();
  isLogOut = false;
  isBusy = false;
  #port = 0;
  readonly gateway: EmailGateway;

  constructor(options: Partial<EmailGatewayOptions> = {}) {
    this.gateway = createEmailGateway({
      edge: {
        send: async (drafts) => {
          if (this.isLogOut) throw new Error('the log is out');
          this.sent.push(...drafts);
        },
      },
      keyring: this.keyring,
      blobs: this.#blobs(),
      clock,
      random: (bytes) => new Uint8Array(bytes).fill(7),
      reporter: silent,
      mailDomains: ['help.example'],
      auth: { mode: 'authserv-id', authservId: 'mx.example' },
      trustedPeers: ['loopback'],
      outbox: { send: async (mail) => void this.outbox.push(mail) },
      region: 'US',
      busy: () => this.isBusy,
      ...options,
    });
  }

  async open(): Promise<this> {
    this.#port = await this.gateway.server.listen(0, '127.0.0.1');
    return this;
  }

  get port(): number {
    return this.#port;
  }

  close(): Promise<void> {
    return this.gateway.server.close();
  }

  /** Hands a mail to the door as a mail server does; resolves to the code of the answer. */
  async deliver(raw: string, envelope: { from?: string; to?: string | string[] } = {}): Promise<number> {
    const transport = nodemailer.createTransport({ host: '127.0.0.1', port: this.#port, ignoreTLS: true });
    const { from = 'ines@post.example', to = 'support@help.example' } = envelope;
    try {
      const { response } = await transport.sendMail({ raw, envelope: { from, to } });
      return Number(response.slice(0, 3));
    } catch (error) {
      const code = error instanceof Error && 'responseCode' in error ? error.responseCode : undefined;
      if (typeof code !== 'number') throw error;
      return code;
    } finally {
      transport.close();
    }
  }

  /** What was kept under that name, opened again; undefined where nothing was, or its key is destroyed. */
  kept(kind: 'mail' | 'attachment', name: string | undefined): Buffer | undefined {
    const sealed = this.blobs.get(name ?? '');
    const plain = sealed && this.keyring.open(sealed, `blob/${kind}`);
    return plain && Buffer.from(plain);
  }

  /** The contacts that were put on the log. */
  get contacts(): readonly ContactStarted[] {
    return this.sent.filter(({ type }) => type === 'ContactStarted').map(({ body }) => body as ContactStarted);
  }

  get revocations(): readonly RevocationRequested[] {
    return this.sent
      .filter(({ type }) => type === 'RevocationRequested')
      .map(({ body }) => body as RevocationRequested);
  }

  #blobs(): Blobs {
    return {
      put: async (bytes) => {
        const hash = createHash('sha256').update(bytes).digest('hex');
        this.blobs.set(hash, bytes);
        return hash;
      },
      get: async (hash) => this.blobs.get(hash),
      putNamed: async () => {},
      getNamed: async () => undefined,
    };
  }
}

/** A mail as its provider hands it on; a member that is undefined leaves the line out. */
export function mailOf(
  headers: Readonly<Record<string, string | readonly string[] | undefined>> = {},
  body = 'Where is my order?',
): string {
  const all = {
    'Authentication-Results': 'mx.example; dmarc=pass header.from=post.example',
    From: 'Ines Okafor <ines@post.example>',
    To: 'support@help.example',
    Subject: 'My order',
    'Message-ID': '<1@post.example>',
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) => [value ?? []].flat().map((one) => `${name}: ${one}`));
  return [...lines, '', body.replace(/\r?\n/g, '\r\n'), ''].join('\r\n');
}
