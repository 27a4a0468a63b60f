import { setTimeout as sleep } from 'node:timers/promises';
import { ONE_MOMENT } from '@throughline/voice-gateway/render';
import type { CallClient } from '../../../scripts/demo/call-client.ts';
import type { ChatClient } from '../../../scripts/demo/chat-client.ts';
import { addressOf } from '../../../scripts/demo/mail-client.ts';
import { MAIL_DOMAIN, type Stage } from '../../../scripts/demo/stage.ts';

/** A conversation on one channel, from the customer's side. */
export interface Talk {
  /** Says it; where the network repeats things, twice. */
  say(text: string): Promise<void>;
  /** What the agent has said since it was last asked, the newest of it; waits for it. */
  next(): Promise<string>;
  /** The first turn once more, long after. */
  repeatFirst(): Promise<void>;
  leave(): void;
  /** All that came over this channel, as text; mails are searched in the mailbox. */
  received(): string;
}

/** An answer that takes longer than all pieces counts as lost; how long the slowest took is reported. */
const PIECE_MS = 15_000;
const PIECES = 4;
const DELIVERIES_MAX = 5;
const DELIVER_AGAIN_MS = 500;
export const DIGITS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/** Waits piece by piece: a machine that stood still for a while has used up one of them, and not all. */
export async function patiently<Item>(look: (timeoutMs: number) => Promise<Item>): Promise<Item> {
  for (let piece = 1; ; piece += 1) {
    try {
      return await look(PIECE_MS);
    } catch (error) {
      if (piece === PIECES) throw error;
    }
  }
}

export class ChatTalk implements Talk {
  readonly #chat: ChatClient;
  readonly #isRepeated: boolean;
  readonly #said: string[] = [];
  #heardUpTo = 0;
  #hasLeft = false;

  private constructor(chat: ChatClient, isRepeated: boolean) {
    this.#chat = chat;
    this.#isRepeated = isRepeated;
  }

  static async open(stage: Stage, externalId: string, isRepeated: boolean): Promise<ChatTalk> {
    return new ChatTalk(await stage.loggedIn(externalId), isRepeated);
  }

  async say(text: string): Promise<void> {
    this.#said.push(text);
    const id = `say-${this.#said.length}`;
    if (this.#isRepeated) this.#chat.send({ type: 'say', id, text });
    await this.#chat.say(text, id);
  }

  async next(): Promise<string> {
    const { frames } = this.#chat;
    const isWords = (frame: (typeof frames.items)[number]): boolean => frame.type === 'said' && frame.from === 'agent';
    await patiently((ms) => frames.next('chat to hear something', isWords, this.#heardUpTo, ms));
    const words = frames.items.findLast(isWords)?.text ?? '';
    this.#heardUpTo = frames.items.length;
    return words;
  }

  /** After it has left it connects again for that, as a device does that had not heard the acknowledgement. */
  async repeatFirst(): Promise<void> {
    const [first] = this.#said;
    if (first === undefined) return;
    if (this.#hasLeft) await this.#chat.connect();
    await this.#chat.say(first, 'say-1');
    if (this.#hasLeft) this.#chat.close();
  }

  leave(): void {
    this.#hasLeft = true;
    this.#chat.send({ type: 'leave' });
    this.#chat.close();
  }

  received(): string {
    return JSON.stringify(this.#chat.frames.items);
  }
}

export class CallTalk implements Talk {
  readonly #call: CallClient;
  readonly #repeat: () => Promise<string>;
  readonly #isPressing: boolean;
  #webhooks = '';
  #heardUpTo = 0;

  private constructor(call: CallClient, repeat: () => Promise<string>, isPressing: boolean) {
    this.#call = call;
    this.#repeat = repeat;
    this.#isPressing = isPressing;
  }

  static async open(stage: Stage, options: { from: string; callSid: string }, isRepeated: boolean): Promise<CallTalk> {
    const incoming = { ...options, attestation: 'TN-Validation-Passed-A' };
    const repeat = async (): Promise<string> => (await stage.webhook(incoming)).text();
    const before = isRepeated ? await repeat() : '';
    const talk = new CallTalk(await stage.call(incoming), repeat, /[0-7]$/.test(options.callSid));
    talk.#webhooks = before + (isRepeated ? await repeat() : '');
    return talk;
  }

  /** Six digits are said one by one, or pressed. */
  async say(text: string): Promise<void> {
    if (!/^\d{6}$/.test(text)) this.#call.say(text);
    else if (this.#isPressing) for (const digit of text) this.#call.send({ type: 'dtmf', digit });
    else this.#call.say(`It is ${[...text].map((digit) => DIGITS[Number(digit)]).join(' ')}`);
  }

  async next(): Promise<string> {
    const { heard } = this.#call;
    const isWords = (frame: (typeof heard.items)[number]): boolean =>
      frame.type === 'text' && frame.token !== ONE_MOMENT;
    await patiently((ms) => heard.next('the caller to hear something', isWords, this.#heardUpTo, ms));
    const words = heard.items.findLast(isWords)?.token ?? '';
    this.#heardUpTo = heard.items.length;
    return words;
  }

  /** A relay numbers no turns, so what a carrier repeats is its webhook. */
  async repeatFirst(): Promise<void> {
    this.#webhooks += await this.#repeat();
  }

  leave(): void {
    this.#call.hangUp();
  }

  received(): string {
    return this.#webhooks + this.#call.twiml + JSON.stringify(this.#call.heard.items);
  }
}

/** Mails back and forth: to the mesh each is a contact of its own. */
export class MailTalk implements Talk {
  readonly #stage: Stage;
  readonly #address: string;
  readonly #name: string;
  readonly #isRepeated: boolean;
  readonly #sent: Parameters<Stage['mail']['send']>[1][] = [];
  #to = `help@${MAIL_DOMAIN}`;
  #answered = '';
  #from = 0;

  /** @param name that no other mail of this bench has */
  constructor(stage: Stage, address: string, name: string, isRepeated: boolean) {
    this.#stage = stage;
    this.#address = address;
    this.#name = name;
    this.#isRepeated = isRepeated;
  }

  async say(text: string): Promise<void> {
    const mail = {
      from: this.#address,
      to: this.#to,
      subject: this.#answered === '' ? 'My request' : 'Re: My request',
      text,
      messageId: `<${this.#name}.${this.#sent.length + 1}@mail.example>`,
      ...(this.#answered === '' ? {} : { inReplyTo: this.#answered }),
    };
    this.#from = this.#stage.mail.received.items.length;
    this.#sent.push(mail);
    const times = this.#isRepeated ? [mail, mail] : [mail];
    await Promise.all(times.map((one) => this.#deliver(one)));
  }

  /** A mail server tries again where it is told to come back later. */
  async #deliver(mail: Parameters<Stage['mail']['send']>[1]): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#stage.mail.send(this.#stage.mesh.smtp, mail);
        return;
      } catch (error) {
        const isForLater = error instanceof Error && 'responseCode' in error && /^4/.test(String(error.responseCode));
        if (!isForLater || attempt === DELIVERIES_MAX) throw error;
        await sleep(DELIVER_AGAIN_MS);
      }
    }
  }

  async next(): Promise<string> {
    const messageId = this.#sent.at(-1)?.messageId;
    const { received } = this.#stage.mail;
    const isAnswer = (mail: (typeof received.items)[number]): boolean => mail.inReplyTo === messageId;
    const what = `an answer to ${messageId}`;
    const answer = await patiently((ms) => received.next(what, isAnswer, this.#from, ms));
    this.#to = addressOf(answer.replyTo) || this.#to;
    this.#answered = answer.messageId ?? '';
    return (answer.text ?? '').trim();
  }

  async repeatFirst(): Promise<void> {
    const [first] = this.#sent;
    if (first !== undefined) await this.#deliver(first);
  }

  leave(): void {
    // Nobody hangs up on a mail.
  }

  received(): string {
    return '';
  }
}
