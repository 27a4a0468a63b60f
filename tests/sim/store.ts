import { isDeepStrictEqual } from 'node:util';
import type {
  DocumentRef,
  DocumentWrite,
  DueTimer,
  Opened,
  OutgoingRecord,
  Page,
  PartitionId,
  PartitionState,
  Store,
  StoredDocument,
  TimerWrite,
  Unit,
} from '@throughline/kernel/ports';
import type { Chance } from './chance.ts';
import { Kept } from './damage.ts';

/** Called within a commit: once its journal is changed and no row is, and once half of its rows are. */
export type Between = (step: 'journal' | 'row') => Promise<void>;

/** The unit that is the last one committed: what it changes, and its messages as they lie on the disk. */
interface LastUnit {
  readonly unit: Unit;
  readonly messages: readonly { readonly record: OutgoingRecord; readonly value: Kept }[];
}

interface Journal {
  epoch: number;
  /** How many units were committed: the position of what the last one wrote. */
  number: number;
  state: PartitionState;
  stateBytes: Kept;
  last: LastUnit | undefined;
  /** Whether all rows of the last unit are known to be written. */
  isWhole: boolean;
}

/** Which unit wrote a row last: later writes of that partition go through, earlier ones do not. */
interface Position {
  readonly partition: number;
  readonly number: number;
}

type DocumentRow = Position & { readonly write: DocumentWrite; readonly body: Kept | undefined };
type TimerRow = Position & { readonly timer: TimerWrite; readonly bytes: Kept };

/** Parts a sort key from the document, where a page ends among equal sort keys. */
const WITHIN = '\u0000';
const NEW: PartitionState = { cursor: 0, sequence: 0, timeMs: 0, taken: {} };
const nameOf = ({ processor, partition }: PartitionId): string => `${processor}/${partition}`;
const keptJson = (content: unknown): Kept => new Kept(Buffer.from(JSON.stringify(content)));
const goStraightOn: Between = async () => undefined;

/**
 * A store in memory that commits like the one in MongoDB: one change of the journal, then the rows one by one, each guarded by its
 * position, finished by whoever opens the partition. It has no faults of its own; `commit` may be halted between the two.
 */
export class SimStore implements Store {
  readonly #journals = new Map<string, Journal>();
  readonly #documents = new Map<string, Map<string, DocumentRow>>();
  readonly #timers = new Map<string, Map<string, TimerRow>>();
  readonly #mends = new Set<() => void>();

  async open(partition: PartitionId): Promise<Opened> {
    const name = nameOf(partition);
    const journal = this.#journals.get(name) ?? newJournal();
    journal.stateBytes.read(`the journal of ${name}`);
    const messages = journal.last?.messages.map(({ record, value }) => ({ ...record, value: value.read(name) })) ?? [];
    this.#journals.set(name, journal);
    journal.epoch += 1;
    await this.#writeRows(journal, goStraightOn);
    return { epoch: journal.epoch, state: journal.state, messages };
  }

  async commit(unit: Unit, between: Between = goStraightOn): Promise<'committed' | 'fenced'> {
    const journal = this.#journals.get(nameOf(unit));
    if (journal === undefined || journal.epoch !== unit.epoch) return 'fenced';
    journal.stateBytes.read(`the journal of ${nameOf(unit)}`);
    const isLast = journal.last?.unit.epoch === unit.epoch && isDeepStrictEqual(journal.last.unit, unit);
    if (!journal.isWhole) await this.#writeRows(journal, between);
    if (isLast) return 'committed';
    if (journal.epoch !== unit.epoch || journal.state.cursor !== unit.fromCursor) return 'fenced';
    journal.number += 1;
    journal.state = unit.state;
    journal.stateBytes = keptJson(unit.state);
    journal.last = { unit, messages: unit.messages.map((record) => ({ record, value: new Kept(record.value) })) };
    journal.isWhole = false;
    await this.#writeRows(journal, between);
    return 'committed';
  }

  async load(processor: string, refs: readonly DocumentRef[]): Promise<readonly (StoredDocument | undefined)[]> {
    const documents = this.#documents.get(processor);
    return refs.map((ref) => storedOf(documents?.get(keyOf(ref))));
  }

  async list(processor: string, list: string, after: string | null, limit: number): Promise<Page> {
    const all = [...(this.#documents.get(processor)?.values() ?? [])].flatMap((row) => {
      const sort = row.write.lists.find((each) => each.list === list)?.sort;
      const stored = sort === undefined ? undefined : storedOf(row);
      return sort === undefined || stored === undefined
        ? []
        : [{ sort, place: `${sort}${WITHIN}${keyOf(row.write)}`, stored }];
    });
    all.sort((left, right) => (left.place < right.place ? -1 : 1));
    // A bare sort key is behind all that share it; a place is behind that one document.
    const behind = all.filter(({ sort, place }) => after === null || (after.includes(WITHIN) ? place : sort) > after);
    const page = behind.slice(0, limit);
    const last = page.at(-1);
    const following = behind[limit];
    const next =
      last === undefined || following === undefined ? null : following.sort === last.sort ? last.place : last.sort;
    return { items: page.map(({ stored }) => stored), next };
  }

  async due(partition: PartitionId, nowMs: number, limit: number): Promise<readonly DueTimer[]> {
    const timers = [...(this.#timers.get(nameOf(partition))?.values() ?? [])];
    return timers
      .flatMap((row) => dueTimerOf(row, nowMs))
      .sort((left, right) => left.dueMs - right.dueMs)
      .slice(0, limit);
  }

  async state(partition: PartitionId): Promise<PartitionState | undefined> {
    return this.stateNow(partition);
  }

  /** As committed, at once, for the oracles. */
  stateNow(partition: PartitionId): PartitionState | undefined {
    return this.#journals.get(nameOf(partition))?.state;
  }

  /** No unit is half applied: whoever comes next would finish it. */
  get isWhole(): boolean {
    return [...this.#journals.values()].every((journal) => journal.isWhole);
  }

  /** The messages of the last units: whether all of them are in the log is for their owners, or those after them, to see to. */
  *lastMessages(): Iterable<OutgoingRecord> {
    for (const { last } of this.#journals.values()) yield* last?.unit.messages ?? [];
  }

  /** Every document as it lies in the store. */
  *documents(): Iterable<DocumentWrite> {
    for (const documents of this.#documents.values()) for (const { write } of documents.values()) yield write;
  }

  /** Turns over one bit of what is stored; the result puts it back. Undefined where there is nothing yet. */
  damage(chance: Chance): (() => void) | undefined {
    const inJournals = [...this.#journals.values()].flatMap(({ stateBytes, last }) => [
      stateBytes,
      ...(last?.messages.map(({ value }) => value) ?? []),
    ]);
    const rows = [...this.#documents.values()].flatMap((documents) => [...documents.values()]);
    const bodies = rows.flatMap(({ body }) => body ?? []);
    const timers = [...this.#timers.values()].flatMap((each) => [...each.values()].map(({ bytes }) => bytes));
    const kinds = [inJournals, bodies, timers].filter((kind) => kind.length > 0);
    const mend = chance.pick(chance.pick(kinds) ?? [])?.damage(chance);
    if (mend !== undefined) this.#mends.add(mend);
    return mend;
  }

  /** Puts back all that was damaged. */
  mend(): void {
    for (const mend of this.#mends) mend();
    this.#mends.clear();
  }

  /** Each row by itself, guarded, so that doing it again, late or twice changes nothing. */
  async #writeRows(journal: Journal, between: Between): Promise<void> {
    const unit = journal.last?.unit;
    const { number, epoch } = journal;
    if (unit !== undefined) {
      const { partition } = unit;
      const rows = [
        ...unit.documents.map((write) => () => this.#writeDocument(unit.processor, write, { partition, number })),
        ...unit.timers.map((timer) => () => this.#writeTimer(unit, timer, { partition, number })),
      ];
      if (rows.length > 0) await between('journal');
      for (const row of rows.slice(0, rows.length >>> 1)) row();
      if (rows.length > 0) await between('row');
      for (const row of rows.slice(rows.length >>> 1)) row();
    }
    if (journal.number === number && journal.epoch === epoch) journal.isWhole = true;
  }

  #writeDocument(processor: string, write: DocumentWrite, at: Position): void {
    const documents = this.#documents.get(processor) ?? new Map<string, DocumentRow>();
    this.#documents.set(processor, documents);
    const key = keyOf(write);
    if (isBehind(documents.get(key), at)) return;
    documents.set(key, { ...at, write, body: write.body === null ? undefined : new Kept(write.body) });
  }

  #writeTimer(partition: PartitionId, timer: TimerWrite, at: Position): void {
    const name = nameOf(partition);
    const timers = this.#timers.get(name) ?? new Map<string, TimerRow>();
    this.#timers.set(name, timers);
    if (isBehind(timers.get(timer.id), at)) return;
    timers.set(timer.id, { ...at, timer, bytes: keptJson([timer.id, timer.dueMs, timer.key]) });
  }
}

const newJournal = (): Journal => ({
  epoch: 0,
  number: 0,
  state: NEW,
  stateBytes: keptJson(NEW),
  last: undefined,
  isWhole: true,
});

/** Numbers are counted by partition, so they say nothing about a row that another partition wrote last. */
const isBehind = (row: Position | undefined, at: Position): boolean =>
  row !== undefined && row.partition === at.partition && row.number > at.number;

const keyOf = ({ kind, id }: DocumentRef): string => `${kind}/${id}`;

function storedOf(row: DocumentRow | undefined): StoredDocument | undefined {
  if (row?.body === undefined) return undefined;
  const { kind, id } = row.write;
  return { kind, id, body: row.body.read(`the document ${kind}/${id}`) };
}

function dueTimerOf({ timer, bytes }: TimerRow, nowMs: number): readonly DueTimer[] {
  const { dueMs, ...rest } = timer;
  if (dueMs === null || dueMs > nowMs) return [];
  bytes.read(`the timer ${timer.id}`);
  return [{ ...rest, dueMs }];
}
