import type { Message } from '@throughline/kernel/envelope';
import type { LogRecord } from '@throughline/kernel/ports';
import type {
  CaseEvent,
  CaseEventBodies,
  CaseInput,
  ContactBriefed,
  IdentityEvent,
} from '@throughline/schemas/generated/messages';
import { CASE_EVENTS, CASE_INPUTS, IDENTITY_EVENTS, IDENTITY_INPUTS, parkedTopic } from '@throughline/schemas/topics';
import { isForeign } from './foreigner.ts';
import { type Foundations, SIM_TOPICS } from './foundations.ts';
import { Identified } from './identified.ts';
import type { Model } from './model.ts';
import { newThread, type Thread, textsOf } from './thread.ts';

/** What a briefing holds at most, in bytes, by the page of laws and not by the code. */
const BUDGET_BYTES = 4096;
/** Of what was said last, by either side, each briefing has to account for every turn of others. */
const NEWEST_SAID = 8;

/** Verdicts that only a turn leads to; others also come of what the agent asks for, as often as it does. */
const OF_TURNS: ReadonlySet<ContactBriefed['verdict']> = new Set<ContactBriefed['verdict']>([
  'nothing-found',
  'which-case',
  'code-wrong',
  'code-exhausted',
  'code-expired',
]);
const PARKED: ReadonlySet<string> = new Set(SIM_TOPICS.map(({ name }) => parkedTopic(name)));

/** Reads the log as it grows and holds every record to the laws. Decodes for itself and believes nothing that the mesh thinks of itself. */
export class Witness {
  readonly #model: Model;
  readonly #foundations: Foundations;
  readonly #identified: Identified;
  readonly #threads = new Map<string, Thread>();
  /** In which case a turn was first, and how often it is in a thread at all. */
  readonly #places = new Map<string, { readonly caseId: string; times: number }>();
  /** Where a turn was first sent to. */
  readonly #addressed = new Map<string, { readonly caseId: string; readonly contactId: string }>();
  /** Cases among whose inputs is something that nobody can read, and the turns that were said behind it. */
  readonly #held = new Set<string>();
  readonly #behind = new Set<string>();
  /** Contacts that identity has held: what they bring along is in no case until somebody has looked. */
  readonly #heldContacts = new Set<string>();
  /** Of each contact the newest turn, while no reply has come to it. */
  readonly #open = new Map<string, string>();
  /** How often the connection of a contact asked a case where it stands. */
  readonly #asked = new Map<string, number>();
  readonly #verdicts = new Set<string>();
  /** Contacts that came to a case, or were sent there. */
  readonly #touched = new Map<string, Set<string>>();

  constructor(foundations: Foundations, model: Model) {
    this.#foundations = foundations;
    this.#model = model;
    this.#identified = new Identified(model);
    for (const { name } of SIM_TOPICS) void foundations.log.tail(name, (record) => this.#take(record));
  }

  /** Cases that there are by now. */
  readonly cases = (): readonly string[] => [...this.#threads.keys()];

  /** Law 10: while one subject is held, what was said on contacts that have nothing to do with it is in its thread. */
  othersWentOn(subject: string): void {
    for (const [inputId, { caseId, contactId }] of this.#addressed) {
      const isTouched = contactId === subject || this.#touched.get(subject)?.has(contactId) === true;
      const isThere = this.#places.has(inputId);
      this.#demand(
        isThere || isTouched || caseId === subject,
        `Law 10: ${inputId} of ${contactId} waits behind what is held of ${subject}.`,
      );
    }
  }

  /** At the end: what was acknowledged is there once, each contact's turns in the order in which they were said. */
  atTheEnd(): void {
    for (const { contactId, acknowledged } of this.#model.contacts.values()) {
      for (const { inputId } of acknowledged) {
        const times = this.#places.get(inputId)?.times ?? 0;
        this.#demand(
          times === 1,
          `Law 1: what was acknowledged to ${contactId} as ${inputId} is there ${times} times.`,
        );
      }
      const order = acknowledged.map(({ inputId }) => inputId);
      for (const { said } of this.#threads.values()) {
        const there = said.flatMap(({ inputId }) => (inputId !== null && order.includes(inputId) ? [inputId] : []));
        const inOrder = order.filter((inputId) => there.includes(inputId));
        this.#demand(there.join() === inOrder.join(), `Law 2: the turns of ${contactId} are not in its order.`);
      }
    }
    for (const [inputId, { caseId }] of this.#addressed) {
      const times = this.#places.get(inputId)?.times ?? 0;
      this.#demand(times === 1, `Law 1: the turn ${inputId}, sent to ${caseId}, is in threads ${times} times.`);
    }
  }

  #take(record: LogRecord): void {
    const clear = this.#model.canaries.in(Buffer.from(record.value).toString('latin1'));
    this.#demand(clear.length === 0, `Law 5: record ${record.offset} of ${record.topic} has words in the clear.`);
    if (isForeign(record.headers)) {
      if (record.topic === CASE_INPUTS) this.#held.add(record.key);
      if (record.topic === IDENTITY_INPUTS) this.#heldContacts.add(record.headers.ce_subject ?? '');
      return;
    }
    // A copy for people, and none of its topic's own records: faults of the machinery park nothing.
    if (PARKED.has(record.topic)) {
      this.#demand(false, `Law 10: a record is parked on ${record.topic}: ${record.headers.parked_reason}`);
      return;
    }
    const message = this.#read(record);
    if (message === undefined) return;
    if (record.topic === CASE_EVENTS) this.#entry(message as CaseEvent);
    if (record.topic === CASE_INPUTS) this.#input(message as CaseInput);
    if (record.topic === IDENTITY_EVENTS) this.#identified.take(message as IdentityEvent);
  }

  #read(record: LogRecord): Message | undefined {
    try {
      return this.#foundations.plain.codec.decode(record);
    } catch {
      this.#demand(false, `Record ${record.offset} of ${record.topic} cannot be read.`);
      return undefined;
    }
  }

  // ---------------------------------------------------------------- inputs

  #input(input: CaseInput): void {
    if (input.type === 'RedriveRequested') {
      this.#held.clear();
      this.#behind.clear();
    }
    if (input.type === 'ContactReconnected') {
      const { contactId } = input.body;
      this.#asked.set(contactId, (this.#asked.get(contactId) ?? 0) + 1);
    }
    if (input.type === 'MoveDecided') this.#touches(input.body.toCaseId, input.body.contactId);
    if (input.type !== 'CustomerSaid' && input.type !== 'ContactJoined') return;
    const { contactId, turn } = input.body;
    this.#touches(input.key, contactId);
    if (turn !== null && !this.#addressed.has(turn.inputId)) {
      this.#addressed.set(turn.inputId, { caseId: input.key, contactId });
      if (this.#held.has(input.key)) this.#behind.add(turn.inputId);
    }
  }

  #touches(caseId: string, contactId: string): void {
    const contacts = this.#touched.get(caseId) ?? new Set();
    this.#touched.set(caseId, contacts.add(contactId));
  }

  // ---------------------------------------------------------------- entries

  #entry(event: CaseEvent): void {
    const { caseId, number } = event.body;
    if (number === 0) return;
    const thread = this.#thread(caseId);
    const known = thread.ids[number - 1];
    this.#demand(number <= thread.ids.length + 1, `Law 2: ${caseId} has entry ${number} after ${thread.ids.length}.`);
    this.#demand(known === undefined || known === event.id, `Law 3: entry ${number} of ${caseId} says two things.`);
    if (known !== undefined) return;
    thread.ids.push(event.id);
    this.#follow(event, thread);
  }

  #follow(event: CaseEvent, thread: Thread): void {
    switch (event.type) {
      case 'InteractionAdded':
        this.#turn(event.body, thread);
        break;
      case 'ContactBriefed':
        this.#briefing(event.body, thread);
        break;
      case 'ActionUpdated':
        for (const briefed of thread.briefed.values()) briefed.stale ??= `action ${event.body.action.name}`;
        break;
      case 'FactRecorded':
        thread.facts.set(event.body.fact.name, event.body);
        break;
      case 'ContactEnded':
        this.#end(event.body, thread);
        break;
      case 'ContactCaughtUp':
        thread.ended.delete(event.body.contactId);
        break;
      case 'ReplyAccepted':
        this.#reply(event.body, thread);
        break;
      case 'QuestionAsked':
        this.#question(event.body, thread);
        break;
      default:
    }
  }

  #turn(body: CaseEventBodies['InteractionAdded'], thread: Thread): void {
    const { caseId, contactId, number, turn, sensitivity, assurance } = body;
    const { inputId } = turn;
    thread.ended.delete(contactId);
    this.#demand(!this.#behind.has(inputId), `Law 10: ${inputId} was taken before what it was said behind.`);
    this.#open.set(contactId, inputId);
    const place = this.#places.get(inputId) ?? { caseId, times: 0 };
    place.times += 1;
    this.#places.set(inputId, place);
    thread.said.push({ inputId, contactId, number, sensitivity, assurance });
    for (const briefed of thread.briefed.values()) briefed.stale ??= `turn ${inputId}`;
    this.#wasNotMissed(body, thread);
  }

  /** Law 4: who came after this was acknowledged for this case was briefed with it. */
  #wasNotMissed({ caseId, contactId, turn }: CaseEventBodies['InteractionAdded'], thread: Thread): void {
    if (this.#addressed.get(turn.inputId)?.caseId !== caseId || this.#heldContacts.has(contactId)) return;
    const said = this.#model.contacts.get(contactId)?.acknowledged.find(({ inputId }) => inputId === turn.inputId);
    if (said === undefined) return;
    for (const other of thread.briefed.keys()) {
      const startedAt = this.#model.contacts.get(other)?.startedAt ?? 0;
      this.#demand(
        other === contactId || startedAt < said.at,
        `Law 4: ${other} was briefed without ${turn.inputId}, which had been acknowledged before it came.`,
      );
    }
  }

  #briefing(body: ContactBriefed, thread: Thread): void {
    const { contactId, assurance, briefing, receipt, replyDue } = body;
    this.#isAskedFor(body);
    if (body.cause === 'joined') thread.ended.delete(contactId);
    if (OF_TURNS.has(body.verdict)) this.#isNews(body);
    const before = thread.briefed.get(contactId);
    if (replyDue || before === undefined) thread.briefed.set(contactId, { body, stale: undefined });
    const texts = textsOf(body);
    const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    this.#demand(bytes <= BUDGET_BYTES, `Law 6: the briefing of ${contactId} holds ${bytes} bytes.`);
    const items = new Set([...receipt.given, ...receipt.withheld].map(({ item }) => item));
    const missing = thread.said
      .slice(-NEWEST_SAID)
      .find((turn) => turn.inputId !== null && turn.contactId !== contactId && !items.has(`turn:${turn.number}`));
    this.#demand(
      missing === undefined,
      `Law 4: the briefing of ${contactId} does not account for ${missing?.inputId}.`,
    );
    const given = [...briefing.unanswered, ...briefing.news, ...briefing.recent].filter(
      (turn) => turn.contactId !== contactId && !items.has(`turn:${turn.number}`),
    );
    const tooHigh = thread.said.find(
      (turn) =>
        turn.contactId !== contactId &&
        turn.sensitivity !== 'status' &&
        turn.assurance > assurance &&
        receipt.given.some(({ item }) => item === `turn:${turn.number}`),
    );
    this.#demand(
      tooHigh === undefined,
      `Law 5: the briefing of ${contactId} holds, at ${assurance}, what was said at ${tooHigh?.assurance}.`,
    );
    this.#demand(given.length === 0, `Law 9: the briefing of ${contactId} holds what is not on its receipt.`);
    const contact = this.#model.contacts.get(contactId);
    if (contact === undefined) return;
    this.#identified.hasEarned(contact, assurance);
    for (const text of texts) {
      const why = this.#model.whyNot(contact, text);
      this.#demand(why === undefined, `Law 5: the briefing of ${contactId} holds ${why}.`);
    }
  }

  /** Law 3: what identity says of a turn is told once. */
  #isNews({ contactId, cause, inputId, verdict }: ContactBriefed): void {
    if (cause !== 'weighed') return;
    const said = `${verdict} to ${inputId} of ${contactId}`;
    this.#demand(!this.#verdicts.has(said), `Law 3: ${said} is told twice.`);
    this.#verdicts.add(said);
  }

  /** Law 4: who is to answer a turn has that turn before them, also where the contact came with it from another case. */
  #isAskedFor({ contactId, cause, hop, inputId, replyDue, briefing }: ContactBriefed): void {
    const open = this.#open.get(contactId);
    const isAbout = (cause === 'turn' && inputId === open) || (cause === 'joined' && hop > 1);
    if (open === undefined || !replyDue || !isAbout) return;
    const isThere = briefing.unanswered.some((turn) => turn.inputId === open);
    this.#demand(isThere, `Law 4: the briefing of ${contactId} is without ${open}, which is to be answered.`);
  }

  /** Law 4: a reply knows everything that has been said and done before it. Law 5: and says what has been earned. */
  #reply(body: CaseEventBodies['ReplyAccepted'], thread: Thread): void {
    const { contactId, entryId, text } = body;
    thread.said.push({ ...body, inputId: null });
    this.#open.delete(contactId);
    const briefed = thread.briefed.get(contactId);
    this.#demand(briefed?.stale === undefined, `Law 4: the reply ${entryId} does not know of ${briefed?.stale}.`);
    const contact = this.#model.contacts.get(contactId);
    const why = contact && this.#model.whyNot(contact, text);
    this.#demand(why === undefined, `Law 5: the reply ${entryId} to ${contactId} holds ${why}.`);
  }

  /** Law 3: a contact ends once until it is heard of again. One whose connection comes back too late is told once more. */
  #end({ caseId, contactId }: CaseEventBodies['ContactEnded'], thread: Thread): void {
    const asked = this.#asked.get(contactId) ?? 0;
    this.#demand(!thread.ended.has(contactId) || asked > 0, `Law 3: ${contactId} ends twice in ${caseId}.`);
    if (thread.ended.has(contactId)) this.#asked.set(contactId, asked - 1);
    thread.ended.add(contactId);
  }

  /** Law 7: nobody is asked for what is known and may be used. */
  #question({ question }: CaseEventBodies['QuestionAsked'], thread: Thread): void {
    const known = thread.facts.get(question.fact);
    const briefed = thread.briefed.get(question.contactId)?.body;
    if (known === undefined || briefed === undefined) return;
    const isOpen = known.fact.sensitivity === 'status' && briefed.assurance >= 1;
    const isOwn = known.contactId === question.contactId && known.fact.sensitivity !== 'secret';
    this.#demand(!isOpen && !isOwn, `Law 7: ${question.contactId} is asked for ${question.fact}, which is known.`);
  }

  #thread(caseId: string): Thread {
    const known = this.#threads.get(caseId);
    if (known !== undefined) return known;
    const thread = newThread();
    this.#threads.set(caseId, thread);
    return thread;
  }

  #demand(holds: boolean, sentence: string): void {
    this.#model.demand(holds, sentence);
  }
}
