import type { Edge } from '@throughline/kernel/edge';
import { deriveId } from '@throughline/kernel/ids';
import type { Clock } from '@throughline/kernel/ports';
import type { ContactStarted, Turn } from '@throughline/schemas/generated/messages';
import type { CardCarry } from './card-carry.ts';
import { contactLeft, contactResumed, customerSaid, delivered, type Stamp } from './drafts.ts';
import { createHearing, type Hearing } from './hearing.ts';
import type { Home, Line, Said, Sink } from './line.ts';
import { createRecent } from './recent.ts';
import type { TurnQueue } from './turn-queue.ts';
import { createWaiting, type Waiting } from './waiting.ts';

/** How many of its own turns a line remembers, so that it does not hear them back; as many things that were said to it. */
const REMEMBERED_MAX = 500;

/** The line went off before what was said on it could be sent. Nothing of it was acknowledged. */
export class LineOff extends Error {
  readonly code = 'line-off';
  constructor() {
    super('The contact is not on this gateway any more. Connect again and say it again.');
  }
}

export interface ConnectionOptions {
  readonly contact: ContactStarted;
  /** Of the message that it started with. */
  readonly traceparent: string;
  readonly sink: Sink;
  readonly edge: Edge;
  readonly clock: Clock;
  /** The contact's, shared by its lines. */
  readonly queue: TurnQueue;
  /** The contact's, shared by its lines. */
  readonly cardCarry: CardCarry;
  readonly home: () => Home | undefined;
  /** It asks under this id; the answer says so. */
  readonly onAsk: (connectionId: string) => void;
  readonly onOff: () => void;
  /** The rest of what was missed could not be asked for. */
  readonly onUnasked: () => void;
}

/** The line of one connection of a contact: what it sends, and what it has been given. */
export class ConnectionLine implements Line {
  readonly contactId: string;
  readonly cardCarry: CardCarry;
  readonly sink: Sink;
  readonly hearing: Hearing;
  readonly waiting: Waiting;
  readonly #options: ConnectionOptions;
  readonly #ownTurns = createRecent<true>(REMEMBERED_MAX);
  /** What led to each thing that was said here: its delivery goes on from there. */
  readonly #causes = createRecent<Pick<Stamp, 'traceparent' | 'sinceMs'>>(REMEMBERED_MAX);
  #on = true;
  #resumes = 0;
  /** What is awaited is the rest of an answer. */
  #asksForMore = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.contactId = options.contact.contactId;
    this.cardCarry = options.cardCarry;
    this.sink = options.sink;
    this.hearing = createHearing(options.sink);
    this.waiting = createWaiting(options.clock, () => options.sink.holding());
  }

  /** Tells the channel what is known already, and begins to wait for what is not. */
  open(): void {
    const { contact } = this.#options;
    const home = this.home();
    if (contact.expectsWords) this.waiting.begin('words');
    else if (home === undefined) this.waiting.begin('briefing');
    if (home !== undefined) this.sink.home(home);
  }

  home(): Home | undefined {
    return this.#options.home();
  }

  async say(turn: Turn): Promise<void> {
    if (!this.#on) throw new LineOff();
    const { contactId } = this;
    this.#ownTurns.set(turn.inputId, true);
    this.waiting.turnSaid(turn.inputId);
    await this.#options.queue.say(turn.inputId, (caseId) =>
      this.#options.edge.send([customerSaid({ contactId, caseId, turn }, this.#stamp())]),
    );
  }

  async resume(after: string | null): Promise<void> {
    const { contactId } = this;
    const connectionId = this.#freshConnection();
    this.#asksForMore = false;
    this.hearing.holdFor(connectionId);
    this.#options.onAsk(connectionId);
    try {
      const body = { contactId, connectionId, wantsFrames: true, after };
      await this.#options.edge.send([contactResumed(body, this.#stamp())]);
    } catch (outage) {
      // Before what was held back goes out: a channel that asks again must not have heard what comes behind the gap.
      this.sink.unasked?.();
      this.hearing.release(connectionId);
      throw outage;
    }
  }

  /** The case says where the contact stands. One answer holds so many frames at most: it is asked for more until there are none. */
  caughtUp(connectionId: string, frames: readonly Said[]): void {
    this.waiting.caughtUp();
    if (!this.hearing.awaits(connectionId)) return;
    this.waiting.missed(frames);
    const last = frames.at(-1);
    if (last !== undefined || !this.#asksForMore) this.hearing.missed(frames);
    if (last === undefined) {
      this.hearing.release(connectionId);
      return;
    }
    this.resume(last.entryId).catch(this.#options.onUnasked);
    this.#asksForMore = true;
  }

  async delivered(entryId: string, outcome: DeliveryOutcome, detail: string | null): Promise<void> {
    const { contactId } = this;
    const caseId = this.hearing.caseOf(entryId) ?? this.home()?.caseId;
    if (caseId === undefined) return;
    const body = { contactId, caseId, entryId, outcome, detail, atMs: this.#options.clock.nowMs() };
    await this.#options.edge.send([delivered(body, { ...this.#stamp(), ...this.#causes.get(entryId) })]);
  }

  async leave(reason: 'left' | 'hung-up' | 'done'): Promise<void> {
    if (!this.#on) return;
    const { contactId } = this;
    const { contact, queue, edge, clock } = this.#options;
    const connection = contact.connectionId ?? String(contact.startedMs);
    await queue.follow((caseId) =>
      edge.send([contactLeft({ contactId, caseId, reason, atMs: clock.nowMs() }, connection, this.#stamp())]),
    );
    this.disconnect();
  }

  disconnect(): void {
    if (!this.#on) return;
    this.#on = false;
    this.waiting.over();
    this.#options.onOff();
  }

  /** Something is said to the customer; `traceparent` is of what says it. */
  reply(said: Said, traceparent: string): void {
    this.waiting.over();
    this.#causes.set(said.entryId, { traceparent, sinceMs: this.#options.clock.nowMs() });
    this.hearing.hear({
      entryId: said.entryId,
      inputId: said.inputId,
      from: said.from,
      text: said.text,
      caseId: said.caseId,
      number: said.number,
      atMs: said.atMs,
    });
  }

  /** The customer said something, here or on another line. */
  customerSaid(said: Said): void {
    if (said.inputId !== null && this.#ownTurns.has(said.inputId)) this.hearing.note(said.entryId, said.caseId);
    else this.hearing.hear(said);
  }

  held(): void {
    this.waiting.over();
    this.sink.held();
  }

  #freshConnection(): string {
    const { contact } = this.#options;
    this.#resumes += 1;
    return deriveId(
      'con',
      contact.contactId,
      contact.connectionId ?? '',
      this.#options.traceparent,
      String(this.#resumes),
    );
  }

  #stamp(): Stamp {
    return { timeMs: this.#options.clock.nowMs(), traceparent: this.#options.traceparent };
  }
}

type DeliveryOutcome = Parameters<Line['delivered']>[1];
