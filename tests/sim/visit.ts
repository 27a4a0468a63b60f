import type { Person } from './people.ts';
import type { Stage } from './stage.ts';
import type { SaidCode, Talk } from './talk.ts';

const SECOND_TURN_SHARE = 0.08;
const THINKING_MAX_MS = 500;
/** Whoever is asked something goes on a little. */
const ANSWERS_MAX = 3;
const GOES_ON_SHARE = 0.4;
const STUBBORN_ANSWERS_MAX = 5;
const TRIES = 5;
const SAYS_CODE_AGAIN_SHARE = 0.4;
const WISHES_AGAIN_SHARE = 0.35;
/** Some say two things without waiting for anything in between. */
const BREATH_SHARE = 0.06;
const STORY_SHARE = 0.03;
const STORY_TURNS = 7;
/** Some have much to say: more than a briefing holds of it. */
const STORY = ` ${'And it goes on and on. '.repeat(120)}`;
const PATIENCE_MS = 8_000;
const LATE_MS = 16 * 60_000;

/** How somebody is on one visit. */
export interface Mood {
  /** Says that they are somebody else. */
  readonly claims: Person | undefined;
  /** Tries as many numbers as there are tries before the one that came by mail. */
  readonly isStubborn: boolean;
  /** Goes on until they are known, however much has happened. */
  readonly isPersistent: boolean;
}

interface Utterance {
  readonly text: string;
  readonly code?: SaidCode;
  /** Said in the same breath. */
  readonly more?: readonly string[];
}

/** One visit from its first words to its end: says what it wants, answers what it is asked, leaves or is just gone. */
export class Visit {
  readonly #stage: Stage;
  readonly #talk: Talk;
  readonly #mood: Mood;
  /** How many mails had been sent before this visit: a code that is asked for comes behind them. */
  #mailsBefore = 0;
  /** Somebody stubborn has used up all tries, and goes on with the right code. */
  #hasGuessed = false;

  /** The code that was mailed and said: some say it once more. */
  #saidCode: Utterance | undefined;
  #story = '';

  constructor(stage: Stage, talk: Talk, mood: Mood) {
    this.#stage = stage;
    this.#talk = talk;
    this.#mood = mood;
  }

  async play(): Promise<void> {
    const { world, mailroom } = this.#stage;
    const { isPersistent } = this.#mood;
    this.#story = world.chance() < STORY_SHARE ? STORY : '';
    this.#mailsBefore = mailroom.sent.length;
    let heard: string | undefined;
    let turns = world.most('turns', this.#story !== '' ? STORY_TURNS : world.chance() < SECOND_TURN_SHARE ? 2 : 1);
    for (let turn = 1; turn <= turns; turn += 1) {
      await world.pause(world.below(THINKING_MAX_MS));
      const { text, code, more } = await this.#next(heard);
      const saying = this.#talk.say(text, code, more);
      // Some hang up in the middle of what they say.
      if (turn === turns && world.chance() < 0.1) break;
      await saying;
      const listens = isPersistent || world.chance() < 0.85;
      heard = listens ? await this.#talk.answer(PATIENCE_MS) : undefined;
      if (turn === turns && this.#goesOn(heard, turn)) turns += 1;
    }
    await this.#talk.end(world.chance() < 0.5 ? 'leaves' : 'drops');
  }

  /** Whoever is asked something goes on a little. */
  #goesOn(heard = '', turn: number): boolean {
    const { world, isLong } = this.#stage;
    const { isStubborn, isPersistent } = this.#mood;
    const isAsked = this.#hasGuessed || QUESTIONS.some((question) => question.test(heard));
    const mayAnswer = isAsked && turn < (isStubborn ? STUBBORN_ANSWERS_MAX : ANSWERS_MAX);
    const maySayCodeAgain = this.#saidCode !== undefined && turn <= ANSWERS_MAX;
    const isWilling = isPersistent || (!isLong && (isStubborn || world.chance() < GOES_ON_SHARE));
    return isWilling && (mayAnswer || maySayCodeAgain);
  }

  async #next(heard: string | undefined): Promise<Utterance> {
    const { world } = this.#stage;
    if (this.#hasGuessed) return this.#code();
    if (this.#saidCode !== undefined && world.chance() < SAYS_CODE_AGAIN_SHARE) return this.#saidCode;
    if (heard !== undefined && world.chance() < 0.9) {
      if (ASKS_NEW_CODE.test(heard)) return { text: 'Yes please.' };
      if (ASKS_CODE.test(heard)) return this.#code();
      if (ASKS_WHO.test(heard)) return { text: this.#whoIAm() };
      if (ASKS_ORDER.test(heard)) return { text: `It is ${this.#order()}. ${this.#canary()}` };
      if (ASKS_WHICH.test(heard)) return { text: `It is about order ${this.#order()}. ${this.#canary()}` };
    }
    const more = world.chance() < BREATH_SHARE ? [`${this.#wish()} ${this.#canary()}`] : [];
    return { text: `${this.#wish()} ${this.#canary()}${this.#story}`, more };
  }

  /** Many want what they wanted before, on whatever channel. */
  #wish(): string {
    const { world, wishes } = this.#stage;
    const { person } = this.#talk.contact;
    const before = world.chance() < WISHES_AGAIN_SHARE ? wishes.get(person) : undefined;
    const wish = before ?? WISHES[world.below(WISHES.length)]?.(this.#order()) ?? '';
    wishes.set(person, wish);
    return wish;
  }

  /** Whoever claims to be somebody else can only guess: the code goes to the mailbox of whom it is about. */
  async #code(): Promise<Utterance> {
    const { world, mailroom } = this.#stage;
    if (this.#mood.claims !== undefined || this.#mood.isStubborn !== this.#hasGuessed || world.chance() < 0.15) {
      return this.#guess(this.#mood.isStubborn ? TRIES : 1 + world.below(2));
    }
    const mail = await mailroom.newest(this.#talk.contact.person.email, this.#mailsBefore, PATIENCE_MS, SIX_DIGITS);
    const digits = SIX_DIGITS.exec(mail?.text ?? '')?.[0];
    if (mail === undefined || digits === undefined) return { text: 'No code has come.' };
    if (world.chance() < 0.1) world.leap(LATE_MS);
    this.#saidCode = { text: `The code is ${digits}.`, code: { digits, sentMs: mail.dateMs } };
    return this.#saidCode;
  }

  /** All in one turn: each number in it is a try. */
  #guess(guesses: number): Utterance {
    const { world } = this.#stage;
    this.#hasGuessed = this.#mood.isStubborn;
    const numbers = Array.from({ length: guesses }, () => String(world.below(1_000_000)).padStart(6, '0'));
    return { text: `The code is ${numbers.join(' or ')}.`, code: { guesses } };
  }

  #whoIAm(): string {
    const { email, phone } = this.#mood.claims ?? this.#talk.contact.person;
    const draw = this.#stage.world.chance();
    if (draw < 0.6 || this.#mood.isStubborn) return `My address is ${email}.`;
    return draw < 0.8 ? `My number is ${phone}.` : `My address is ${email.replace('person', 'persom')}.`;
  }

  #order(): string {
    const { orders } = this.#talk.contact.person;
    return orders[this.#stage.world.below(orders.length)] ?? '';
  }

  /** Something of their own that no one else must hear; where they speak of money, it takes more to hear it. */
  #canary(): string {
    const { world, model } = this.#stage;
    const { contactId, person } = this.#talk.contact;
    const isOfMoney = world.chance() < 0.15;
    const sensitivity = isOfMoney ? 'financial' : 'personal';
    const words = model.canaries.mint({ person: person.number, contactId, sensitivity });
    return isOfMoney ? `I paid 12 dollars for the ${words}.` : `It is the ${words}.`;
  }
}

const SIX_DIGITS = /\b\d{6}\b/;
const ASKS_CODE = /six-digit code|six digits/;
const ASKS_WHO = /e-mail address or phone number that we have on file/;
const ASKS_ORDER = /order number\?|tell me the order number/;
const ASKS_WHICH = /been in touch about before/;
const ASKS_NEW_CODE = /Shall I send a new one/;
const QUESTIONS = [ASKS_CODE, ASKS_WHO, ASKS_ORDER, ASKS_WHICH, ASKS_NEW_CODE];

const WISHES = [
  (order: string) => `Where is my order ${order}?`,
  (order: string) => `Please refund order ${order}, it arrived broken.`,
  (order: string) => `Please refund order ${order}, it arrived broken.`,
  (order: string) => `What about my refund for ${order}?`,
  () => 'I want my money back.',
  () => 'I have a question about something else.',
  () => 'It is raining here.',
  () => 'Thank you, bye.',
  () => 'Let me talk to a person.',
] as const;
