import type { DocumentRef } from '@throughline/kernel/ports';
import type {
  ActionReported,
  ActionState,
  BriefedTurn,
  CaseEventBodies,
  CasePromise,
  ContactBriefed,
  ContactJoined,
  Fact,
  Question,
  StatusChanged,
} from '@throughline/schemas/generated/messages';

/**
 * What case-state keeps. The case and its contacts are heads of a bounded size, whatever the length of the thread;
 * the thread itself is one small document for each entry, which nobody has to load to decide.
 */

export type Channel = ContactJoined['channel'];
export type Disposition = ContactJoined['disposition'];
export type Sensitivity = Fact['sensitivity'];
export type Status = StatusChanged['to'];
export type Cause = ContactBriefed['cause'];

/** A fact with the contact that it came from: a contact may always use what it said itself. */
export type KnownFact = Fact & { readonly contactId: string | null };

/** One of the newest turns and replies, cut short, with what the load policy needs to judge it. */
export type TailTurn = BriefedTurn & { readonly sensitivity: Sensitivity; readonly assurance: number };

/** The open question with what the load policy needs to judge it. */
export type OpenQuestion = Question & { readonly assurance: number };

/** A promise with the action that made it, if one did. */
export type KeptPromise = CasePromise & { readonly actionId: string | null; readonly assurance: number };

/** One line of the action ledger. */
export type LedgerAction = ActionState & {
  /** Hash of customer, action and bound parameters: all attempts at the same thing share it. */
  readonly sameId: string;
  /** Contacts that asked for it and hear of it, with the turn that asked. */
  readonly waiters: readonly { readonly contactId: string; readonly inputId: string }[];
  /** Whether the customer has heard how it ended. */
  readonly told: boolean;
  /** Whose report its state is. Older actions lack it. */
  readonly reportedBy?: ActionReported['by'];
};

export interface CaseHead {
  readonly caseId: string;
  readonly customerId: string;
  readonly externalId: string | null;
  readonly provisional: boolean;
  readonly status: Status;
  readonly kind: string | null;
  /** The contact that said which kind of matter it is. */
  readonly kindFrom: string | null;
  readonly needsPerson: boolean;
  readonly channel: Channel;
  readonly openedBy: string;
  readonly openedMs: number;
  readonly changedMs: number;
  readonly resolvedMs: number | null;
  /** Number of the newest entry. */
  readonly version: number;
  /** Number of the newest entry that a reply must know of: a turn, fact, action or status. */
  readonly basis: number;
  readonly facts: readonly KnownFact[];
  readonly question: OpenQuestion | null;
  readonly promises: readonly KeptPromise[];
  readonly actions: readonly LedgerAction[];
  readonly tail: readonly TailTurn[];
  /** Contacts that are on the case now. */
  readonly active: readonly string[];
  readonly hasTurns: boolean;
  /** Keyed hashes of the order numbers that it is about. */
  readonly references: readonly string[];
  readonly continuedIn: string | null;
  /** Provisional cases that are continued here. */
  readonly segments: readonly string[];
}

/** The one reply that a contact waits for: a proposal that answers anything else comes too late. */
export interface DueReply {
  readonly inputId: string;
  readonly basis: number;
  /** What first led to it; `stale` never stands here. */
  readonly cause: Exclude<Cause, 'stale'>;
  readonly verdict: ContactBriefed['verdict'];
  readonly triesLeft: number;
  /** How often this was briefed again because the proposal could not be used although it was up to date. */
  readonly round: number;
}

export interface ContactHead {
  readonly contactId: string;
  readonly caseId: string;
  readonly channel: Channel;
  readonly startedMs: number;
  readonly lastActiveMs: number;
  readonly assurance: number;
  readonly disposition: Disposition;
  readonly settled: boolean;
  readonly codeAwaited: boolean;
  readonly hop: number;
  readonly route: string | null;
  readonly answerable: boolean;
  readonly expectsWords: boolean;
  readonly connectionId: string | null;
  /** What redaction must remember of the former turn: may hold digits, never leaves this document. */
  readonly carry: string;
  /** Entry numbers of the turns that no reply has answered. */
  readonly unanswered: readonly number[];
  /** Unanswered turns that were said in the case that it comes from. */
  readonly carried: readonly BriefedTurn[];
  /** Turns that identity has not weighed yet. */
  readonly offered: readonly string[];
  readonly due: DueReply | null;
  /** The turn for which identity was asked for more assurance; it has answered or will. */
  readonly steppedUpFor: string | null;
  readonly lastRepliedNumber: number;
  /** Entry numbers of what was said in this contact, by either side. */
  readonly frames: readonly number[];
  /** The newest turns that were taken here, for the case that it may move to. */
  readonly taken: readonly string[];
  readonly newestInputId: string | null;
  readonly firstWordsSaid: boolean;
  readonly asked: readonly string[];
  /** Entry number of its newest briefing. */
  readonly briefedNumber: number;
  readonly movedTo: string | null;
  /** It has changed the subject, and identity has not said yet where it belongs now. */
  readonly leaving: boolean;
  /** An unanswered turn of it opened the case again. */
  readonly reopened: boolean;
  readonly ended: boolean;
}

/** One numbered item of a thread. Routes and addresses are not kept in it. */
export interface EntryDocument {
  readonly caseId: string;
  readonly number: number;
  readonly type: keyof CaseEventBodies;
  readonly atMs: number;
  readonly channel: Channel | null;
  readonly contactId: string | null;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Something that was taken once; where it was said, its entry number. */
export interface SeenDocument {
  readonly caseId: string;
  readonly number: number;
}

/** In which case an action is to be found. */
export interface ActionDocument {
  readonly caseId: string;
  readonly actionId: string;
  readonly name: string;
}

/** Where a contact first was at home; its later homes are found from there. */
export interface ContactHome {
  readonly caseId: string;
  readonly contactId: string;
}

export const LIMITS = {
  facts: 60,
  promises: 20,
  actions: 20,
  tail: 12,
  tailTextLength: 500,
  active: 50,
  segments: 50,
  references: 20,
  unanswered: 20,
  offered: 20,
  frames: 500,
  taken: 100,
  asked: 40,
  waiters: 50,
  framesAtOnce: 200,
  framesBytes: 200_000,
  carriedBytes: 16_000,
} as const;

const NUMBER_DIGITS = 12;

export const caseRef = (caseId: string): DocumentRef => ({ kind: 'case', id: caseId });
export const contactRef = (caseId: string, contactId: string): DocumentRef => ({
  kind: 'contact',
  id: `${caseId}/${contactId}`,
});
export const entryRef = (caseId: string, number: number): DocumentRef => ({
  kind: 'entry',
  id: `${caseId}/${String(number).padStart(NUMBER_DIGITS, '0')}`,
});
export const seenRef = (caseId: string, what: string): DocumentRef => ({ kind: 'seen', id: `${caseId}/${what}` });
export const actionRef = (actionId: string): DocumentRef => ({ kind: 'action', id: actionId });
export const homeRef = (contactId: string): DocumentRef => ({ kind: 'contact-home', id: contactId });

const SORT_DIGITS = 15;

/** The lists that a case is on; each sorted by when it was opened, oldest first. */
export function caseLists(head: CaseHead): readonly { readonly list: string; readonly sort: string }[] {
  const sort = `${String(head.openedMs).padStart(SORT_DIGITS, '0')}/${head.caseId}`;
  const lists = ['all', `customer:${head.customerId}`, `status:${head.status}`];
  if (head.needsPerson) lists.push('needs:person');
  return lists.map((list) => ({ list, sort }));
}

/** The newest of a list, at most so many. */
export const newest = <Item>(items: readonly Item[], most: number): readonly Item[] =>
  items.length > most ? items.slice(items.length - most) : items;
