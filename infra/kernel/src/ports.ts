/**
 * What the kernel needs from the world. Each port has one contract suite in `tests/contract/`;
 * an adapter is right when it passes that suite unchanged.
 */

// ---------------------------------------------------------------- Log

/** A record as it goes to the log: already encoded, its protected fields already encrypted. */
export interface OutgoingRecord {
  readonly topic: string;
  /** The partition key; records of one key stay in one partition, in the order they were appended. */
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Uint8Array;
}

/** A record as it comes from the log. */
export interface LogRecord extends OutgoingRecord {
  readonly partition: number;
  /** Position in the partition: 0, 1, 2, … without gaps on the embedded log, only rising on Kafka. */
  readonly offset: number;
}

/** One consumer of a group: each partition of the topic belongs to one member of the group at a time. */
export interface Subscriber {
  readonly group: string;
  readonly topic: string;
  /** For who is in no hurry: records may be held back so long for others to come with them. A log on which that saves nothing hands them over at once. */
  readonly lingerMs?: number | undefined;
  /** The partition is ours now. Resolves to the offset to start from; rejecting pauses the partition and it is tried again. */
  assigned(partition: number): Promise<number>;
  /**
   * Records of one partition, in order, one call at a time per partition. Resolving means: go on behind the last one.
   * Rejecting means: an outage; the same records are handed again after a pause. Nothing is ever skipped.
   */
  batch(partition: number, records: readonly LogRecord[]): Promise<void>;
  /** The partition is somebody else's from now on. Resolves when no batch of it runs any more. */
  revoked(partition: number): Promise<void>;
}

export interface Closable {
  close(): Promise<void>;
}

export interface Log {
  /**
   * Appends all records; resolves once every one is durable, to their positions in the same order.
   * Records of one key that are appended in order (also by calls that were not awaited) are in that order in the log.
   * Rejecting leaves unknown which were written: the caller appends all of them again.
   */
  append(records: readonly OutgoingRecord[]): Promise<readonly { partition: number; offset: number }[]>;
  /** Joins a consumer group. */
  subscribe(subscriber: Subscriber): Promise<Closable>;
  /** Every record of all partitions from now on, for readers that keep no cursor. Resolves when joined. An exception of `onRecord` is logged, never passed on. */
  tail(topic: string, onRecord: (record: LogRecord) => void): Promise<Closable>;
  /**
   * Records of one partition from an offset on, at most `limit`; empty at the end. A log that sees that a record is missing or
   * was changed rejects with an error that has the code `log-corrupt` and the record's `offset`.
   */
  read(topic: string, partition: number, fromOffset: number, limit: number): Promise<readonly LogRecord[]>;
  /** For each partition the offset that the next record will get. */
  ends(topic: string): Promise<readonly number[]>;
}

/** Topics as an adapter needs to know them. */
export interface TopicShape {
  readonly name: string;
  readonly partitions: number;
}

// ---------------------------------------------------------------- Store

/** Names one document. `kind` is the collection, `id` is unique in it. */
export interface DocumentRef {
  readonly kind: string;
  readonly id: string;
}

export interface StoredDocument extends DocumentRef {
  readonly body: Uint8Array;
}

/** A whole new content for one document. `body: null` leaves a tombstone: the document reads as absent and its late rewrites stay guarded. */
export interface DocumentWrite extends DocumentRef {
  readonly body: Uint8Array | null;
  /** The lists that this document is on after the write, e.g. `customer:cus_1`, each with the key it is sorted by there. Replaces the former ones. */
  readonly lists: readonly { readonly list: string; readonly sort: string }[];
}

/** Who commits: one processor's work on one partition. */
export interface PartitionId {
  readonly processor: string;
  readonly partition: number;
}

/** Small state that travels with the cursor: what the kernel itself must remember about a partition. */
export interface PartitionState {
  /** The offset of the next input to read. */
  readonly cursor: number;
  /** Last sequence given to an outgoing message of this partition. */
  readonly sequence: number;
  /** Latest time seen in an input, epoch milliseconds. Never goes back. */
  readonly timeMs: number;
  /** Per sending processor partition (`name/partition`): the last sequence taken from it. */
  readonly taken: Readonly<Record<string, number>>;
}

export interface TimerWrite {
  readonly id: string;
  /** Epoch milliseconds; `null` removes the timer. */
  readonly dueMs: number | null;
  /** What the timer says when it fires; opaque to the store. */
  readonly body: Uint8Array;
  /** The key under which `TimerFired` is appended. */
  readonly key: string;
}

export interface DueTimer {
  readonly id: string;
  readonly dueMs: number;
  readonly body: Uint8Array;
  readonly key: string;
}

/** All that one batch changes, committed as one; `UNIT_BYTES_MAX` at most. */
export interface Unit extends PartitionId {
  readonly epoch: number;
  /** The cursor that this unit was computed from; a commit on any other is refused. */
  readonly fromCursor: number;
  readonly state: PartitionState;
  readonly documents: readonly DocumentWrite[];
  readonly messages: readonly OutgoingRecord[];
  readonly timers: readonly TimerWrite[];
}

export interface Opened {
  readonly epoch: number;
  readonly state: PartitionState;
  /** Messages of the last committed unit. They may or may not have reached the log: the new owner appends them again, first. */
  readonly messages: readonly OutgoingRecord[];
}

export interface Page {
  readonly items: readonly StoredDocument[];
  /** Sort key of the last item, to go on behind it; null at the end. */
  readonly next: string | null;
}

export interface Store {
  /** Takes the partition: raises its epoch, which fences every former owner, finishes a half-applied unit. */
  open(partition: PartitionId): Promise<Opened>;
  /** `fenced`: somebody opened the partition since, or the cursor is not where the unit began; nothing was written. Rejects on an outage, when it is unknown; committing the same unit again settles it. */
  commit(unit: Unit): Promise<'committed' | 'fenced'>;
  /** The documents of one processor, in the order of `refs`; undefined where there is none or a tombstone. */
  load(processor: string, refs: readonly DocumentRef[]): Promise<readonly (StoredDocument | undefined)[]>;
  /** One page of a list, by ascending sort key behind `after`. */
  list(processor: string, list: string, after: string | null, limit: number): Promise<Page>;
  /** Timers of a partition that are due at `nowMs`, earliest first. */
  due(partition: PartitionId, nowMs: number, limit: number): Promise<readonly DueTimer[]>;
  /** The state as committed, for lag and for tests; undefined before the first open. */
  state(partition: PartitionId): Promise<PartitionState | undefined>;
}

// ---------------------------------------------------------------- Blobs, Keyring, Clock, Random

export interface Blobs {
  /** Keeps the bytes under the SHA-256 of the content; resolves to that hash in hex, once durable. Twice is the same as once. */
  put(bytes: Uint8Array): Promise<string>;
  /** Undefined where there is none; rejects where the bytes no longer match their hash. */
  get(hash: string): Promise<Uint8Array | undefined>;
  /** Replaces the small named value atomically (checkpoints, not content). */
  putNamed(name: string, bytes: Uint8Array): Promise<void>;
  getNamed(name: string): Promise<Uint8Array | undefined>;
}

/**
 * Keys of contacts, cases and customers. An id looks like `case:case_1`. Destroying a key is how data are erased:
 * what was sealed under it stays where it is and can never be read again.
 */
export interface Keyring {
  /** Makes the keys that do not exist yet, durably, and has all of them at hand for `seal` and `open`. A destroyed key is not made again: it stays destroyed. */
  ensure(keyIds: readonly string[]): Promise<void>;
  /** Has the keys at hand for `open`, as far as they exist. */
  fetch(keyIds: readonly string[]): Promise<void>;
  /** Seals with a key at hand (throws `KeyMissing` otherwise, with `code` key-missing and the `keyId`). AES-256-GCM; the result names algorithm, key id and nonce. `context` must be given again to open. */
  seal(keyId: string, plain: Uint8Array, context: string): Uint8Array;
  /** Undefined where the key is destroyed or was never made. Throws `SealBroken` where the bytes or the context were changed. */
  open(sealed: Uint8Array, context: string): Uint8Array | undefined;
  /** The key id that sealed bytes name, without opening them. */
  keyIdOf(sealed: Uint8Array): string;
  /** Destroys the key for good. */
  destroy(keyId: string): Promise<void>;
  /** Keyed hash (HMAC-SHA-256 under a key derived from the master key for `purpose`), hex. The same everywhere, for ever. */
  mac: Mac;
}

/** Keyed hash: hex of HMAC-SHA-256 over `text` under the sub-key named by `purpose`. */
export type Mac = (purpose: string, text: string) => string;

export interface Clock {
  nowMs(): number;
  /** Calls once after `delayMs`; returns a function that cancels. */
  after(delayMs: number, run: () => void): () => void;
}

/** Random bytes; seeded in simulation. */
export type Random = (bytes: number) => Uint8Array;

/** A stable text for "who am I in the logs", and the place where adapters and the kernel report what is not an error of a caller. Never receives protected values. */
export interface Reporter {
  info(event: string, detail?: Readonly<Record<string, unknown>>): void;
  warn(event: string, detail?: Readonly<Record<string, unknown>>): void;
  error(event: string, detail?: Readonly<Record<string, unknown>>): void;
}
