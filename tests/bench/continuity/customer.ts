import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ParsedMail } from 'mailparser';
import type { Stage } from '../../../scripts/demo/stage.ts';
import { ASKS, DONE, stepAsked, UNDER_WAY } from './planner.ts';
import type { Script } from './script.ts';
import type { PlannedContact, Way } from './split.ts';
import { CallTalk, ChatTalk, DIGITS, MailTalk, patiently, type Talk } from './talks.ts';

/** Who plays a task: the customer with the means that they have. */
export interface Person {
  readonly script: Script;
  /** On file. */
  readonly phone: string;
  /** On file for nobody. */
  readonly otherPhone: string;
  /** Resolves once the mesh has understood what the customer wants. */
  readonly understood: () => Promise<void>;
}

/** What one contact came to, as the customer saw it. */
export interface PlayedContact {
  readonly way: Way;
  /** Once it is known who it is: strangers hear nothing of the case. */
  readonly firstWords: string;
  readonly turns: number;
  /** The longest that it waited for words, milliseconds. */
  readonly slowestMs: number;
  /** Questions that should not have been asked, with why. */
  readonly askedAgain: readonly string[];
  readonly received: string;
}

const TURNS_MAX = 20;
const MAIL_PAUSE_MS = 700;
const STATE = 'Where does my request stand?';

/** What the customer has been through in the contacts so far. */
interface Memory {
  hasTold: boolean;
  isIdentified: boolean;
}

/** Plays the contacts of a task one after another, as they were planned. `problem`: why they did not come to their end. */
export async function playContacts(
  stage: Stage,
  person: Person,
  contacts: readonly PlannedContact[],
): Promise<{ readonly contacts: readonly PlayedContact[]; readonly problem: string | undefined }> {
  const played: Conversation[] = [];
  let problem: string | undefined;
  try {
    await playAll(stage, person, contacts, played);
  } catch (error) {
    problem = error instanceof Error ? error.message : 'unknown';
  }
  for (const conversation of played) conversation.leave();
  return { contacts: played.map((conversation) => conversation.result()), problem };
}

async function playAll(
  stage: Stage,
  person: Person,
  contacts: readonly PlannedContact[],
  played: Conversation[],
): Promise<void> {
  const memory: Memory = { hasTold: false, isIdentified: false };
  for (const [place, planned] of contacts.entries()) {
    await sleep(planned.delayMs);
    const talk = await openTalk(stage, person, planned, place);
    const former = played.at(-1);
    if (!planned.overlaps) former?.leave();
    const conversation = new Conversation({ stage, person, planned, talk, memory, former, isFirst: place === 0 });
    played.push(conversation);
    await conversation.play();
    // What nobody has understood yet may be asked again.
    if (planned.leavesAtOnce) await person.understood();
    // Late news from the network: what was sent first, here and on the contact before, behind all that was said since.
    for (const late of [conversation, former]) await late?.repeatFirst();
    if (planned.overlaps) former?.leave();
  }
}

async function openTalk(stage: Stage, person: Person, planned: PlannedContact, place: number): Promise<Talk> {
  const { user, taskId } = person.script;
  const { way, isRepeated } = planned;
  const name = createHash('sha256').update(`${taskId}/${place}`).digest('hex').slice(0, 32);
  if (way === 'chat') return ChatTalk.open(stage, user.user_id, isRepeated);
  if (way === 'mail') return new MailTalk(stage, user.email, name, isRepeated);
  const from = way === 'call' ? person.phone : person.otherPhone;
  return CallTalk.open(stage, { from, callSid: `CA${name}` }, isRepeated);
}

interface Playing {
  readonly stage: Stage;
  readonly person: Person;
  readonly planned: PlannedContact;
  readonly talk: Talk;
  readonly memory: Memory;
  readonly former: Conversation | undefined;
  readonly isFirst: boolean;
}

class Conversation {
  readonly #playing: Playing;
  readonly #mailsBefore: number;
  readonly #askedAgain: string[] = [];
  #firstWords = '';
  #turns = 0;
  #slowestMs = 0;
  #hasLeft = false;
  #hasNamedItself = false;
  #identityAsked = 0;
  #isProven = false;
  #echo: string | undefined;

  constructor(playing: Playing) {
    this.#playing = playing;
    this.#mailsBefore = playing.stage.mail.received.items.length;
    this.#echo = playing.planned.isEchoed ? '' : undefined;
  }

  get isRepeated(): boolean {
    return this.#playing.planned.isRepeated;
  }

  repeatFirst(): Promise<void> {
    return this.#hasLeft && this.#playing.planned.way === 'chat' ? Promise.resolve() : this.#playing.talk.repeatFirst();
  }

  leave(): void {
    if (!this.#hasLeft) this.#playing.talk.leave();
    this.#hasLeft = true;
  }

  result(): PlayedContact {
    return {
      way: this.#playing.planned.way,
      firstWords: this.#firstWords,
      turns: this.#turns,
      slowestMs: Math.round(this.#slowestMs),
      askedAgain: this.#askedAgain,
      received: this.#playing.talk.received(),
    };
  }

  /** Talks until it has what it came for. */
  async play(): Promise<void> {
    const { talk, planned, isFirst } = this.#playing;
    const speaksFirst = planned.way === 'mail' || (isFirst && planned.way === 'chat');
    if (speaksFirst) await this.#say(isFirst ? this.#tellStory() : STATE);
    if (planned.leavesAtOnce && speaksFirst) {
      this.leave();
      return;
    }
    for (;;) {
      const fromMs = performance.now();
      const words = await talk.next();
      this.#slowestMs = Math.max(this.#slowestMs, performance.now() - fromMs);
      if (this.#firstWords === '') this.#firstWords = words;
      if (words.includes(UNDER_WAY) && planned.way !== 'mail') {
        if (!planned.waits) return;
        continue;
      }
      const answer = await this.#answerTo(words);
      if (answer === undefined) return;
      await this.#say(answer);
      if (planned.leavesAtOnce) {
        this.leave();
        return;
      }
    }
  }

  async #say(text: string): Promise<void> {
    if (this.#turns === TURNS_MAX) throw new Error('The conversation goes round in circles.');
    this.#turns += 1;
    await this.#playing.talk.say(text);
  }

  /** Undefined where there is nothing more to say on this contact. */
  async #answerTo(words: string): Promise<string | undefined> {
    const { planned, person, memory } = this.#playing;
    if (words.includes(DONE)) return undefined;
    const step = stepAsked(words);
    if (step !== undefined) return step <= planned.confirmsUpTo ? this.#confirm(step) : undefined;
    if (words.includes(ASKS.goOn)) return 'Please go on.';
    if (words.includes(UNDER_WAY)) return this.#askAgainByMail();
    if (words.includes(ASKS.matter)) return this.#answerMatter();
    if (words.includes(ASKS.identification)) {
      if (memory.isIdentified) this.#askedAgain.push('who they are by the steps of the task');
      memory.isIdentified = true;
      return `It is ${person.script.identification}.`;
    }
    if (words.includes(ASKS.identity)) return this.#answerIdentity();
    if (words.includes(ASKS.code)) return this.#answerCode();
    throw new Error(`The customer does not know what to say to: ${words}`);
  }

  async #askAgainByMail(): Promise<string> {
    await sleep(MAIL_PAUSE_MS);
    return STATE;
  }

  #answerMatter(): string {
    const { planned, memory } = this.#playing;
    if (!memory.hasTold) return this.#tellStory();
    // Whoever calls from a number that is not on file is a stranger until they have proven who they are.
    if (planned.way !== 'strange-call' || this.#isProven) this.#askedAgain.push('what it is about');
    return STATE;
  }

  #tellStory(): string {
    this.#playing.memory.hasTold = true;
    return this.#playing.person.script.story;
  }

  #answerIdentity(): string {
    const { planned, person } = this.#playing;
    this.#identityAsked += 1;
    if (planned.way !== 'strange-call' || this.#isProven) this.#askedAgain.push('who they are although it was known');
    if (this.#identityAsked > 1) this.#askedAgain.push('who they are twice');
    this.#hasNamedItself = true;
    const { email } = person.script.user;
    const knowsAddress = person.script.identification?.includes(email) ?? true;
    return knowsAddress ? `My address is ${spoken(email)}` : `The number on file is ${person.phone}`;
  }

  async #answerCode(): Promise<string> {
    const { planned } = this.#playing;
    const isStranger = planned.way === 'strange-call';
    if (this.#isProven || planned.way === 'chat' || planned.way === 'mail')
      this.#askedAgain.push('for a code although they were sure enough');
    // A number in what they want was taken for theirs: nothing was sent, so they say who they are.
    if (isStranger && !this.#hasNamedItself) return this.#answerIdentity();
    const code = await this.#codeMailed();
    this.#isProven = true;
    if (isStranger) this.#firstWords = '';
    return code;
  }

  async #codeMailed(): Promise<string> {
    const { stage, person } = this.#playing;
    const hasCode = /\b(\d{6})\b/;
    const { email } = person.script.user;
    const isCode = ({ subject, text = '' }: ParsedMail): boolean =>
      subject === 'Your one-time code' && hasCode.test(text);
    const mail = await patiently(() => stage.mail.receives(email, isCode, this.#mailsBefore));
    return hasCode.exec(mail.text ?? '')?.[1] ?? '';
  }

  async #confirm(step: number): Promise<string> {
    const yes = `Yes, please do step ${step}.`;
    if (this.#echo === '') {
      this.#echo = yes;
      await this.#playing.former?.say(yes);
    }
    return yes;
  }

  /** What somebody on another contact makes it say as well. */
  say(text: string): Promise<void> {
    return this.#hasLeft ? Promise.resolve() : this.#say(text);
  }
}

/** "noah dot brown seven nine at mail dot example", as one says it on the phone. */
export const spoken = (address: string): string =>
  address
    .replace('@', ' at ')
    .replaceAll('.', ' dot ')
    .replace(/\d/g, (digit) => ` ${DIGITS[Number(digit)]}`);
