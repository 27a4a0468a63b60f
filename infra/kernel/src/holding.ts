import type { LogRecord, OutgoingRecord, Store } from './ports.ts';
import type { Write } from './processor.ts';

/** Where copies of records that could not be handled go, for people. */
export const parkedTopicOf = (topic: string): string => `${topic}.parked.v1`;

/** A record that could not be handled, or that waits behind one. Kept as it came, so its protected fields stay sealed. */
export interface HeldRecord {
  readonly subject: string;
  /** Why; for those behind it `behind`. Holds no protected value. */
  readonly reason: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly valueBase64: string;
  readonly heldMs: number;
}

export const HELD = 'kernel-held';
/** List of all held records of a processor. */
export const HELD_ALL = 'held';
const listOfSubject = (subject: string): string => `held:${subject}`;
const listOfPartition = (partition: number): string => `held-partition:${partition}`;

/** Held records of one subject that one redrive takes, and their bytes, as what follows from them has to fit a unit; more ask for another. */
const REDRIVE_MAX = 100;
const REDRIVE_BYTES_MAX = 1_000_000;
const PAGE = 500;

const pad = (offset: number): string => String(offset).padStart(16, '0');
const idOf = (partition: number, offset: number): string => `${partition}/${pad(offset)}`;

export function holdWrite(record: LogRecord, subject: string, reason: string, heldMs: number): Write {
  const content: HeldRecord = {
    subject,
    reason,
    topic: record.topic,
    partition: record.partition,
    offset: record.offset,
    key: record.key,
    headers: record.headers,
    valueBase64: Buffer.from(record.value).toString('base64'),
    heldMs,
  };
  const sort = idOf(record.partition, record.offset);
  return {
    kind: HELD,
    id: sort,
    content,
    lists: [HELD_ALL, listOfSubject(subject), listOfPartition(record.partition)].map((list) => ({ list, sort })),
  };
}

export const releaseWrite = (record: LogRecord): Write => ({
  kind: HELD,
  id: idOf(record.partition, record.offset),
  content: null,
});

/** The copy for people: as it came, with where and why in the headers. */
export const parkedCopy = (record: LogRecord, reason: string): OutgoingRecord => ({
  topic: parkedTopicOf(record.topic),
  key: record.key,
  headers: {
    ...record.headers,
    parked_reason: reason,
    parked_partition: String(record.partition),
    parked_offset: String(record.offset),
  },
  value: record.value,
});

const recordOf = (held: HeldRecord): LogRecord => ({
  topic: held.topic,
  partition: held.partition,
  offset: held.offset,
  key: held.key,
  headers: held.headers,
  value: Buffer.from(held.valueBase64, 'base64'),
});

async function* pages(store: Store, processor: string, list: string): AsyncGenerator<HeldRecord> {
  let after: string | null = null;
  do {
    const page = await store.list(processor, list, after, PAGE);
    for (const item of page.items) yield JSON.parse(Buffer.from(item.body.subarray(1)).toString('utf8')) as HeldRecord;
    after = page.next;
  } while (after !== null);
}

/** The subjects that are held in a partition: read once when it is opened. */
export async function heldSubjects(store: Store, processor: string, partition: number): Promise<Set<string>> {
  const subjects = new Set<string>();
  for await (const held of pages(store, processor, listOfPartition(partition))) subjects.add(held.subject);
  return subjects;
}

/** What is held of a subject in this partition, in order, as much as one redrive takes; `more`: something is left. */
export async function heldRecords(
  store: Store,
  processor: string,
  partition: number,
  subject: string,
): Promise<{ readonly records: readonly LogRecord[]; readonly more: boolean }> {
  const records: LogRecord[] = [];
  let bytes = 0;
  for await (const held of pages(store, processor, listOfSubject(subject))) {
    if (held.partition !== partition) continue;
    const record = recordOf(held);
    bytes += record.value.length;
    const isFull = records.length === REDRIVE_MAX || bytes > REDRIVE_BYTES_MAX;
    if (isFull && records.length > 0) return { records, more: true };
    records.push(record);
  }
  return { records, more: false };
}
