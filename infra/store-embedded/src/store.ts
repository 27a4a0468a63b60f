import type { Store, Unit } from '@throughline/kernel/ports';
import type { Database } from '@throughline/sqlite/database';
import { openDocuments } from './documents.ts';
import { type JournalEntry, openJournal } from './journal.ts';
import { openTimers } from './timers.ts';
import { packMessages, unitIdOf, unpackMessages } from './unit-bytes.ts';

const BEGINNING: JournalEntry = {
  epoch: 0,
  unitId: '',
  state: { cursor: 0, sequence: 0, timeMs: 0, taken: {} },
  messages: packMessages([]),
};

/**
 * The store in the embedded database: one transaction per commit, so a unit is never half applied. Everything read
 * back is checked; what is not as it was committed rejects with StoreCorrupt and is not used.
 */
export function createEmbeddedStore({ database }: { readonly database: Database }): Store {
  const journal = openJournal(database);
  const documents = openDocuments(database);
  const timers = openTimers(database);

  /** Compare-and-set on epoch and cursor; runs inside a transaction. */
  function apply(unit: Unit): 'committed' | 'fenced' {
    const current = journal.head(unit);
    if (current === undefined || current.epoch !== unit.epoch) return 'fenced';
    const messages = packMessages(unit.messages);
    const unitId = unitIdOf(unit, messages);
    // Its first answer was lost: the unit is in, and must not be applied on top of itself.
    if (current.unitId === unitId) return 'committed';
    if (current.state.cursor !== unit.fromCursor) return 'fenced';
    for (const document of unit.documents) documents.write(unit.processor, document);
    for (const timer of unit.timers) timers.write(unit, timer);
    journal.write(unit, { epoch: unit.epoch, unitId, state: unit.state, messages });
    return 'committed';
  }

  return {
    open: (partition) =>
      database.write(() => {
        const { epoch, ...last } = journal.read(partition) ?? BEGINNING;
        journal.write(partition, { ...last, epoch: epoch + 1 });
        return { epoch: epoch + 1, state: last.state, messages: unpackMessages(last.messages) };
      }),
    commit: (unit) => database.write(() => apply(unit)),
    load: async (processor, refs) => refs.map((ref) => documents.load(processor, ref)),
    list: async (processor, list, after, limit) => documents.list(processor, list, after, limit),
    due: async (partition, nowMs, limit) => timers.due(partition, nowMs, limit),
    state: async (partition) => journal.read(partition)?.state,
  };
}
