import { createHmac } from 'node:crypto';
import type { Draft } from '@throughline/kernel/envelope';
import { deriveId } from '@throughline/kernel/ids';
import type { DecideContext, Documents, Write } from '@throughline/kernel/processor';
import type {
  CaseEventBodies,
  CaseInput,
  CaseInputBodies,
  IdentityInputBodies,
} from '@throughline/schemas/generated/messages';
import { CASE_EVENTS, CASE_INPUTS } from '@throughline/schemas/topics';
import { decide } from './decide.ts';
import { type CaseHead, type ContactHead, caseRef, contactRef } from './documents.ts';
import type { CaseOutput } from './drafting.ts';
import { needs } from './needs.ts';

/** Given, when, then for a case: inputs go in at a time of the test's own, and what was said is read back. */
export const CASE = 'case_1';
export const CHAT = 'ctc_chat';
export const START_MS = 1_790_000_000_000;

type Sent = Draft<CaseOutput>;

/** Runs inputs as the kernel does, on documents in memory, and checks what must hold after every one of them. */
export class Story {
  readonly documents = new Map<string, unknown>();
  readonly lists = new Map<string, NonNullable<Write['lists']>>();
  readonly timers = new Map<string, number>();
  /** Everything that was said since the last `when`. */
  said: readonly Sent[] = [];
  /** Documents that the last input asked for, and the bytes of all it read and wrote. */
  loaded = 0;
  bytes = 0;
  nowMs = START_MS;

  when<Type extends CaseInput['type']>(type: Type, body: CaseInputBodies[Type], key = CASE): this {
    const address = { topic: CASE_INPUTS, key: 'caseId' in body ? body.caseId : key, subject: key };
    const envelope = { id: 'msg_1', source: 'test', timeMs: this.nowMs, traceparent: '' };
    const input = { ...address, ...envelope, type, body } as unknown as CaseInput;
    const documents = this.#load(input);
    const decision = decide(input, documents, this.#context());
    this.said = (decision.messages ?? []) as readonly Sent[];
    for (const write of decision.writes ?? []) this.#write(write);
    for (const timer of decision.timers ?? []) {
      if (timer.dueMs === null) this.timers.delete(timer.id);
      else this.timers.set(timer.id, timer.dueMs);
    }
    this.#mustBeConsecutive();
    return this;
  }

  /** Lets time pass; timers that fall due fire in their order. */
  wait(ms: number): this {
    const untilMs = this.nowMs + ms;
    for (;;) {
      const due = [...this.timers].filter(([, dueMs]) => dueMs <= untilMs).sort(([, a], [, b]) => a - b)[0];
      if (due === undefined) break;
      const [timerId, dueMs] = due;
      this.timers.delete(timerId);
      this.nowMs = Math.max(this.nowMs, dueMs);
      this.when('TimerFired', { timerId, dueMs });
    }
    this.nowMs = untilMs;
    return this;
  }

  /** Events of one type since the last `when`. */
  events<Type extends keyof CaseEventBodies>(type: Type): readonly CaseEventBodies[Type][] {
    return this.said
      .filter((each) => each.topic === CASE_EVENTS && each.type === type)
      .map((each) => each.body as CaseEventBodies[Type]);
  }

  /** What identity was told since the last `when`. */
  toIdentity<Type extends keyof IdentityInputBodies>(type: Type): readonly IdentityInputBodies[Type][] {
    return this.said.filter((each) => each.type === type).map((each) => each.body as IdentityInputBodies[Type]);
  }

  /** What was handed on to another case since the last `when`. */
  forwarded<Type extends keyof CaseInputBodies>(type: Type): readonly CaseInputBodies[Type][] {
    return this.said
      .filter((each) => each.topic === CASE_INPUTS && each.type === type)
      .map((each) => each.body as CaseInputBodies[Type]);
  }

  types(): readonly string[] {
    return this.said.map((each) => each.type);
  }

  head(caseId = CASE): CaseHead {
    return this.#document(caseRef(caseId)) as CaseHead;
  }

  contact(contactId = CHAT, caseId = CASE): ContactHead {
    return this.#document(contactRef(caseId, contactId)) as ContactHead;
  }

  /** The one briefing that was given, which fails the test where there are none or several. */
  briefing(): CaseEventBodies['ContactBriefed'] {
    const [briefed, ...more] = this.events('ContactBriefed');
    if (briefed === undefined || more.length > 0) throw new Error(`Not one briefing, but: ${this.types().join()}`);
    return briefed;
  }

  /** Proposes a reply to what the contact is due, on the newest basis unless told otherwise. */
  reply(proposal: Partial<CaseInputBodies['ReplyProposed']> = {}, contactId = CHAT): this {
    const due = this.contact(contactId).due;
    const inputId = due?.inputId ?? 'inp_0';
    const basis = due?.basis ?? this.head().basis;
    return this.when('ReplyProposed', { ...proposed({ contactId, inputId, basis }), ...proposal });
  }

  #context(): DecideContext {
    const record = { topic: CASE_INPUTS, key: CASE, headers: {}, value: new Uint8Array(), partition: 0, offset: 0 };
    return { nowMs: this.nowMs, partition: 0, record, mac };
  }

  #load(input: CaseInput): Documents {
    const asked = new Map<string, unknown>();
    const documents: Documents = {
      has: (kind, id) => asked.has(`${kind} ${id}`),
      get<Content>(kind: string, id: string) {
        if (!asked.has(`${kind} ${id}`)) throw new Error(`needs did not name ${kind} ${id}`);
        return asked.get(`${kind} ${id}`) as Content | undefined;
      },
    };
    for (;;) {
      const missing = needs(input, documents).filter((ref) => !documents.has(ref.kind, ref.id));
      if (missing.length === 0) break;
      for (const ref of missing) asked.set(`${ref.kind} ${ref.id}`, this.#document(ref));
    }
    this.loaded = asked.size;
    this.bytes = [...asked.values()].reduce<number>((sum, each) => sum + sizeOf(each), 0);
    return documents;
  }

  #write(write: Write): void {
    this.bytes += sizeOf(write.content);
    this.documents.set(`${write.kind} ${write.id}`, JSON.parse(JSON.stringify(write.content)));
    if (write.lists) this.lists.set(`${write.kind} ${write.id}`, write.lists);
  }

  #document({ kind, id }: { readonly kind: string; readonly id: string }): unknown {
    return this.documents.get(`${kind} ${id}`);
  }

  /** Law 2: entries of one case are numbered without a gap. */
  #mustBeConsecutive(): void {
    const numbers = this.said
      .filter((each) => each.topic === CASE_EVENTS)
      .map((each) => (each.body as { number: number }).number);
    const last = numbers.length === 0 ? 0 : (this.said.find((each) => each.topic === CASE_EVENTS)?.key ?? CASE);
    const version = last === 0 ? 0 : this.head(last).version;
    numbers.forEach((number, index) => {
      if (number !== version - numbers.length + index + 1) throw new Error(`Gap in the numbers: ${numbers.join()}`);
    });
  }
}

export const mac = (purpose: string, text: string): string => createHmac('sha256', purpose).update(text).digest('hex');

const sizeOf = (content: unknown): number => Buffer.byteLength(JSON.stringify(content ?? null));

export const turn = (text: string, name = text): CaseInputBodies['CustomerSaid']['turn'] => ({
  inputId: deriveId('inp', name),
  text,
  kind: 'said',
  atMs: START_MS,
  codeProofs: [],
  masked: [],
  attachments: [],
});

export const said = (
  text: string,
  contactId = CHAT,
  over: Partial<CaseInputBodies['CustomerSaid']> = {},
): CaseInputBodies['CustomerSaid'] => ({ contactId, caseId: CASE, turn: turn(text), ...over });

/** What identity says of a turn. */
export const weighed = (
  inputId: string | null,
  over: Partial<CaseInputBodies['TurnWeighed']> = {},
): CaseInputBodies['TurnWeighed'] => ({
  contactId: CHAT,
  caseId: CASE,
  inputId,
  verdict: 'nothing-found',
  assurance: 0,
  codeAwaited: false,
  triesLeft: 0,
  ...over,
});

/** Identity sends the contact to another case, where it is surer of it. */
export const decidedMove = (
  inputId: string | null,
  over: Partial<CaseInputBodies['MoveDecided']> = {},
): CaseInputBodies['MoveDecided'] => ({
  contactId: CHAT,
  caseId: CASE,
  toCaseId: 'case_2',
  customerId: 'cus_2',
  externalId: 'C-2',
  opens: false,
  assurance: 2,
  disposition: 'resumed',
  hop: 2,
  because: ['proven'],
  inputId,
  provisional: false,
  ...over,
});

export const joined = (over: Partial<CaseInputBodies['ContactJoined']> = {}): CaseInputBodies['ContactJoined'] => ({
  contactId: CHAT,
  caseId: CASE,
  customerId: 'cus_1',
  externalId: 'C-1',
  provisional: false,
  channel: 'chat',
  startedMs: START_MS,
  connectionId: 'con_1',
  route: 'the way back',
  answerable: true,
  expectsWords: false,
  opens: true,
  assurance: 2,
  disposition: 'opened',
  settled: true,
  hop: 1,
  because: [],
  turn: null,
  codeAwaited: false,
  movedFrom: null,
  formerGoesOn: false,
  carriedFacts: [],
  carriedTurns: [],
  takenInputs: [],
  ...over,
});

/** A contact whom nobody knows, in a case of its own. */
export const stranger = (over: Partial<CaseInputBodies['ContactJoined']> = {}): CaseInputBodies['ContactJoined'] =>
  joined({
    customerId: 'cus_provisional',
    externalId: null,
    provisional: true,
    assurance: 0,
    disposition: 'unmatched',
    settled: false,
    ...over,
  });

export const proposed = (over: Partial<CaseInputBodies['ReplyProposed']> = {}): CaseInputBodies['ReplyProposed'] => ({
  contactId: CHAT,
  caseId: CASE,
  inputId: 'inp_0',
  basis: 0,
  text: null,
  facts: [],
  asks: null,
  promise: null,
  promiseDueMs: null,
  action: null,
  handover: null,
  kind: null,
  resolves: false,
  stepUp: null,
  newIssue: false,
  playbook: 'test',
  ...over,
});

export const fact = (
  name: string,
  value: string,
  over: Partial<CaseInputBodies['ReplyProposed']['facts'][number]> = {},
): CaseInputBodies['ReplyProposed']['facts'][number] => ({
  name,
  value,
  sensitivity: 'status',
  assurance: 0,
  source: 'customer',
  atMs: START_MS,
  ...over,
});

export const refundAction = (assurance = 2): NonNullable<CaseInputBodies['ReplyProposed']['action']> => ({
  name: 'request_refund',
  effect: 'write',
  assurance,
  parameters: [{ name: 'orderId', value: '4711' }],
});

export const reported = (
  actionId: string,
  over: Partial<CaseInputBodies['ActionReported']> = {},
): CaseInputBodies['ActionReported'] => ({
  caseId: CASE,
  actionId,
  outcome: 'done',
  facts: [],
  note: null,
  promiseDueMs: null,
  by: 'runner',
  reportId: 'rep_1',
  atMs: START_MS,
  ...over,
});
