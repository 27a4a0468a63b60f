import { type AddressObject, type ParsedMail, simpleParser } from 'mailparser';
import nodemailer from 'nodemailer';
import { SMTPServer } from 'smtp-server';
import { Arrivals } from './eventually.ts';

/** The address texts of a header. */
export const addressOf = (header: AddressObject | AddressObject[] | undefined): string =>
  [header].flat()[0]?.value[0]?.address ?? '';

/** A mail as it came: every byte of it, and whom it was handed over for. */
export interface RawMail {
  readonly recipients: readonly string[];
  readonly bytes: Buffer;
  readonly mail: ParsedMail;
}

/** A customer's mailbox and their provider: it receives what the mesh sends, and sends to the mesh. */
export class MailClient {
  readonly received = new Arrivals<ParsedMail>();
  readonly raw: RawMail[] = [];
  readonly #server: SMTPServer;
  readonly #authservId: string;
  #port = 0;

  private constructor(authservId: string) {
    this.#authservId = authservId;
    this.#server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      logger: false,
      onData: (stream, session, done) => {
        const recipients = session.envelope.rcptTo.map(({ address }) => address);
        this.#take(stream, recipients).then(
          () => done(),
          (error: Error) => done(error),
        );
      },
    });
  }

  /** `authservId`: the provider in front of the mesh, which the mesh is told to trust. */
  static async open(authservId: string): Promise<MailClient> {
    const client = new MailClient(authservId);
    await new Promise<void>((resolve) => {
      client.#server.listen(0, '127.0.0.1', resolve);
    });
    client.#port = (client.#server.server.address() as { port: number }).port;
    return client;
  }

  async #take(stream: AsyncIterable<Uint8Array>, recipients: readonly string[]): Promise<void> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    const mail = await simpleParser(bytes);
    this.raw.push({ recipients, bytes, mail });
    this.received.add(mail);
  }

  /** For THROUGHLINE_SMTP_OUT. */
  get url(): string {
    return `smtp://127.0.0.1:${this.#port}`;
  }

  /** Sends a mail as its provider hands it on: with what it found about the sender. Rejects as SMTP does. */
  async send(
    smtp: { readonly host: string; readonly port: number },
    mail: {
      from: string;
      to: string;
      subject: string;
      text: string;
      messageId: string;
      inReplyTo?: string;
      dmarc?: 'pass' | 'fail';
      headers?: Record<string, string>;
    },
  ): Promise<void> {
    const transport = nodemailer.createTransport({ ...smtp, secure: false, ignoreTLS: true });
    const domain = mail.from.replace(/^.*@/, '').replace(/>$/, '');
    const { dmarc = 'pass', headers = {}, ...fields } = mail;
    try {
      await transport.sendMail({
        ...fields,
        headers: { 'Authentication-Results': `${this.#authservId}; dmarc=${dmarc} header.from=${domain}`, ...headers },
      });
    } finally {
      transport.close();
    }
  }

  /** The next mail to this address that matches, from place `from` on. */
  receives(to: string, matches: (mail: ParsedMail) => boolean, from = 0): Promise<ParsedMail> {
    return this.received.next(`a mail to ${to}`, (mail) => addressOf(mail.to) === to && matches(mail), from);
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
    });
  }
}
