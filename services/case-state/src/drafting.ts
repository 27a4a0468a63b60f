import type { Draft } from '@throughline/kernel/envelope';
import type { Mac } from '@throughline/kernel/ports';
import type { DecideContext, Decision, Documents, TimerSet, Write } from '@throughline/kernel/processor';
import type {
  CaseEvent,
  CaseEventBodies,
  CaseInput,
  CaseInputBodies,
  IdentityInput,
  IdentityInputBodies,
} from '@throughline/schemas/generated/messages';
import { CASE_EVENTS, CASE_INPUTS, IDENTITY_INPUTS } from '@throughline/schemas/topics';
import {
  type CaseHead,
  type ContactHead,
  caseLists,
  caseRef,
  contactRef,
  type EntryDocument,
  entryRef,
  seenRef,
} from './documents.ts';

export type CaseOutput = CaseEvent | CaseInput | IdentityInput;

/** What only the draft fills in: which case, which number, when. */
type Addressed = 'caseId' | 'number' | 'atMs';
type EntryType = Exclude<keyof CaseEventBodies, 'ContactHeld'>;
type ToIdentity = 'IssueChanged' | 'JoinRefused' | 'StepUpRequested' | 'TurnOffered' | 'ContactSeen' | 'ContactResumed';

/** Entries that a reply must know of before it may be said (law 4). */
const COUNTING: ReadonlySet<EntryType> = new Set<EntryType>([
  'InteractionAdded',
  'FactRecorded',
  'ActionRequested',
  'ActionUpdated',
  'StatusChanged',
]);

/**
 * One decision while it is being made: the heads as they shall be, and what is said about it. Every event becomes an
 * entry, numbered without a gap. Nothing here outlives the call of `decide`.
 */
export class Drafting {
  readonly caseId: string;
  readonly nowMs: number;
  readonly mac: Mac;
  readonly #documents: Documents;
  readonly #before: CaseHead | undefined;
  #head: CaseHead | undefined;
  readonly #contacts = new Map<string, ContactHead>();
  readonly #entries = new Map<number, EntryDocument>();
  readonly #writes: Write[] = [];
  readonly #messages: Draft<CaseOutput>[] = [];
  readonly #timers: TimerSet[] = [];

  constructor(caseId: string, documents: Documents, context: DecideContext) {
    this.caseId = caseId;
    this.nowMs = context.nowMs;
    this.mac = context.mac;
    this.#documents = documents;
    const { kind, id } = caseRef(caseId);
    this.#before = documents.get<CaseHead>(kind, id);
    this.#head = this.#before;
  }

  /** The case, where it exists. */
  found(): CaseHead | undefined {
    return this.#head;
  }

  /** The case. Throws where there is none: the record is parked until there is. */
  head(): CaseHead {
    if (this.#head === undefined) throw new Error('There is no such case yet.');
    return this.#head;
  }

  change(change: Partial<CaseHead>): void {
    this.#head = { ...this.head(), ...change };
  }

  open(head: CaseHead): void {
    this.#head = head;
  }

  contactFound(contactId: string): ContactHead | undefined {
    const { kind, id } = contactRef(this.caseId, contactId);
    return this.#contacts.get(contactId) ?? this.#documents.get<ContactHead>(kind, id);
  }

  /** The contact. Throws where the case does not know it: the record is parked. */
  contact(contactId: string): ContactHead {
    const contact = this.contactFound(contactId);
    if (contact === undefined) throw new Error('The contact has not joined this case.');
    return contact;
  }

  changeContact(contactId: string, change: Partial<ContactHead>): ContactHead {
    const contact = { ...this.contact(contactId), ...change };
    this.#contacts.set(contactId, contact);
    return contact;
  }

  addContact(contact: ContactHead): void {
    this.#contacts.set(contact.contactId, contact);
  }

  entry(number: number): EntryDocument | undefined {
    const { kind, id } = entryRef(this.caseId, number);
    return this.#entries.get(number) ?? this.#documents.get<EntryDocument>(kind, id);
  }

  seen(what: string): boolean {
    const { kind, id } = seenRef(this.caseId, what);
    return this.#documents.get(kind, id) !== undefined;
  }

  /** Remembers that something was taken, for as long as the case. */
  take(what: string, number = this.head().version): void {
    this.write({ ...seenRef(this.caseId, what), content: { caseId: this.caseId, number } });
  }

  write(write: Write): void {
    this.#writes.push(write);
  }

  timer(id: string, dueMs: number | null): void {
    this.#timers.push({ id, dueMs, key: this.caseId });
  }

  /** Adds an entry to the case and says so on case.events. Returns its number. */
  record<Type extends EntryType>(type: Type, body: Omit<CaseEventBodies[Type], Addressed>): number {
    const number = this.head().version + 1;
    this.change({ version: number, ...(COUNTING.has(type) ? { basis: number } : {}) });
    const whole = { caseId: this.caseId, number, atMs: this.nowMs, ...body };
    this.#entries.set(number, entryOf(this.caseId, type, number, this.nowMs, whole));
    this.#messages.push({
      topic: CASE_EVENTS,
      key: this.caseId,
      subject: this.caseId,
      type,
      body: whole,
    } as unknown as Draft<CaseEvent>);
    return number;
  }

  toIdentity<Type extends ToIdentity>(type: Type, body: IdentityInputBodies[Type]): void {
    const draft = { topic: IDENTITY_INPUTS, key: IDENTITY_SHARD, subject: body.contactId, type, body };
    this.#messages.push(draft as unknown as Draft<IdentityInput>);
  }

  /** Hands an input on to the case where it belongs now. */
  toCase<Type extends keyof CaseInputBodies>(caseId: string, type: Type, body: CaseInputBodies[Type]): void {
    const draft = { topic: CASE_INPUTS, key: caseId, subject: caseId, type, body };
    this.#messages.push(draft as unknown as Draft<CaseInput>);
  }

  /** What follows, whole. Identity is told where something changed that it routes by. */
  finish(): Decision<CaseOutput> {
    const head = this.#head;
    if (head !== undefined && isNews(this.#before, head)) this.#messages.push(noticeOf(head, this.nowMs));
    const writes: Write[] = [...this.#writes];
    if (head !== undefined && head !== this.#before) {
      const content = { ...head, changedMs: this.nowMs };
      writes.push({ ...caseRef(this.caseId), content, lists: caseLists(head) });
    }
    for (const contact of this.#contacts.values())
      writes.push({ ...contactRef(this.caseId, contact.contactId), content: contact });
    for (const entry of this.#entries.values()) writes.push({ ...entryRef(this.caseId, entry.number), content: entry });
    return { writes, messages: this.#messages, timers: this.#timers };
  }
}

/** Identity-resolution routes in one shard. */
const IDENTITY_SHARD = 'default';

/** How to reach somebody is for the channel's own gateway and is kept in no entry. */
export const UNKEPT: ReadonlySet<string> = new Set(['route', 'to']);

function entryOf(
  caseId: string,
  type: EntryType,
  number: number,
  atMs: number,
  whole: Readonly<Record<string, unknown>>,
): EntryDocument {
  const body = Object.fromEntries(Object.entries(whole).filter(([name]) => !UNKEPT.has(name)));
  const channel = (whole.channel as EntryDocument['channel'] | undefined) ?? null;
  const contactId = typeof whole.contactId === 'string' ? whole.contactId : null;
  return { caseId, number, type, atMs, channel, contactId, body };
}

function isNews(before: CaseHead | undefined, after: CaseHead): boolean {
  return (
    before === undefined ||
    before.status !== after.status ||
    before.kind !== after.kind ||
    before.customerId !== after.customerId ||
    before.continuedIn !== after.continuedIn ||
    before.references.join() !== after.references.join()
  );
}

function noticeOf(head: CaseHead, atMs: number): Draft<IdentityInput> {
  const { caseId, customerId, version, status, kind, references, continuedIn } = head;
  return {
    topic: IDENTITY_INPUTS,
    key: IDENTITY_SHARD,
    subject: caseId,
    type: 'CaseNoticed',
    body: { caseId, customerId, version, status, kind, references, continuedIn, atMs },
  };
}
