import { createSessions, type Session } from '@throughline/chat-gateway/session';
import type { OutgoingMail } from '@throughline/email-gateway/render';
import { importCustomers } from '@throughline/identity-resolution/import';
import { createEdge } from '@throughline/kernel/edge';
import type { CustomerRecorded } from '@throughline/schemas/generated/messages';
import { IDENTITY_EVENTS } from '@throughline/schemas/topics';
import { listenForAnswers } from '@throughline/service/answers';
import { newTraceparent } from '@throughline/telemetry/traceparent';
import { contactIdOf as contactOfCall } from '@throughline/voice-gateway/normalize';
import { PhoneCall } from './calling.ts';
import { Chat } from './chatting.ts';
import { type Foundations, insist } from './foundations.ts';
import type { Gateways } from './gateways.ts';
import type { Mailroom } from './mailroom.ts';
import type { Contact, Model, Shown } from './model.ts';
import { importOf, type Person } from './people.ts';
import type { Talk } from './talk.ts';
import { type Mood, Visit } from './visit.ts';
import type { World } from './world.ts';
import { Correspondence } from './writing.ts';

const ANSWER_MAX_MS = 5_000;
const BETWEEN_MAX_MS = 1_000;
const GAPS_MS = [60_000, 40 * 60_000, 31 * 24 * 60 * 60_000];
/** How often nobody does anything for so long, before somebody comes again or for good: timers fire then. */
const GONE_SHARE = 0.4;
const TIMERS_MS = 2_000;
/** A notice says that a link can be taken back for thirty days; clocks are apart a little. */
const TAKEN_BACK_WITHIN_MS = 30 * 24 * 60 * 60_000 - 60_000;
/** How often somebody looks whether a link that they took back is gone. */
const TAKEN_BACK_TRIES = 20;
const SECOND_VISIT_SHARE = 0.06;
const SECOND_LINE_SHARE = 0.05;
const LIAR_SHARE = 0.15;
const STUBBORN_SHARE = 0.2;
const PERSISTENT_SHARE = 0.1;
/** How many of those who come at last want something that takes an action. */
const LAST_ACTION_SHARE = 0.25;
/** Where less has happened than this they all do. */
const EVENTFUL_STEPS = 300;
/** Behind so many steps nothing new is begun: many short histories find more than a few long ones. */
const LONG_STEPS = 330;
/** In how many histories somebody comes once faults have ceased, beside all that were uneventful. */
const LAST_VISIT_SHARE = 0.1;

const NOTHING: Shown = { level: 0 };

/** Where everybody plays: the people, the ways in, and what is known of what they did. */
export class Stage {
  readonly world: World;
  readonly model: Model;
  readonly people: readonly Person[];
  readonly mailroom: Mailroom;
  /** What each wanted last. */
  readonly wishes = new Map<Person, string>();
  readonly #foundations: Foundations;
  readonly #chats: Gateways;
  /** Undefined where nobody calls in this history. */
  readonly #phones: Gateways | undefined;
  /** What each person's browser keeps. */
  readonly #sessions = new Map<Person, Session>();
  #playing = 0;
  #visits = 0;

  constructor(
    foundations: Foundations,
    on: {
      readonly model: Model;
      readonly people: readonly Person[];
      readonly mailroom: Mailroom;
      readonly chats: Gateways;
      readonly phones: Gateways | undefined;
    },
  ) {
    this.world = foundations.world;
    this.#foundations = foundations;
    this.model = on.model;
    this.people = on.people;
    this.mailroom = on.mailroom;
    this.#chats = on.chats;
    this.#phones = on.phones;
  }

  /** Enough has happened: whoever is under way comes to an end. */
  get isLong(): boolean {
    return this.world.steps > LONG_STEPS;
  }

  get isPlaying(): boolean {
    return this.#playing > 0;
  }

  /** The shop imports its customers, and then everybody comes: some on two channels at once, some after a month. */
  async begin(): Promise<void> {
    this.#playing += 1;
    await this.#import();
    for (const person of this.people) {
      for (let line = this.world.most('lines', this.world.chance() < SECOND_LINE_SHARE ? 2 : 1); line > 0; line -= 1)
        void this.#comes(person);
    }
    this.#playing -= 1;
  }

  /** Once everything works again, somebody comes once more, and is answered. */
  async epilogue(): Promise<void> {
    const [person] = this.people;
    const isUneventful = this.world.steps < EVENTFUL_STEPS;
    if (person === undefined || (this.world.chance() >= LAST_VISIT_SHARE && !isUneventful)) return;
    this.#playing += 1;
    const talk = this.#login(person);
    const isAboutOrder = this.world.chance() < LAST_ACTION_SHARE || isUneventful;
    await talk.say(isAboutOrder ? `Where is my order ${person.orders[0]}?` : 'It is raining here.');
    const answer = await talk.answer(Number.POSITIVE_INFINITY);
    this.model.demand(answer !== undefined, 'Whoever comes once faults have ceased is not answered.');
    await talk.end('leaves');
    this.#playing -= 1;
  }

  /** So many come at once, each with so many things to say in one breath; false where nobody comes any more. */
  crowd(size: number, turns: number): boolean {
    if (!this.isPlaying) return false;
    for (let number = 0; number < size; number += 1) void this.#dropsIn(number, turns);
    return true;
  }

  async #staysAway(): Promise<void> {
    this.world.leap(GAPS_MS[this.world.below(GAPS_MS.length)] ?? 0);
    await this.world.pause(TIMERS_MS);
  }

  async #dropsIn(number: number, turns: number): Promise<void> {
    const person = this.people[number % this.people.length];
    if (person === undefined) return;
    this.#playing += 1;
    const talk = this.#login(person);
    const [first = '', ...more] = Array.from(
      { length: turns },
      (_, turn) => `Where is my order ${person.orders[0]}? ${turn + 1}`,
    );
    await talk.say(first, undefined, more);
    await talk.end('leaves');
    this.#playing -= 1;
  }

  async #comes(person: Person): Promise<void> {
    const { world } = this;
    this.#playing += 1;
    for (let visits = world.most('visits', world.chance() < SECOND_VISIT_SHARE ? 2 : 1); visits > 0; visits -= 1) {
      await world.pause(world.below(BETWEEN_MAX_MS));
      const { talk, mayLie } = this.#drawTalk(person);
      const others = this.people.filter((other) => other !== person && other.isOnFile);
      const claims = mayLie && world.chance() < LIAR_SHARE ? others[world.below(others.length)] : undefined;
      const isStubborn = mayLie && claims === undefined && world.chance() < STUBBORN_SHARE;
      const isPersistent = claims === undefined && world.chance() < PERSISTENT_SHARE;
      const mood: Mood = { claims, isStubborn, isPersistent };
      const mailsBefore = this.mailroom.sent.length;
      await new Visit(this, talk, mood).play();
      await this.#takesBack(talk.contact, mailsBefore);
      if (world.chance() < GONE_SHARE) await this.#staysAway();
      if (this.isLong) break;
    }
    this.#playing -= 1;
  }

  #drawTalk(person: Person): { readonly talk: Talk; readonly mayLie: boolean } {
    const draw = this.world.chance();
    if (draw < 0.35) return { talk: this.#login(person), mayLie: false };
    if (draw < 0.5) return { talk: this.#anonymous(person), mayLie: true };
    if (draw < 0.8 && this.#phones !== undefined) return this.#drawCall(person, this.#phones);
    if (draw < 0.89) return { talk: this.#mail(person, person.email, 'proven'), mayLie: false };
    if (draw < 0.97) return { talk: this.#mail(person, person.otherEmail, 'proven'), mayLie: true };
    return { talk: this.#mail(person, this.#somebodys('email'), 'failed'), mayLie: true };
  }

  #drawCall(person: Person, phones: Gateways): { readonly talk: Talk; readonly mayLie: boolean } {
    const draw = this.world.chance();
    if (draw < 0.5) return { talk: this.#phone(phones, person, person.phone, ATTESTED), mayLie: false };
    const [from, verstat] =
      draw < 0.8 ? [person.otherPhone, ATTESTED] : [this.#somebodys('phone'), 'TN-Validation-Passed-B'];
    return { talk: this.#phone(phones, person, from, verstat), mayLie: true };
  }

  /** Who has just linked a number or an address by a code takes that back; once that is done they come by it, and are nobody. */
  async #takesBack({ person, cameBy: by = '' }: Contact, mailsBefore: number): Promise<void> {
    const isAddress = by.includes('@');
    const what = isAddress ? 'An e-mail address' : 'A number';
    const isNotice = ({ to, subject }: OutgoingMail): boolean => to === person.email && subject.startsWith(what);
    const notice = this.mailroom.sent.slice(mailsBefore).findLast(isNotice);
    if (!this.model.isLinked(by) || !(isAddress || by.startsWith('+')) || notice?.replyTo == null) return;
    const letter = { from: person.email, to: notice.replyTo, messageId: `<back-${++this.#visits}@post.example>` };
    const said = { inReplyTo: notice.messageId, subject: notice.subject, text: 'That was not me.' };
    await this.mailroom.bring({ ...letter, ...said, dmarc: 'proven' });
    if (this.world.clock.nowMs() - notice.dateMs > TAKEN_BACK_WITHIN_MS) return;
    this.model.takesBack(by);
    for (let times = 0; this.model.isClaimed(by) && times < TAKEN_BACK_TRIES; times += 1)
      await this.world.pause(BETWEEN_MAX_MS);
    const phones = isAddress ? undefined : this.#phones;
    const again = phones ? this.#phone(phones, person, by, ATTESTED) : this.#mail(person, by, 'proven');
    await new Visit(this, again, {
      claims: undefined,
      isStubborn: false,
      isPersistent: false,
    }).play();
  }

  #somebodys(what: 'phone' | 'email'): string {
    return this.people[this.world.below(this.people.length)]?.[what] ?? '';
  }

  #login(person: Person): Talk {
    const session = this.#sessionOf(undefined, person);
    return this.#chat(person, session, { level: 2 });
  }

  /** Whoever comes back with what the browser kept from before shows that it is the same browser. */
  #anonymous(person: Person): Talk {
    const session = this.#sessionOf(this.#sessions.get(person));
    this.#sessions.set(person, session);
    return this.#chat(person, session, this.#shown(session.sessionId));
  }

  #chat(person: Person, session: Session, shown: Shown): Talk {
    return new Chat(
      { world: this.world, model: this.model, chats: this.#chats },
      session,
      this.model.begins(session.contactId, person, shown),
    );
  }

  #sessionOf(former: Session | undefined, person?: Person): Session {
    const { clock, random, keyring } = this.#foundations.plain;
    const login = person && { externalId: person.externalId, email: undefined, phone: undefined };
    return createSessions({ mac: keyring.mac, clock, random }).begin({ former, login });
  }

  #phone(phones: Gateways, person: Person, from: string, verstat: string): Talk {
    const call = { callSid: `CA${++this.#visits}`, from, verstat };
    const isOwn = verstat === ATTESTED && person.isOnFile && from === person.phone && !person.isPhoneShared;
    const shown = isOwn ? ({ level: 1, by: from } as const) : verstat === ATTESTED ? this.#shown(from) : NOTHING;
    const contact = this.model.begins(contactOfCall(call.callSid), person, shown);
    return new PhoneCall({ world: this.world, model: this.model, phones }, call, contact);
  }

  #mail(person: Person, address: string, dmarc: 'proven' | 'failed'): Talk {
    const isOwn = dmarc === 'proven' && person.isOnFile && address === person.email;
    const shown = (): Shown =>
      isOwn ? { level: 1, by: address } : dmarc === 'proven' ? this.#shown(address) : NOTHING;
    return new Correspondence(this, { person, address, dmarc, shown }, `m${++this.#visits}`);
  }

  /** What was linked by a code opens the state of things from then on. */
  #shown(by: string): Shown {
    return { level: this.model.isLinked(by) ? 1 : 0, by };
  }

  async #import(): Promise<void> {
    const lines = importOf(this.people);
    const on = this.#foundations.on(this.#foundations.process('operators'));
    const recorded = await listenForAnswers({ ...on, topic: IDENTITY_EVENTS, types: ['CustomerRecorded'] });
    let batches = 0;
    await insist(this.world, () => {
      const batchId = `batch-${++batches}`;
      const importing = {
        edge: createEdge({ ...on, source: 'operators' }),
        clock: on.clock,
        region: 'US',
        async awaitRecorded(batch: string, line: number) {
          const isIt = (body: CustomerRecorded): boolean => body.batchId === batch && body.line === line;
          const event = await recorded.next(({ body }) => isIt(body as CustomerRecorded), ANSWER_MAX_MS);
          return event?.body as CustomerRecorded | undefined;
        },
      };
      const batch = { batchId, traceparent: newTraceparent(on.random) };
      return importCustomers(importing, batch, bodyOf(lines));
    });
    await recorded.close();
  }
}

const ATTESTED = 'TN-Validation-Passed-A';

async function* bodyOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
