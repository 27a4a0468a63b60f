import { crc32 } from 'node:zlib';
import type { PartitionId, PartitionState } from '@throughline/kernel/ports';
import type { Database } from '@throughline/sqlite/database';
import { StoreCorrupt } from './refusals.ts';

/** Who owns a partition of a processor, and where it is. */
export interface JournalHead {
  readonly epoch: number;
  /** Name of the last committed unit; empty before the first. */
  readonly unitId: string;
  readonly state: PartitionState;
}

export interface JournalEntry extends JournalHead {
  /** Messages of the last committed unit, packed. */
  readonly messages: Uint8Array;
}

/** One row per partition of a processor. Synchronous: `write` runs inside its caller's transaction. */
export interface Journal {
  /** @throws StoreCorrupt where the row is not what was committed. */
  read(partition: PartitionId): JournalEntry | undefined;
  /**
   * What a commit compares with. Not checked, which would take reading the messages: whoever commits has read them when it
   * opened the partition, and since then nobody else has written the file.
   */
  head(partition: PartitionId): JournalHead | undefined;
  write(partition: PartitionId, entry: JournalEntry): void;
}

const TABLE = `CREATE TABLE IF NOT EXISTS store_journal (
  processor TEXT NOT NULL,
  partition INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  unit_id TEXT NOT NULL,
  state TEXT NOT NULL,
  messages BLOB NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (processor, partition)
) STRICT`;

interface HeadRow {
  readonly epoch: number;
  readonly unit_id: string;
  readonly state: string;
}

interface JournalRow extends HeadRow {
  readonly messages: Uint8Array;
  readonly checksum: number;
}

export function openJournal({ connection }: Database): Journal {
  connection.exec(TABLE);
  const find = connection.prepare<[string, number], JournalRow>(
    'SELECT epoch, unit_id, state, messages, checksum FROM store_journal WHERE processor = ? AND partition = ?',
  );
  const findHead = connection.prepare<[string, number], HeadRow>(
    'SELECT epoch, unit_id, state FROM store_journal WHERE processor = ? AND partition = ?',
  );
  const put = connection.prepare<[string, number, number, string, string, Uint8Array, number]>(
    `INSERT INTO store_journal VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
     SET epoch = excluded.epoch, unit_id = excluded.unit_id, state = excluded.state,
         messages = excluded.messages, checksum = excluded.checksum`,
  );
  return {
    read: (at) => {
      const row = find.get(at.processor, at.partition);
      if (row === undefined) return undefined;
      if (checksumOf(at, row) !== row.checksum) {
        throw new StoreCorrupt(`journal of ${at.processor}, partition ${at.partition}`);
      }
      return { ...headOf(row), messages: row.messages };
    },
    head: (at) => {
      const row = findHead.get(at.processor, at.partition);
      return row && headOf(row);
    },
    write: (at, { epoch, unitId, state, messages }) => {
      const row = { epoch, unit_id: unitId, state: JSON.stringify(state), messages };
      put.run(at.processor, at.partition, epoch, unitId, row.state, row.messages, checksumOf(at, row));
    },
  };
}

/** What is in a row is what `write` wrote. */
const headOf = ({ epoch, unit_id: unitId, state }: HeadRow): JournalHead => ({
  epoch,
  unitId,
  state: JSON.parse(state) as PartitionState,
});

function checksumOf({ processor, partition }: PartitionId, row: Omit<JournalRow, 'checksum'>): number {
  return crc32(row.messages, crc32(JSON.stringify([processor, partition, row.epoch, row.unit_id, row.state])));
}
