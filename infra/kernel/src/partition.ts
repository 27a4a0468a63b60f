import { UNIT_INPUTS_MAX, unitLength } from './chunks.ts';
import { type Decoded, decodeAll, observed } from './decoding.ts';
import type { Codec, Message } from './envelope.ts';
import { heldRecords, heldSubjects, holdWrite, parkedCopy, releaseWrite } from './holding.ts';
import { OwnedDocuments } from './owned-documents.ts';
import type {
  Keyring,
  Log,
  LogRecord,
  OutgoingRecord,
  PartitionId,
  PartitionState,
  Reporter,
  Store,
  Unit,
} from './ports.ts';
import { type DecideContext, type Processor, REDRIVE_REQUESTED, TIMER_FIRED } from './processor.ts';
import type { Reach } from './steps.ts';
import { noTelemetry, type Telemetry } from './telemetry.ts';
import { PartitionTimers } from './timers.ts';
import { traceIdOf } from './trace.ts';
import { UnitBuilder, Unwritable } from './unit-builder.ts';

export interface Engine {
  readonly log: Log;
  readonly store: Store;
  readonly codec: Codec;
  readonly keyring: Keyring;
  readonly reporter: Reporter;
  readonly reach: Reach;
  readonly telemetry?: Telemetry | undefined;
}

/** Another owner has taken the partition: whatever this one still holds is void. */
export class Fenced extends Error {
  readonly code = 'fenced';
}

/** What the kernel reads of `RedriveRequested`. */
type RedriveRequest = { readonly subject: string; readonly skipFirst?: boolean };

/** A unit with what comes of it: the subjects that are held, and what to tell of it. */
interface Unfinished {
  readonly unit: Unit;
  readonly held: ReadonlySet<string>;
  readonly told: ReturnType<UnitBuilder['told']>;
  readonly sinceMs: number;
}

/**
 * Runs a processor on one partition that it owns: decode, drop what was taken before, decide, commit all or nothing,
 * append what follows, and only then go on. One call of `batch` at a time.
 */
export class PartitionRunner {
  readonly timers: PartitionTimers;
  readonly #engine: Engine;
  readonly #telemetry: Telemetry;
  readonly #processor: Processor;
  readonly #id: PartitionId;
  readonly #epoch: number;
  readonly #held: Set<string>;
  readonly #owned: OwnedDocuments;
  #state: PartitionState;
  /** Inputs of the next unit at most: fewer after a unit that was too large, more again after one that was not. */
  #inputsMax = UNIT_INPUTS_MAX;
  /** Committed for certain or perhaps; finished before anything else is decided. */
  #unfinished: Unfinished | undefined;
  #fenced = false;

  private constructor(
    engine: Engine,
    processor: Processor,
    id: PartitionId,
    opened: { epoch: number; state: PartitionState },
    held: Set<string>,
  ) {
    this.#engine = engine;
    this.#telemetry = engine.telemetry ?? noTelemetry;
    this.#processor = processor;
    this.#id = id;
    this.timers = new PartitionTimers(engine.store, id);
    this.#owned = new OwnedDocuments(engine.store, processor.name);
    this.#epoch = opened.epoch;
    this.#state = opened.state;
    this.#held = held;
  }

  /** Takes the partition and finishes what its former owner committed and perhaps did not append. Rejects on an outage. */
  static async open(engine: Engine, processor: Processor, partition: number): Promise<PartitionRunner> {
    const id = { processor: processor.name, partition };
    const opened = await engine.store.open(id);
    const held = await heldSubjects(engine.store, processor.name, partition);
    await engine.reach(`${processor.name}/opened`);
    await appendAll(engine.log, opened.messages);
    await engine.reach(`${processor.name}/republished`);
    return new PartitionRunner(engine, processor, id, opened, held);
  }

  get cursor(): number {
    return this.#state.cursor;
  }

  get fenced(): boolean {
    return this.#fenced;
  }

  /** Handles the records in order; those before the cursor have been handled. Rejects on an outage, and `Fenced`. */
  async batch(records: readonly LogRecord[]): Promise<void> {
    if (this.#fenced) throw new Fenced(`${this.#processor.name}/${this.#id.partition} belongs to another owner.`);
    if (this.#unfinished) await this.#finish(this.#unfinished);
    let rest = records.filter((record) => record.offset >= this.#state.cursor);
    while (rest.length > 0) {
      const length = unitLength(rest, this.#inputsMax);
      await this.#unit(rest.slice(0, length));
      rest = rest.slice(length);
    }
  }

  /** `refusal`: why the one input that this is about is to be parked rather than decided. */
  async #unit(records: readonly LogRecord[], refusal?: string): Promise<void> {
    const { engine, name } = { engine: this.#engine, name: this.#processor.name };
    const sinceMs = this.#telemetry.nowMs();
    const inputs = await this.#decode(records);
    await engine.reach(`${name}/decoded`);
    const builder = new UnitBuilder({ ...engine, processor: this.#processor, owned: this.#owned, state: this.#state });
    const held = new Set(this.#held);
    await builder.documents.load(() => inputs.flatMap(({ message }) => (message ? this.#needs(message, builder) : [])));
    await engine.reach(`${name}/loaded`);
    for (const input of inputs) await this.#input(input, builder, held, refusal);
    await engine.reach(`${name}/decided`);
    let unit: Unit;
    try {
      unit = await builder.build(this.#id, this.#epoch);
    } catch (error) {
      if (!(error instanceof Unwritable) || refusal !== undefined) throw error;
      await this.#apart(records, error.message);
      return;
    }
    await engine.reach(`${name}/built`);
    await this.#finish({ unit, held, told: builder.told(), sinceMs });
    if (records.length >= this.#inputsMax) this.#inputsMax = Math.min(UNIT_INPUTS_MAX, this.#inputsMax * 2);
  }

  /** Together they lead to more than a unit holds, or one of them to what can never be written: that one is parked (law 10). */
  async #apart(records: readonly LogRecord[], refusal: string): Promise<void> {
    if (records.length === 1) {
      await this.#unit(records, refusal);
      return;
    }
    const half = Math.ceil(records.length / 2);
    this.#inputsMax = half;
    await this.#unit(records.slice(0, half));
    await this.#unit(records.slice(half));
  }

  /** Commits and appends; what is interrupted by an outage is finished, with the same bytes, by the next call. */
  async #finish(unfinished: Unfinished): Promise<void> {
    const { engine, name } = { engine: this.#engine, name: this.#processor.name };
    const { unit } = unfinished;
    this.#unfinished = unfinished;
    const outcome = await engine.store.commit(unit);
    await engine.reach(`${name}/committed`);
    if (outcome === 'fenced') {
      this.#fenced = true;
      this.#unfinished = undefined;
      this.#telemetry.fenced(name);
      engine.reporter.warn('partition.fenced', { processor: name, partition: this.#id.partition });
      throw new Fenced(`${name}/${this.#id.partition} belongs to another owner.`);
    }
    this.timers.expect(unit.timers);
    this.#owned.wrote(unit.documents);
    await appendAll(engine.log, unit.messages);
    await engine.reach(`${name}/appended`);
    this.#state = unit.state;
    this.#held.clear();
    for (const subject of unfinished.held) this.#held.add(subject);
    this.#unfinished = undefined;
    this.#tell(unfinished);
  }

  #tell({ told, sinceMs }: Unfinished): void {
    for (const { message, traceparent } of told.emitted) this.#telemetry.emitted(message, { traceparent, sinceMs });
    for (const message of told.handled) this.#telemetry.handled(message, this.#processor.name);
  }

  async #input(
    { record, message, reason }: Decoded,
    builder: UnitBuilder,
    held: Set<string>,
    refusal: string | undefined,
  ): Promise<void> {
    if (message?.sequence !== undefined && !builder.take(message.source, message.sequence)) {
      builder.pass(record.offset, 0);
      return;
    }
    builder.pass(record.offset, message?.timeMs ?? 0);
    if (message?.type === REDRIVE_REQUESTED) {
      const request = message.body as RedriveRequest;
      const trace = traceIdOf(message.traceparent);
      if (refusal === undefined) await this.#redrive({ ...request, trace }, builder, held);
      else this.#stillHeld(request.subject, refusal, trace);
      return;
    }
    const subject = message?.subject ?? record.headers.ce_subject ?? record.key;
    if (held.has(subject)) {
      this.#hold(record, message, subject, 'behind', builder, held);
      return;
    }
    const failure = refusal ?? (message ? await this.#decide(record, message, builder) : reason);
    if (failure !== undefined) this.#hold(record, message, subject, failure, builder, held);
  }

  /** Undefined when decided; otherwise why it cannot be. An outage while loading is no such reason: it rejects. */
  async #decide(record: LogRecord, message: Message, builder: UnitBuilder): Promise<string | undefined> {
    await builder.documents.load(() => this.#needs(message, builder));
    try {
      const decision = this.#processor.decide(message, builder.documents, this.#context(record, builder));
      if (message.type === TIMER_FIRED) builder.apply(this.#id.partition, removalOf(message, record.key), message);
      builder.apply(this.#id.partition, decision, message);
      builder.handle(message);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : 'The decision failed.';
    }
  }

  #needs(message: Message, builder: UnitBuilder) {
    try {
      return message.type === REDRIVE_REQUESTED ? [] : this.#processor.needs(message, builder.documents);
    } catch {
      // What cannot name its documents fails again in `decide`, where it is parked with its reason.
      return [];
    }
  }

  #hold(
    record: LogRecord,
    message: Message | undefined,
    subject: string,
    reason: string,
    builder: UnitBuilder,
    held: Set<string>,
  ): void {
    const { name } = this.#processor;
    held.add(subject);
    builder.documents.write([holdWrite(record, subject, reason, builder.timeMs)]);
    // It has fired: what it means waits with what is held, and is not said again at every tick.
    if (message?.type === TIMER_FIRED) builder.apply(this.#id.partition, removalOf(message, record.key), message);
    if (reason !== 'behind') {
      this.#engine.reporter.error('record.parked', {
        processor: name,
        partition: record.partition,
        offset: record.offset,
        subject,
        trace: traceIdOf(record.headers.traceparent ?? ''),
        reason,
      });
      this.#telemetry.parked(name);
      builder.copy(parkedCopy(record, reason));
    }
    const drafts = this.#processor.held?.({ subject, key: record.key, message }, this.#context(record, builder)) ?? [];
    builder.send(this.#id.partition, drafts, { traceparent: record.headers.traceparent ?? '' });
  }

  /**
   * Takes what is held of a subject in order, in this unit; stops at the first that still cannot be handled. With `skipFirst`
   * the first is set aside for good: what can never be handled must not hold the rest for ever.
   */
  async #redrive(
    { subject, skipFirst, trace }: RedriveRequest & { readonly trace: string },
    builder: UnitBuilder,
    held: Set<string>,
  ): Promise<void> {
    if (!held.has(subject)) return;
    const { records, more } = await heldRecords(this.#engine.store, this.#processor.name, this.#id.partition, subject);
    const [first] = records;
    if (skipFirst && first) this.#setAside(first, subject, builder);
    const waiting = await this.#decode(skipFirst ? records.slice(1) : records);
    for (const { record, message, reason } of waiting) {
      const failure = message ? await this.#decide(record, message, builder) : reason;
      if (failure !== undefined) {
        builder.documents.write([holdWrite(record, subject, failure, builder.timeMs)]);
        this.#stillHeld(subject, failure, traceIdOf(record.headers.traceparent ?? ''));
        return;
      }
      builder.documents.write([releaseWrite(record)]);
    }
    if (!more) held.delete(subject);
    this.#engine.reporter.info('subject.redriven', {
      processor: this.#processor.name,
      subject,
      records: waiting.length,
      trace,
    });
  }

  #stillHeld(subject: string, reason: string, trace: string): void {
    this.#engine.reporter.error('record.parked', { processor: this.#processor.name, subject, trace, reason });
  }

  #setAside(record: LogRecord, subject: string, builder: UnitBuilder): void {
    const { topic, partition, offset, headers } = record;
    builder.documents.write([releaseWrite(record)]);
    builder.copy(parkedCopy(record, 'set aside'));
    const trace = traceIdOf(headers.traceparent ?? '');
    this.#engine.reporter.warn('record.set-aside', { topic, partition, offset, subject, trace });
  }

  async #decode(records: readonly LogRecord[]): Promise<readonly Decoded[]> {
    if (this.#processor.observes) return records.map((record) => ({ record, message: observed(record), reason: '' }));
    return decodeAll(this.#engine.codec, records);
  }

  #context(record: LogRecord, builder: UnitBuilder): DecideContext {
    return { nowMs: builder.timeMs, partition: this.#id.partition, record, mac: this.#engine.keyring.mac };
  }
}

const removalOf = (message: Message, key: string) => ({
  timers: [{ id: (message.body as { timerId: string }).timerId, dueMs: null, key }],
});

async function appendAll(log: Log, messages: readonly OutgoingRecord[]): Promise<void> {
  if (messages.length > 0) await log.append(messages);
}
