import type { Edge } from '@throughline/kernel/edge';
import { type Codec, Undecodable } from '@throughline/kernel/envelope';
import type { Clock, Closable, Log, LogRecord, Reporter } from '@throughline/kernel/ports';
import { reasonOf } from '@throughline/kernel/reason';
import { childOf, traceIdOf } from '@throughline/kernel/trace';
import type { CaseEvent, ContactStarted } from '@throughline/schemas/generated/messages';
import { CASE_EVENTS } from '@throughline/schemas/topics';
import { LineOff } from './connection-line.ts';
import { ContactOn } from './contact-on.ts';
import { contactStarted } from './drafts.ts';
import { createEntryNumbers } from './entry-numbers.ts';
import { Lately } from './lately.ts';
import type { Line, Sink, Switchboard } from './line.ts';

export interface SwitchboardOptions {
  readonly log: Log;
  readonly codec: Codec;
  readonly edge: Edge;
  readonly clock: Clock;
  readonly reporter: Reporter;
  /** The gateway's name, for its reports. */
  readonly service: string;
  /** Whether contacts that are new are refused with `Busy`. */
  readonly busy: () => boolean;
}

/** Joins case.events.v1 at once, trying for as long as it takes; `ready` says when it has. */
export function createSwitchboard(options: SwitchboardOptions): Switchboard {
  return new LiveSwitchboard(options);
}

/** The doors are closed to new contacts for a moment: what is behind them is too far behind. */
export class Busy extends Error {
  readonly code = 'busy';
  constructor() {
    super('Too much is waiting to be handled. Try again in a moment.');
  }
}

/** Before an outage (of keys or schemas, of the log at the start) is tried again. */
const RETRY_AFTER_MS = 500;

/** What can concern a contact whose home is not known yet. Everything else is read only to count the entries of a home. */
const HEARD: ReadonlySet<string> = new Set<CaseEvent['type']>([
  'ContactBriefed',
  'ContactCaughtUp',
  'ContactMoved',
  'ContactEnded',
  'ContactHeld',
  'InteractionAdded',
  'ReplyAccepted',
  'TurnTaken',
]);

class LiveSwitchboard implements Switchboard {
  readonly #options: SwitchboardOptions;
  readonly #contacts = new Map<string, ContactOn>();
  readonly #lately: Lately;
  readonly #numbers: ReturnType<typeof createEntryNumbers>;
  readonly #joined: Promise<void>;
  #tail: Closable | undefined;
  #closed = false;
  /** One chain for all records: fetching keys takes its time and must not change the order. */
  #handled: Promise<void> = Promise.resolve();

  constructor(options: SwitchboardOptions) {
    this.#options = options;
    this.#lately = new Lately(options.clock);
    this.#numbers = createEntryNumbers(options.reporter);
    this.#joined = this.#join();
  }

  async connect(contact: ContactStarted, traceparent: string, sink: Sink, isOn = false): Promise<Line> {
    const { edge, clock, busy } = this.#options;
    const { contactId } = contact;
    if (busy() && !isOn && !this.#contacts.has(contactId) && !this.#lately.has(contactId)) throw new Busy();
    const sinceMs = clock.nowMs();
    await this.#joined;
    if (this.#closed) throw new LineOff();
    const started = contactStarted(contact, { timeMs: clock.nowMs(), traceparent, sinceMs });
    const line = this.#contactOn(contactId).addLine(contact, childOf(traceparent, started.id), sink);
    try {
      await edge.send([started]);
    } catch (outage) {
      line.disconnect();
      throw outage;
    }
    return line;
  }

  ready(): boolean {
    return this.#tail !== undefined && !this.#closed;
  }

  size(): number {
    return this.#contacts.size;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const contact of [...this.#contacts.values()]) contact.close();
    await this.#tail?.close();
    await this.#handled;
  }

  async #join(): Promise<void> {
    const { log, reporter, service } = this.#options;
    while (this.#tail === undefined && !this.#closed) {
      try {
        this.#tail = await log.tail(CASE_EVENTS, (record) => this.#take(record));
      } catch (outage) {
        reporter.warn('tail-not-joined', { service, reason: reasonOf(outage) });
        await this.#pause();
      }
    }
  }

  #take(record: LogRecord): void {
    const { reporter, service } = this.#options;
    this.#handled = this.#handled
      .then(() => this.#handle(record))
      .catch((defect: unknown) =>
        reporter.error('record-not-handled', { service, ...placeOf(record), reason: reasonOf(defect) }),
      );
  }

  async #handle(record: LogRecord): Promise<void> {
    if (this.#closed || this.#contacts.size === 0) return;
    const { ce_type: type = '' } = record.headers;
    if (!HEARD.has(type) && !this.#numbers.follows(record.key)) return;
    const event = await this.#decode(record);
    if (event === undefined || !this.#numbers.take(event.body.caseId, event.body.number)) return;
    for (const [contactId, contact] of this.#concerned(event)) {
      contact.hear(event);
      this.#numbers.follow(contactId, this.#contacts.has(contactId) ? contact.home()?.caseId : undefined);
    }
  }

  /** Undefined for what cannot be read. */
  async #decode(record: LogRecord): Promise<CaseEvent | undefined> {
    const { codec, reporter, service } = this.#options;
    try {
      await this.#prepare(record);
      return codec.decode(record) as CaseEvent;
    } catch (refusal) {
      const reason = refusal instanceof Undecodable ? refusal.reason : reasonOf(refusal);
      reporter.error('record-not-read', { service, ...placeOf(record), reason });
      return undefined;
    }
  }

  /** An outage of keys or schemas is waited for: nothing is passed over. */
  async #prepare(record: LogRecord): Promise<void> {
    const { codec, reporter, service } = this.#options;
    while (!this.#closed) {
      try {
        await codec.prepare([record]);
        return;
      } catch (outage) {
        reporter.warn('record-not-prepared', { service, reason: reasonOf(outage) });
        await this.#pause();
      }
    }
  }

  #concerned(event: CaseEvent): readonly (readonly [string, ContactOn])[] {
    if (!('contactId' in event.body)) return [];
    const { contactId, caseId } = event.body;
    if (contactId === null) return [...this.#contacts].filter(([, contact]) => contact.home()?.caseId === caseId);
    const contact = this.#contacts.get(contactId);
    return contact === undefined ? [] : [[contactId, contact]];
  }

  #contactOn(contactId: string): ContactOn {
    const known = this.#contacts.get(contactId);
    if (known !== undefined) return known;
    const { edge, clock, reporter, service } = this.#options;
    const cardCarry = this.#lately.comes(contactId);
    const contact = new ContactOn({
      contactId,
      edge,
      clock,
      cardCarry,
      onUnasked: () => reporter.warn('standing-not-asked', { service, contactId }),
      onOff: () => {
        this.#contacts.delete(contactId);
        if (!contact.hasEnded) this.#lately.went(contactId, cardCarry);
        this.#numbers.follow(contactId, undefined);
      },
    });
    this.#contacts.set(contactId, contact);
    return contact;
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      this.#options.clock.after(RETRY_AFTER_MS, resolve);
    });
  }
}

const placeOf = ({ topic, partition, offset, headers }: LogRecord) => ({
  topic,
  partition,
  offset,
  trace: traceIdOf(headers.traceparent ?? ''),
});
