import { createHash } from 'node:crypto';
import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import nodemailer from 'nodemailer';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { OutgoingMail } from './render.ts';

/** Where mails leave. */
export interface Outbox {
  /**
   * Resolves once the mail is somebody else's concern. The same mail twice has the same Message-ID.
   * Rejects with `MailRefused` where it will never be taken, with `MailDeferred` where its recipient is not taken now, with anything
   * else on an outage.
   */
  send(mail: OutgoingMail): Promise<void>;
}

/** The mail server said no for good. */
export class MailRefused extends Error {
  readonly code = 'mail-refused';
  /** The server's reply code, 500 to 599. */
  readonly status: number;
  constructor(status: number) {
    super(
      `The mail server refused the mail for good with ${status}: look up the address, or what the server has against us.`,
    );
    this.name = 'MailRefused';
    this.status = status;
  }
}

/** The mail server does not take this recipient now: a full mailbox, a domain that is not found, a stranger that it makes wait. */
export class MailDeferred extends Error {
  readonly code = 'mail-deferred';
  /** The server's reply code, 400 to 499. */
  readonly status: number;
  constructor(status: number) {
    super(`The mail server does not take the recipient now, with ${status}: look up the address.`);
    this.name = 'MailDeferred';
    this.status = status;
  }
}

/** Hands mails to a server (`smtp://user:password@host:port`, `smtps://…`). */
export function createSmtpOutbox({ url }: { readonly url: string }): Outbox {
  const transport = nodemailer.createTransport({
    url,
    connectionTimeout: 15_000,
    greetingTimeout: 15_000,
    socketTimeout: 60_000,
  });
  return {
    async send(mail) {
      try {
        await transport.sendMail({ ...fieldsOf(mail), envelope: { from: mail.from, to: [mail.to] } });
      } catch (error) {
        throw refusalOf(error) ?? error;
      }
    },
  };
}

/** Keeps mails as .eml files, readable by their owner only; the same mail again replaces itself. */
export function createFileOutbox({ directory }: { readonly directory: string }): Outbox {
  return {
    async send(mail) {
      const bytes = await new MailComposer(fieldsOf(mail)).compile().build();
      const name = createHash('sha256').update(mail.messageId).digest('hex').slice(0, 32);
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const file = await open(join(directory, `${name}.tmp`), 'w', 0o600);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(join(directory, `${name}.tmp`), join(directory, `${name}.eml`));
    },
  };
}

function fieldsOf(mail: OutgoingMail) {
  return {
    messageId: mail.messageId,
    date: new Date(mail.dateMs),
    from: mail.from,
    to: mail.toName === null ? mail.to : { name: mail.toName, address: mail.to },
    ...(mail.replyTo === null ? {} : { replyTo: mail.replyTo }),
    ...(mail.inReplyTo === null ? {} : { inReplyTo: mail.inReplyTo }),
    ...(mail.references.length === 0 ? {} : { references: [...mail.references] }),
    subject: mail.subject,
    text: mail.text,
    headers: { 'Auto-Submitted': mail.autoSubmitted },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** What is said about this mail or its recipient; a refused login, a broken connection or a server in trouble is an outage. */
function refusalOf(error: unknown): MailRefused | MailDeferred | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('responseCode' in error)) return undefined;
  const { code, responseCode: status } = error;
  if ((code !== 'EENVELOPE' && code !== 'EMESSAGE') || typeof status !== 'number') return undefined;
  if (status >= 500) return new MailRefused(status);
  const isOfRecipient = 'command' in error && error.command === 'RCPT TO';
  const enhanced = 'response' in error ? ENHANCED_STATUS.exec(String(error.response))?.[1] : undefined;
  const isAboutIt = enhanced === undefined ? status === MAILBOX_UNAVAILABLE : !SERVER_SUBJECTS.has(enhanced);
  return isOfRecipient && isAboutIt ? new MailDeferred(status) : undefined;
}

/** RFC 5321 section 4.2.3. */
const MAILBOX_UNAVAILABLE = 450;
/** Class, subject and detail of RFC 3463, behind the reply code. */
const ENHANCED_STATUS = /^4\d\d[ -]4\.(\d{1,3})\.\d{1,3}\b/;
/** Subjects of RFC 3463 that say something of the server and not of the recipient: the mail system and the protocol. */
const SERVER_SUBJECTS: ReadonlySet<string> = new Set(['3', '5']);
