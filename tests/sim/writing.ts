import type { OutgoingMail } from '@throughline/email-gateway/render';
import { deriveId } from '@throughline/kernel/ids';
import { contactOfLetter, type Letter, MAILBOX, type Mailroom } from './mailroom.ts';
import type { Contact, Model, Shown } from './model.ts';
import type { Person } from './people.ts';
import { type SaidCode, type Talk, tellModel } from './talk.ts';
import type { World } from './world.ts';

/** Where somebody's letters come from, and what that proves. */
export interface Pen {
  readonly person: Person;
  readonly address: string;
  readonly dmarc: 'proven' | 'failed';
  readonly shown: () => Shown;
}

/** A correspondence: every letter is a contact of its own, and answers the newest that came back. */
export class Correspondence implements Talk {
  readonly #world: World;
  readonly #model: Model;
  readonly #mailroom: Mailroom;
  readonly #pen: Pen;
  readonly #name: string;
  #letters = 0;
  #sentBefore = 0;
  #newest: OutgoingMail | undefined;

  /** `name` tells this correspondence from every other. */
  constructor(
    on: { readonly world: World; readonly model: Model; readonly mailroom: Mailroom },
    pen: Pen,
    name: string,
  ) {
    this.#world = on.world;
    this.#model = on.model;
    this.#mailroom = on.mailroom;
    this.#pen = pen;
    this.#name = name;
  }

  /** The contact that the next letter will be. */
  get contact(): Contact {
    return this.#model.begins(contactOfLetter(this.#letter('')), this.#pen.person, this.#pen.shown());
  }

  async say(text: string, code?: SaidCode, more: readonly string[] = []): Promise<void> {
    const letter = this.#letter([text, ...more].join('\n'));
    const { contact } = this;
    this.#letters += 1;
    tellModel(this.#model, contact, code, this.#world.clock.nowMs());
    this.#sentBefore = this.#mailroom.sent.length;
    await this.#mailroom.bring(letter);
    this.#model.acknowledged(contact, deriveId('inp', contact.contactId, 'mail'));
  }

  async answer(patienceMs: number): Promise<string | undefined> {
    if (this.#pen.dmarc === 'failed') return undefined;
    const mail = await this.#mailroom.newest(this.#pen.address, this.#sentBefore, patienceMs);
    this.#newest = mail ?? this.#newest;
    return mail?.text;
  }

  async end(): Promise<void> {}

  #letter(text: string): Letter {
    return {
      from: this.#pen.address,
      to: this.#newest?.replyTo ?? MAILBOX,
      messageId: `<${this.#name}-${this.#letters}@post.example>`,
      inReplyTo: this.#newest?.messageId,
      subject: 'My order',
      text,
      dmarc: this.#pen.dmarc,
    };
  }
}
