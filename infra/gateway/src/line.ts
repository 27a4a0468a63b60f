import type { CaseEventBodies, ContactStarted, Turn } from '@throughline/schemas/generated/messages';
import type { CardCarry } from './card-carry.ts';

/**
 * The half of a gateway that no channel differs in: it knows where each live contact is at home, keeps a contact's
 * turns in order on the way there, and tells the channel what to say. It holds nothing that the log does not have:
 * after a crash another gateway asks through the log (`resume`) and goes on.
 */
export interface Switchboard {
  /**
   * Puts a contact on: sends `ContactStarted` (the same contact again is the same contact), which begins the trace, and resolves once the log has it.
   * While the contact is on, its events go to `sink`, in order, each once; the first may come before this resolves. A contact may
   * have several lines (a customer with two tabs): they share one home and one order of turns. Rejects on an outage, and with
   * `Busy` when a contact that is new cannot be taken now: it is not on here, nor was lately, nor does the channel know that it is on
   * elsewhere (`isOn`).
   */
  connect(contact: ContactStarted, traceparent: string, sink: Sink, isOn?: boolean): Promise<Line>;
  /** Joined to case.events.v1: what is said from now on will be heard. */
  ready(): boolean;
  /** How many contacts are on. */
  size(): number;
  close(): Promise<void>;
}

export interface Line {
  readonly contactId: string;
  /** The contact's, whichever of its lines it is said on. */
  readonly cardCarry: CardCarry;
  /** What the line knows of its contact right now; undefined until the first briefing. */
  home(): Home | undefined;
  /**
   * Brings a turn to the contact's case. Resolves once the log has it (then it may be acknowledged to the channel); rejects on an
   * outage, together with the turns that wait behind it, so that saying them again keeps their order. Until the contact has settled
   * one turn is in flight and the others wait for it, in order. The same turn again is the same turn.
   */
  say(turn: Turn): Promise<void>;
  /**
   * Asks what was said after the entry with this id (null: everything); the answer comes as `sink.missed`. What is said meanwhile comes
   * behind it, nothing twice. Rejects on an outage, behind `sink.unasked`.
   */
  resume(after: string | null): Promise<void>;
  /** Tells the case what the channel did with something that was said. */
  delivered(
    entryId: string,
    outcome: 'delivered' | 'interrupted' | 'undeliverable',
    detail: string | null,
  ): Promise<void>;
  /** The contact is over for good, once the turns before it are in the log; `disconnect` instead when only the connection is gone. */
  leave(reason: 'left' | 'hung-up' | 'done'): Promise<void>;
  /** Takes the line off without ending the contact. Turns that still wait when its last line goes are rejected: they were never acknowledged. */
  disconnect(): void;
}

/** Where a contact is at home and how it stands there. */
export interface Home {
  readonly caseId: string;
  readonly hop: number;
  readonly settled: boolean;
  /** A one-time code is awaited: six-digit numbers are masked and their proofs taken. */
  readonly codeAwaited: boolean;
  readonly assurance: number;
  readonly disposition: CaseEventBodies['ContactBriefed']['disposition'];
}

/** One thing said in this contact. */
export interface Said {
  readonly entryId: string;
  readonly inputId: string | null;
  readonly from: 'agent' | 'person' | 'customer';
  readonly text: string;
  readonly caseId: string;
  readonly number: number;
  readonly atMs: number;
}

/** What the channel does with what happens on its line. Called in order, never concurrently; must not throw. */
export interface Sink {
  /** To be said to the customer, in the channel's way. */
  said(said: Said): void;
  /** What was missed, oldest first, as asked for with `resume`; the customer's own turns are among them. Much of it comes in several parts. */
  missed(frames: readonly Said[]): void;
  /** All that was missed has been given. */
  caughtUp?(): void;
  /** An outage: what was missed, or the rest of it, cannot be asked for. What is said from now on comes behind a gap. */
  unasked?(): void;
  /** The home changed or became known. */
  home(home: Home): void;
  /** Nothing has come for a while (2 s): a holding sentence is due. At most once for each wait. */
  holding(): void;
  /** What was said is kept, but held back until a person has looked. */
  held(): void;
  /** What the customer said in this contact on another line than this one; for channels that show both sides. */
  overheard?(said: Said): void;
  /** The contact has a connection to another gateway. */
  elsewhere?(): void;
  /** The contact is over, by whoever ended it. */
  ended?(reason: CaseEventBodies['ContactEnded']['reason']): void;
}
