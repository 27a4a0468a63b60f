import { deriveId } from '@throughline/kernel/ids';
import type {
  Briefing,
  CaseEventBodies,
  CaseInput,
  ContactStarted,
  Frame,
  IdentityInput,
  Turn,
} from '@throughline/schemas/generated/messages';
import { CASE_EVENTS } from '@throughline/schemas/topics';
import { type MemoryLog, plainCodec } from './memory-log.ts';

type Bodies = CaseEventBodies;
type Numbered = 'caseId' | 'number' | 'atMs';

interface DoubledContact {
  readonly started: ContactStarted;
  caseId: string;
  hop: number;
  settled: boolean;
  codeAwaited: boolean;
  /** The turn that is being weighed. */
  weighed: string | null;
  readonly frames: Frame[];
  readonly taken: Set<string>;
}

/** Few, so that what was missed comes in parts. */
const FRAMES_AT_ONCE = 3;

/**
 * Stands in for identity-resolution and case-state behind a log in memory: every contact gets a case of its own, turns become
 * entries once, connections are caught up. What the real ones decide, a test decides here.
 */
export class CaseDouble {
  readonly #log: MemoryLog;
  readonly #contacts = new Map<string, DoubledContact>();
  readonly #numbers = new Map<string, number>();
  /** Whether new contacts are settled at once. */
  settles = true;
  /** Whether turns of settled contacts are answered with "You said: …". */
  replies = true;
  /** While set, nothing is answered; `wake` goes on. */
  asleep = false;
  #slept: (() => void)[] = [];
  /** Every input, in the order of the log. */
  readonly inputs: (IdentityInput | CaseInput)[] = [];

  constructor(log: MemoryLog) {
    this.#log = log;
    log.onRecord = (record) => {
      if (record.topic === CASE_EVENTS) return;
      const input = plainCodec.decode(record) as IdentityInput | CaseInput;
      this.inputs.push(input);
      if (this.asleep) this.#slept.push(() => this.#take(input));
      else this.#take(input);
    };
  }

  wake(): void {
    this.asleep = false;
    const slept = this.#slept;
    this.#slept = [];
    for (const take of slept) take();
  }

  /** Goes on, and what came meanwhile is never spoken of. */
  drop(): void {
    this.#slept = [];
    this.wake();
  }

  inputsOf<Type extends (IdentityInput | CaseInput)['type']>(type: Type) {
    type Wanted = Extract<IdentityInput | CaseInput, { type: Type }>;
    return this.inputs.filter((input): input is Wanted => input.type === type);
  }

  /** Texts of the turns that the contact's thread has, in order. */
  turnsOf(contactId: string): readonly string[] {
    return this.#contact(contactId).frames.flatMap((frame) => (frame.from === 'customer' ? [frame.text] : []));
  }

  caseOf(contactId: string): string {
    return this.#contact(contactId).caseId;
  }

  /** Says something to the contact. */
  reply(contactId: string, text: string, inputId = 'joining'): string {
    const contact = this.#contact(contactId);
    const entryId = deriveId('ent', contactId, inputId, text);
    const event = this.emit(contact.caseId, 'ReplyAccepted', {
      contactId,
      channel: contact.started.channel,
      entryId,
      inputId,
      from: 'agent',
      text,
      sensitivity: 'status',
      assurance: 1,
      route: null,
      answerable: true,
      playbook: 'test',
    });
    contact.frames.push({ entryId, number: event.number, from: 'agent', text, atMs: event.atMs, inputId });
    return entryId;
  }

  /** Identity has weighed the turn on the way; the contact stays, or settles. */
  weigh(contactId: string, standing: Partial<Pick<DoubledContact, 'settled' | 'codeAwaited'>> = {}): void {
    const contact = Object.assign(this.#contact(contactId), standing);
    const inputId = contact.weighed ?? 'joining';
    contact.weighed = null;
    this.emit(contact.caseId, 'TurnTaken', { contactId, inputId });
    this.brief(contactId, 'weighed', inputId);
  }

  /** The turn is no longer weighed, though nobody says so. */
  forget(contactId: string): void {
    this.#contact(contactId).weighed = null;
  }

  /** The contact moves to another case. Its new home stays silent until `arrive`. */
  move(contactId: string, toCaseId: string): void {
    const contact = this.#contact(contactId);
    const from = contact.caseId;
    Object.assign(contact, { caseId: toCaseId, hop: contact.hop + 1 });
    this.emit(from, 'ContactMoved', { contactId, toCaseId, hop: contact.hop, inputId: contact.weighed });
  }

  /** The new home speaks. */
  arrive(contactId: string): void {
    const contact = this.#contact(contactId);
    this.brief(contactId, 'joined', contact.weighed ?? 'joining');
    if (contact.weighed !== null) this.emit(contact.caseId, 'TurnTaken', { contactId, inputId: contact.weighed });
    contact.weighed = null;
  }

  brief(contactId: string, cause: Bodies['ContactBriefed']['cause'], inputId: string, replyDue = true): void {
    const { caseId, hop, settled, codeAwaited, started } = this.#contact(contactId);
    this.emit(caseId, 'ContactBriefed', {
      contactId,
      channel: started.channel,
      cause,
      inputId,
      hop,
      disposition: settled ? 'opened' : 'verify',
      assurance: settled ? 1 : 0,
      settled,
      codeAwaited,
      verdict: null,
      triesLeft: 0,
      connectionId: started.connectionId,
      replyDue,
      basis: 1,
      briefing: EMPTY,
      receipt: { policy: 'test', given: [], withheld: [], bytes: 0, budgetBytes: 0 },
    });
  }

  /** Puts an event on the log under the case's next number, or under the one given. */
  emit<Type extends keyof Bodies>(caseId: string, type: Type, rest: Omit<Bodies[Type], Numbered>, number?: number) {
    const given = number ?? (this.#numbers.get(caseId) ?? 0) + 1;
    this.#numbers.set(caseId, Math.max(given, this.#numbers.get(caseId) ?? 0));
    const body = { caseId, number: given, atMs: 1_000 * given, ...rest };
    const id = deriveId('msg', type, caseId, String(given));
    const address = { topic: CASE_EVENTS, key: caseId, subject: caseId, id, source: 'case-state/0' };
    const message = { ...address, type, timeMs: 0, traceparent: '', body };
    const refused = this.#log.refuses;
    this.#log.refuses = false;
    void this.#log.append([plainCodec.encode(message)]);
    this.#log.refuses = refused;
    return body;
  }

  #take(input: IdentityInput | CaseInput): void {
    switch (input.type) {
      case 'ContactStarted':
        this.#started(input.body);
        break;
      case 'ContactResumed': {
        const { contactId, connectionId, wantsFrames, after } = input.body;
        const { frames } = this.#contact(contactId);
        const from = after === null ? 0 : frames.findIndex((frame) => frame.entryId === after) + 1;
        this.#catchUp(contactId, connectionId, wantsFrames ? frames.slice(from, from + FRAMES_AT_ONCE) : []);
        break;
      }
      case 'CustomerSaid':
        this.#said(input.body.contactId, input.body.turn);
        break;
      case 'ContactLeft': {
        const { contactId, caseId, reason } = input.body;
        this.emit(caseId, 'ContactEnded', { contactId, channel: this.#contact(contactId).started.channel, reason });
        break;
      }
      default:
        break;
    }
  }

  #started(started: ContactStarted): void {
    const { contactId, connectionId } = started;
    if (this.#contacts.has(contactId)) {
      if (connectionId !== null) this.#catchUp(contactId, connectionId, []);
      return;
    }
    const { settles: settled } = this;
    const caseId = deriveId('case', contactId);
    const fresh = { caseId, hop: 1, settled, codeAwaited: false, weighed: null };
    this.#contacts.set(contactId, { ...fresh, started, frames: [], taken: new Set() });
    this.brief(contactId, 'joined', 'joining', started.expectsWords);
  }

  #said(contactId: string, turn: Turn): void {
    const contact = this.#contact(contactId);
    if (contact.taken.has(turn.inputId)) return;
    contact.taken.add(turn.inputId);
    const entryId = deriveId('ent', contactId, turn.inputId);
    const { channel } = contact.started;
    const event = this.emit(contact.caseId, 'InteractionAdded', {
      contactId,
      channel,
      entryId,
      turn,
      sensitivity: 'personal',
      assurance: 1,
    });
    const { text, atMs, inputId } = turn;
    contact.frames.push({ entryId, number: event.number, from: 'customer', text, atMs, inputId });
    if (!contact.settled || contact.codeAwaited) {
      contact.weighed = turn.inputId;
      return;
    }
    this.emit(contact.caseId, 'TurnTaken', { contactId, inputId: turn.inputId });
    if (this.replies) this.reply(contactId, `You said: ${turn.text}`, turn.inputId);
  }

  #catchUp(contactId: string, connectionId: string, frames: readonly Frame[]): void {
    const { caseId, hop, settled, codeAwaited, weighed } = this.#contact(contactId);
    const disposition = settled ? 'opened' : 'verify';
    const standing = { hop, disposition, assurance: settled ? 1 : 0, settled, codeAwaited } as const;
    this.emit(caseId, 'ContactCaughtUp', { contactId, connectionId, ...standing, unanswered: weighed, frames });
  }

  #contact(contactId: string): DoubledContact {
    const contact = this.#contacts.get(contactId);
    if (contact === undefined) throw new Error(`No contact ${contactId} has started.`);
    return contact;
  }
}

const EMPTY: Briefing = {
  status: 'open',
  kind: null,
  needsPerson: false,
  facts: [],
  knownFacts: [],
  question: null,
  promises: [],
  actions: [],
  unanswered: [],
  news: [],
  newsWithheld: 0,
  recent: [],
  firstWords: true,
  asked: [],
};
