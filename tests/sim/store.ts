import { isDeepStrictEqual } from 'node:util';
import type {
  DocumentRef,
  DocumentWrite,
  DueTimer,
  Opened,
  Page,
  PartitionId,
  PartitionState,
  Store,
  StoredDocument,
  TimerWrite,
  Unit,
} from '@throughline/kernel/ports';

interface Journal {
  epoch: number;
  state: PartitionState;
  unit: Unit | undefined;
  readonly timers: Map<string, TimerWrite>;
}

/** Parts a sort key from the document, where a page ends among equal sort keys. */
const WITHIN = '\u0000';
const NEW: PartitionState = { cursor: 0, sequence: 0, timeMs: 0, taken: {} };
const nameOf = ({ processor, partition }: PartitionId): string => `${processor}/${partition}`;

/** A store in memory, without faults of its own. */
export class SimStore implements Store {
  readonly #journals = new Map<string, Journal>();
  readonly #documents = new Map<string, Map<string, DocumentWrite>>();

  async open(partition: PartitionId): Promise<Opened> {
    const name = nameOf(partition);
    const journal = this.#journals.get(name) ?? { epoch: 0, state: NEW, unit: undefined, timers: new Map() };
    this.#journals.set(name, journal);
    journal.epoch += 1;
    return { epoch: journal.epoch, state: journal.state, messages: journal.unit?.messages ?? [] };
  }

  async commit(unit: Unit): Promise<'committed' | 'fenced'> {
    const journal = this.#journals.get(nameOf(unit));
    if (journal === undefined || journal.epoch !== unit.epoch) return 'fenced';
    if (journal.unit?.epoch === unit.epoch && isDeepStrictEqual(journal.unit, unit)) return 'committed';
    if (journal.state.cursor !== unit.fromCursor) return 'fenced';
    journal.state = unit.state;
    journal.unit = unit;
    const documents = this.#of(unit.processor);
    for (const write of unit.documents) documents.set(keyOf(write), write);
    for (const timer of unit.timers) {
      if (timer.dueMs === null) journal.timers.delete(timer.id);
      else journal.timers.set(timer.id, timer);
    }
    return 'committed';
  }

  async load(processor: string, refs: readonly DocumentRef[]): Promise<readonly (StoredDocument | undefined)[]> {
    const documents = this.#of(processor);
    return refs.map((ref) => storedOf(documents.get(keyOf(ref))));
  }

  async list(processor: string, list: string, after: string | null, limit: number): Promise<Page> {
    const all = [...this.#of(processor).values()].flatMap((write) => {
      const sort = write.lists.find((each) => each.list === list)?.sort;
      const stored = storedOf(write);
      return sort === undefined || stored === undefined
        ? []
        : [{ sort, place: `${sort}${WITHIN}${keyOf(write)}`, stored }];
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
    const timers = [...(this.#journals.get(nameOf(partition))?.timers.values() ?? [])];
    return timers
      .flatMap(({ dueMs, ...timer }) => (dueMs !== null && dueMs <= nowMs ? [{ ...timer, dueMs }] : []))
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

  #of(processor: string): Map<string, DocumentWrite> {
    const found = this.#documents.get(processor) ?? new Map<string, DocumentWrite>();
    this.#documents.set(processor, found);
    return found;
  }
}

const keyOf = ({ kind, id }: DocumentRef): string => `${kind}/${id}`;

function storedOf(write: DocumentWrite | undefined): StoredDocument | undefined {
  return write === undefined || write.body === null ? undefined : { kind: write.kind, id: write.id, body: write.body };
}
