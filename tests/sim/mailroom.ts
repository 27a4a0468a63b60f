import { createHash } from 'node:crypto';
import type { IncomingMail, MailEnvelope } from '@throughline/email-gateway/incoming';
import { contactIdOf } from '@throughline/email-gateway/normalize';
import { MailDeferred, MailRefused, type Outbox } from '@throughline/email-gateway/outbox';
import type { OutgoingMail } from '@throughline/email-gateway/render';
import { takeMail } from '@throughline/email-gateway/taking';
import { createGatewayEdge } from '@throughline/gateway/gateway-edge';
import type { Foundations, On } from './foundations.ts';
import type { Model } from './model.ts';
import { askOutside } from './outside.ts';

export const MAIL_DOMAIN = 'support.example';
export const MAILBOX = `help@${MAIL_DOMAIN}`;
const SUCCESSOR_MAX_MS = 2_000;
const SLEEP_MAX_MS = 10_000;
/** How long the real outbox waits for a server that says nothing. */
const SERVER_PATIENCE_MS = 60_000;
const SENDER_PATIENCE_MS = 5_000;
const FULL_SHARE = 0.03;
const AGAIN_SHARE = 0.2;
const AGAIN_MAX_MS = 2_000;

/** A letter as somebody writes it. */
export interface Letter {
  readonly from: string;
  readonly to: string;
  readonly messageId: string;
  readonly inReplyTo: string | undefined;
  readonly subject: string;
  readonly text: string;
  readonly dmarc: 'proven' | 'failed';
}

/** All mail of a world: the door that takes it in, the server that takes it out, and everybody's inbox. */
export class Mailroom {
  /** What has left, the repeats too, in order. */
  readonly sent: OutgoingMail[] = [];
  readonly #foundations: Foundations;
  readonly #model: Model;
  readonly #written = new Map<string, Letter>();
  /** Whose mailbox takes nothing more, as far as that has been found out. */
  readonly #full = new Map<string, boolean>();
  #deliveries = 0;
  readonly #watching = new Set<() => void>();
  #door: { readonly on: On; readonly ended: Promise<never> } | undefined;

  constructor(foundations: Foundations, model: Model) {
    this.#foundations = foundations;
    this.#model = model;
    this.#open();
  }

  /** The server that mails go out by. The same mail twice is two mails in somebody's inbox. */
  readonly outbox: Outbox = {
    send: async (mail) => {
      const { world } = this.#foundations;
      const isFull = this.#full.get(mail.to) ?? world.chance() < FULL_SHARE;
      this.#full.set(mail.to, isFull);
      await askOutside(this.#foundations, 'mail', () => isFull || this.#arrive(mail), SERVER_PATIENCE_MS);
      if (isFull) throw new MailDeferred(452);
      if (world.chance() < 0.02) throw new MailRefused(550);
    },
  };

  /** Resolves to the newest mail that has come to an address since there were `after` of all; undefined where none comes in time. */
  async newest(address: string, after: number, patienceMs: number, says = /^/): Promise<OutgoingMail | undefined> {
    const { world } = this.#foundations;
    const isIt = ({ to, text }: OutgoingMail): boolean => to === address && says.test(text);
    const find = (): OutgoingMail | undefined => this.sent.slice(after).findLast(isIt);
    const deadlineMs = world.clock.nowMs() + patienceMs;
    while (find() === undefined && world.clock.nowMs() < deadlineMs) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          cancel();
          this.#watching.delete(done);
          resolve();
        };
        const cancel = world.clock.after(deadlineMs - world.clock.nowMs(), done);
        this.#watching.add(done);
      });
    }
    return find();
  }

  /** The sender's server brings a letter until it is taken, and sometimes once more. */
  async bring(letter: Letter): Promise<void> {
    this.#written.set(letter.messageId, letter);
    const { world } = this.#foundations;
    for (let isTaken = false; !isTaken; ) {
      isTaken = await this.#take(letter);
      if (!isTaken) await world.pause(world.below(AGAIN_MAX_MS));
    }
    if (world.chance() < AGAIN_SHARE) void world.pause(world.below(AGAIN_MAX_MS)).then(() => this.#take(letter));
  }

  async #take(letter: Letter): Promise<boolean> {
    const door = this.#door;
    if (door === undefined) return false;
    const { on, ended } = door;
    const { world } = this.#foundations;
    const edge = createGatewayEdge({ ...on, source: 'email-gateway' });
    const receivedMs = on.clock.nowMs();
    const options = { ...on, edge, mailDomains: [MAIL_DOMAIN], region: 'US' };
    const taken = takeMail(
      options,
      checkedOf(letter, receivedMs, ++this.#deliveries),
      Buffer.from(letter.text),
      receivedMs,
    );
    const impatient = world.pause(SENDER_PATIENCE_MS).then(() => false);
    return Promise.race([taken.then(() => true), ended, impatient]).catch(() => false);
  }

  #arrive(mail: OutgoingMail): void {
    this.#judge(mail);
    this.sent.push(mail);
    for (const done of [...this.#watching]) done();
  }

  /** Law 5: an answer goes to who wrote and says what that contact has earned; every other mail says nothing of a case. */
  #judge(mail: OutgoingMail): void {
    const words = `${mail.subject} ${mail.text}`;
    const letter = this.#written.get(mail.inReplyTo ?? '');
    if (letter === undefined) {
      this.#model.demand(
        this.#model.canaries.in(words).length === 0,
        `Law 5: the mail ${mail.subject} holds words of a case.`,
      );
      return;
    }
    this.#model.demand(mail.to === letter.from, `Law 5: the answer to ${letter.messageId} went to somebody else.`);
    const contact = this.#model.contacts.get(contactOfLetter(letter));
    const why = contact && this.#model.whyNot(contact, words);
    this.#model.demand(why === undefined, `Law 5: the answer to ${letter.messageId} holds ${why}.`);
  }

  #open(): void {
    const { world } = this.#foundations;
    const process = this.#foundations.process('mail-door');
    const end = Promise.withResolvers<never>();
    end.promise.catch(() => undefined);
    this.#door = { on: this.#foundations.on(process), ended: end.promise };
    process.onLost = () => {
      this.#door = undefined;
      end.reject(new Error('The connection is gone.'));
      world.clock.after(world.below(SUCCESSOR_MAX_MS), () => this.#open());
      world.clock.after(world.below(SLEEP_MAX_MS), () => process.wake());
    };
  }
}

/** The contact that a letter will be, before it is sent. */
export const contactOfLetter = (letter: Letter): string => contactIdOf(checkedOf(letter, 0, 0));

/** As it is once it has been read and its sender checked. Every delivery has other headers, so its bytes are others too. */
function checkedOf(letter: Letter, receivedMs: number, delivery: number) {
  const { from, to, messageId, inReplyTo, subject, text, dmarc } = letter;
  const headers = [
    { name: 'from', value: from },
    { name: 'message-id', value: messageId },
    ...(inReplyTo === undefined ? [] : [{ name: 'in-reply-to', value: inReplyTo }]),
  ];
  const mail: IncomingMail = {
    headers,
    author: { address: from, name: '' },
    subject,
    text,
    visibleText: text,
    attachments: [],
  };
  const envelope: MailEnvelope = { sender: from, recipients: [to], peerAddress: '192.0.2.1', peerName: 'post.example' };
  const contentHash = createHash('sha256')
    .update(JSON.stringify([letter, delivery]))
    .digest('hex');
  return { mail, envelope, dmarc, contentHash, receivedMs };
}
