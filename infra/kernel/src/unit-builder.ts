import { DocumentSet } from './document-set.ts';
import type { Codec, Draft, Message } from './envelope.ts';
import { deriveId } from './ids.ts';
import type { OwnedDocuments } from './owned-documents.ts';
import type { Keyring, OutgoingRecord, PartitionId, PartitionState, TimerWrite, Unit } from './ports.ts';
import type { Decision, Processor } from './processor.ts';
import { sealContent } from './sealing.ts';
import { childOf } from './trace.ts';
import { UNIT_BYTES_MAX, unitBytes } from './unit-size.ts';

/** A message with the trace context of the input that led to it. */
export interface Caused {
  readonly message: Message;
  readonly traceparent: string;
}

/** Messages of a decision keep their place among raw copies of parked records. */
type Sent = Caused | { readonly record: OutgoingRecord };

/** What follows from the inputs can never be written: it does not fit its schema or a unit, or its key is destroyed. No outage. */
export class Unwritable extends Error {
  readonly code = 'unwritable';
}

/** Collects what the inputs of one unit lead to, and turns it into a `Unit`. */
export class UnitBuilder {
  readonly documents: DocumentSet;
  readonly #processor: Processor;
  readonly #codec: Codec;
  readonly #keyring: Keyring;
  readonly #from: PartitionState;
  readonly #timers = new Map<string, TimerWrite>();
  #taken: Record<string, number> | undefined;
  readonly #sent: Sent[] = [];
  readonly #handled: Message[] = [];
  #sequence: number;
  #cursor: number;
  timeMs: number;

  constructor(options: {
    processor: Processor;
    owned: OwnedDocuments;
    codec: Codec;
    keyring: Keyring;
    state: PartitionState;
  }) {
    this.documents = new DocumentSet(options.owned, options.keyring, options.processor.name);
    this.#processor = options.processor;
    this.#codec = options.codec;
    this.#keyring = options.keyring;
    this.#from = options.state;
    this.#sequence = options.state.sequence;
    this.#cursor = options.state.cursor;
    this.timeMs = options.state.timeMs;
  }

  /** The record at this offset is done with, whatever became of it. */
  pass(offset: number, timeMs: number): void {
    this.#cursor = offset + 1;
    this.timeMs = Math.max(this.timeMs, timeMs);
  }

  /** False where this message of that source has been taken before: the log delivers twice, the effect happens once. */
  take(source: string, sequence: number): boolean {
    const taken = this.#taken ?? this.#from.taken;
    if (sequence <= (taken[source] ?? 0)) return false;
    this.#taken ??= { ...this.#from.taken };
    this.#taken[source] = sequence;
    return true;
  }

  /** The input has been decided on. */
  handle(input: Message): void {
    this.#handled.push(input);
  }

  apply(partition: number, decision: Decision, cause: { readonly traceparent: string }): void {
    this.documents.write(decision.writes ?? []);
    this.send(partition, decision.messages ?? [], cause);
    for (const timer of decision.timers ?? []) this.#timers.set(timer.id, { ...timer, body: new Uint8Array() });
  }

  send(partition: number, drafts: readonly Draft[], cause: { readonly traceparent: string }): void {
    const source = `${this.#processor.name}/${partition}`;
    for (const draft of drafts) {
      this.#sequence += 1;
      const id = draft.id ?? deriveId('msg', source, String(this.#sequence));
      const message = {
        ...draft,
        id,
        source,
        sequence: this.#sequence,
        timeMs: this.timeMs,
        traceparent: childOf(cause.traceparent, id),
      };
      this.#sent.push({ message, traceparent: cause.traceparent });
    }
  }

  copy(record: OutgoingRecord): void {
    this.#sent.push({ record });
  }

  /** The inputs that were decided on and the messages that followed, to be told of once they are in the log. */
  told(): { readonly handled: readonly Message[]; readonly emitted: readonly Caused[] } {
    return { handled: this.#handled, emitted: this.#sent.filter((sent) => 'message' in sent) };
  }

  /** Rejects with `Unwritable`, and on an outage of the keys. */
  async build(partition: PartitionId, epoch: number): Promise<Unit> {
    const writes = this.documents.written().map((write) => ({
      ...write,
      keyId:
        write.content === null || write.kind.startsWith('kernel-')
          ? undefined
          : this.#processor.keyOf(write, write.content),
    }));
    const messageKeys = writing(() =>
      this.#sent.flatMap((sent) => ('message' in sent ? this.#codec.keyIdsToEncode(sent.message) : [])),
    );
    const documentKeys = writes.flatMap((write) => (write.keyId === undefined ? [] : [write.keyId]));
    await this.#keyring.ensure([...new Set([...messageKeys, ...documentKeys])]);
    const unit = writing(
      (): Unit => ({
        ...partition,
        epoch,
        fromCursor: this.#from.cursor,
        state: {
          cursor: this.#cursor,
          sequence: this.#sequence,
          timeMs: this.timeMs,
          taken: this.#taken ?? this.#from.taken,
        },
        documents: writes.map((write) => ({
          kind: write.kind,
          id: write.id,
          body:
            write.content === null
              ? null
              : sealContent(this.#keyring, partition.processor, write, write.content, write.keyId),
          lists: write.lists ?? [],
        })),
        messages: this.#sent.map((sent) => ('message' in sent ? this.#codec.encode(sent.message) : sent.record)),
        timers: [...this.#timers.values()],
      }),
    );
    const bytes = unitBytes(unit);
    if (bytes > UNIT_BYTES_MAX) throw new Unwritable(`What follows has ${bytes} of at most ${UNIT_BYTES_MAX} bytes.`);
    return unit;
  }
}

function writing<Result>(write: () => Result): Result {
  try {
    return write();
  } catch (error) {
    throw new Unwritable(error instanceof Error ? error.message : 'What follows from it cannot be written.');
  }
}
