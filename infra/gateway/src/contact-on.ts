import { deriveId } from '@throughline/kernel/ids';
import type { CaseEvent, CaseEventBodies, ContactStarted } from '@throughline/schemas/generated/messages';
import type { CardCarry } from './card-carry.ts';
import { ConnectionLine, type ConnectionOptions, LineOff } from './connection-line.ts';
import { contactResumed } from './drafts.ts';
import { type Whereabouts, whereaboutsAfter } from './home.ts';
import type { Home, Line, Said, Sink } from './line.ts';
import { createRecent } from './recent.ts';
import { TurnQueue } from './turn-queue.ts';

export type ContactOptions = Pick<ConnectionOptions, 'edge' | 'clock' | 'cardCarry'> & {
  readonly contactId: string;
  /** Its question where it stands did not reach the log; it asks again. */
  readonly onUnasked: () => void;
  /** The last line is off. */
  readonly onOff: () => void;
};

/** How many of its questions, and of its lines' connections, a contact remembers: late answers are known for its own. */
const ASKED_MAX = 200;

/** A contact that is on: one home and one order of turns, and a line for each of its connections to this gateway. */
export class ContactOn {
  readonly #options: ContactOptions;
  readonly #lines = new Set<ConnectionLine>();
  readonly #queue: TurnQueue;
  /** The ids under which this gateway connected or asked. */
  readonly #asked = createRecent<true>(ASKED_MAX);
  #where: Whereabouts | undefined;
  /**
   * Whether a home has answered this gateway itself. What another one sent, before it died, may still be on its way through
   * a former home; the answer comes behind that, other news of the home do not.
   */
  #isAnswered = false;
  #traceparent = '';
  #questions = 0;
  #question: string | undefined;
  #hasEnded = false;

  constructor(options: ContactOptions) {
    this.#options = options;
    this.#queue = new TurnQueue(options.clock, () => this.#askWhereItStands());
  }

  home(): Home | undefined {
    return this.#where?.home;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  addLine(contact: ContactStarted, traceparent: string, sink: Sink): Line {
    const { edge, clock, cardCarry, onOff, onUnasked } = this.#options;
    const onAsk = (connectionId: string): void => this.#asked.set(connectionId, true);
    this.#traceparent = traceparent;
    if (contact.connectionId !== null) onAsk(contact.connectionId);
    const line: ConnectionLine = new ConnectionLine({
      contact,
      traceparent,
      sink,
      edge,
      clock,
      queue: this.#queue,
      cardCarry,
      home: () => this.home(),
      onAsk,
      onUnasked,
      onOff: () => {
        this.#lines.delete(line);
        if (this.#lines.size > 0) return;
        this.#queue.close(new LineOff());
        onOff();
      },
    });
    this.#lines.add(line);
    line.open();
    return line;
  }

  /** One event of this contact, in its case's order. */
  hear(event: CaseEvent): void {
    this.#settle(event);
    switch (event.type) {
      case 'ContactBriefed':
        for (const line of this.#lines) line.waiting.briefed(event.body);
        break;
      case 'ContactCaughtUp':
        this.#caughtUp(event.body);
        break;
      case 'TurnTaken':
        this.#queue.taken(event.body.inputId);
        break;
      case 'InteractionAdded':
        this.#customerSaid(event.body);
        break;
      case 'ReplyAccepted':
        for (const line of this.#lines) line.reply(event.body, event.traceparent);
        break;
      case 'ContactHeld':
        for (const line of this.#lines) line.held();
        break;
      case 'ContactEnded':
        this.#hasEnded = true;
        for (const line of this.#lines) line.sink.ended?.(event.body.reason);
        break;
      default:
        break;
    }
  }

  close(): void {
    this.#queue.close(new LineOff());
    for (const line of this.#lines) line.disconnect();
  }

  #settle(event: CaseEvent): void {
    const before = this.#where;
    const wasAnswered = this.#isAnswered;
    const now = whereaboutsAfter(before, event);
    this.#isAnswered ||= this.#answers(event);
    if (now === undefined || (now === before && wasAnswered === this.#isAnswered)) return;
    this.#where = now;
    if (before === undefined || !sameHome(before.home, now.home)) {
      for (const line of this.#lines) line.sink.home(now.home);
    }
    this.#queue.whereabouts(this.#isAnswered ? now : { ...now, arrived: false });
  }

  #answers(event: CaseEvent): boolean {
    // Who is held hears nothing more; what is said waits in the log, behind all that was said before.
    if (event.type === 'ContactHeld') return true;
    if (event.type !== 'ContactBriefed' && event.type !== 'ContactCaughtUp') return false;
    return event.body.connectionId !== null && this.#asked.has(event.body.connectionId);
  }

  #caughtUp(body: CaseEventBodies['ContactCaughtUp']): void {
    // The news of a home that the contact has left says nothing about its turns.
    if (body.hop === this.home()?.hop) this.#queue.standing(body.unanswered, body.connectionId === this.#question);
    const frames = body.frames.map((frame): Said => ({ ...frame, caseId: body.caseId }));
    for (const line of this.#lines) line.caughtUp(body.connectionId, frames);
    if (!this.#asked.has(body.connectionId)) for (const line of this.#lines) line.sink.elsewhere?.();
  }

  #customerSaid(body: CaseEventBodies['InteractionAdded']): void {
    const { entryId, turn, caseId, number, atMs } = body;
    const said: Said = { entryId, inputId: turn.inputId, from: 'customer', text: turn.text, caseId, number, atMs };
    for (const line of this.#lines) line.customerSaid(said);
  }

  #askWhereItStands(): void {
    const { contactId, clock, edge, onUnasked } = this.#options;
    this.#questions += 1;
    const connectionId = deriveId('con', contactId, 'standing', this.#traceparent, String(this.#questions));
    this.#question = connectionId;
    this.#asked.set(connectionId, true);
    const stamp = { timeMs: clock.nowMs(), traceparent: this.#traceparent };
    edge.send([contactResumed({ contactId, connectionId, wantsFrames: false, after: null }, stamp)]).catch(onUnasked);
  }
}

function sameHome(one: Home, other: Home): boolean {
  return (
    one.caseId === other.caseId &&
    one.hop === other.hop &&
    one.settled === other.settled &&
    one.codeAwaited === other.codeAwaited &&
    one.assurance === other.assurance &&
    one.disposition === other.disposition
  );
}
