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
   * Rejects with `MailRefused` where it will never be taken, with anything else on an outage.
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
        const status = refusalOf(error);
        throw status === undefined ? error : new MailRefused(status);
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

/** Only what is said about this mail is for good; a refused login or a broken connection is an outage. */
function refusalOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('responseCode' in error)) return undefined;
  const { code, responseCode } = error;
  const isAboutTheMail = code === 'EENVELOPE' || code === 'EMESSAGE';
  return isAboutTheMail && typeof responseCode === 'number' && responseCode >= 500 ? responseCode : undefined;
}
