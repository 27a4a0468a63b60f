import type { Draft, Message } from './envelope.ts';
import type { DocumentRef, LogRecord, Mac } from './ports.ts';

/**
 * A processor is a declaration: one input topic, the documents that an input needs, and a pure decision.
 * The kernel runs it (`partition.ts`) and is the only place where its result is committed.
 */
export interface Processor<Input extends Message = Message, Output extends Message = Message> {
  /** Also the consumer group and the source of its messages. */
  readonly name: string;
  readonly topic: string;
  /**
   * An observer keeps account of the log itself: it gets every record once for each time that it stands there, repeats and
   * unreadable ones too, as a message without a body; the record is in the context.
   */
  readonly observes?: boolean;
  /** As for a `Subscriber`: nobody waits for what it does. */
  readonly lingerMs?: number;
  /**
   * The documents that this input needs, given those loaded so far. Called again with what it asked for until it
   * asks for nothing new, so a document may lead to the next. A document belongs to one partition of the topic: no other asks for it
   * or writes it, so that its owner need not read it again. Pure.
   */
  needs(input: Input, documents: Documents): readonly DocumentRef[];
  /**
   * What follows from one input. Pure: no clock, no randomness, no I/O. Throwing means that this record cannot be
   * handled: it is parked with the error's message (which therefore holds no protected value) and its subject is held.
   */
  decide(input: Input, documents: Documents, context: DecideContext): Decision<Output>;
  /** Which key seals a document's content at rest, such as `case:case_1`; undefined for documents that hold nothing protected. */
  keyOf(document: DocumentRef, content: unknown): string | undefined;
  /** What is said when a record is held, so that a contact behind it hears of it. Pure. */
  held?(
    input: { readonly subject: string; readonly key: string; readonly message: Input | undefined },
    context: DecideContext,
  ): readonly Draft<Output>[];
}

/** Read access to the documents that were asked for, as of this input: what earlier inputs of the same batch wrote is already in them. */
export interface Documents {
  /** Undefined where the document does not exist. Throws where it was never asked for: that is a defect of `needs`. */
  get<Content>(kind: string, id: string): Content | undefined;
  /** Whether it has been loaded (present or not): lets `needs` ask in steps. */
  has(kind: string, id: string): boolean;
}

export interface DecideContext {
  /** Time of this input, epoch milliseconds; never goes back within a partition. */
  readonly nowMs: number;
  readonly partition: number;
  /** The record as it stands in the log, for who keeps proofs of it. */
  readonly record: LogRecord;
  /** A keyed hash: the only function of the outside that a decision may use. */
  readonly mac: Mac;
}

/** One document as it shall be. Content is plain JSON. */
export interface Write {
  readonly kind: string;
  readonly id: string;
  /** Null removes it (a tombstone). */
  readonly content: unknown;
  readonly lists?: readonly { readonly list: string; readonly sort: string }[];
}

/**
 * A timer to set (again: replaces) or, with `dueMs: null`, to remove. When it is due the processor gets `TimerFired` with
 * its id. It may come late or twice: what it means is decided from the documents. Firing removes it.
 */
export interface TimerSet {
  readonly id: string;
  readonly dueMs: number | null;
  /** The partition key that it fires under. */
  readonly key: string;
}

export interface Decision<Output extends Message = Message> {
  readonly writes?: readonly Write[];
  /** In this order. */
  readonly messages?: readonly Draft<Output>[];
  readonly timers?: readonly TimerSet[];
}

/** Names of the two kinds of input that the kernel itself understands on every input topic. */
export const TIMER_FIRED = 'TimerFired';
export const REDRIVE_REQUESTED = 'RedriveRequested';
