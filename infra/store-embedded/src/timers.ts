import { crc32 } from 'node:zlib';
import type { DueTimer, PartitionId, TimerWrite } from '@throughline/kernel/ports';
import type { Database } from '@throughline/sqlite/database';
import { StoreCorrupt } from './refusals.ts';

/** The rows of timers. Synchronous: `write` runs inside its caller's transaction. */
export interface Timers {
  write(partition: PartitionId, timer: TimerWrite): void;
  /** @throws StoreCorrupt where a due timer is not what was committed. */
  due(partition: PartitionId, nowMs: number, limit: number): readonly DueTimer[];
}

const TABLES = `
CREATE TABLE IF NOT EXISTS store_timers (
  processor TEXT NOT NULL,
  partition INTEGER NOT NULL,
  id TEXT NOT NULL,
  due_ms INTEGER NOT NULL,
  key TEXT NOT NULL,
  body BLOB NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (processor, partition, id)
) STRICT;
CREATE INDEX IF NOT EXISTS store_timers_by_due ON store_timers (processor, partition, due_ms, id);`;

interface TimerRow {
  readonly id: string;
  readonly due_ms: number;
  readonly key: string;
  readonly body: Uint8Array;
  readonly checksum: number;
}

export function openTimers({ connection }: Database): Timers {
  connection.exec(TABLES);
  const remove = connection.prepare<[string, number, string]>(
    'DELETE FROM store_timers WHERE processor = ? AND partition = ? AND id = ?',
  );
  const put = connection.prepare<[string, number, string, number, string, Uint8Array, number]>(
    `INSERT INTO store_timers VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
     SET due_ms = excluded.due_ms, key = excluded.key, body = excluded.body, checksum = excluded.checksum`,
  );
  const find = connection.prepare<[string, number, number, number], TimerRow>(
    `SELECT id, due_ms, key, body, checksum FROM store_timers
     WHERE processor = ? AND partition = ? AND due_ms <= ? ORDER BY due_ms, id LIMIT ?`,
  );

  function timerFrom(at: PartitionId, row: TimerRow): DueTimer {
    const timer: DueTimer = { id: row.id, dueMs: row.due_ms, key: row.key, body: row.body };
    if (checksumOf(at, timer) !== row.checksum) {
      throw new StoreCorrupt(`timer ${row.id} of ${at.processor}, partition ${at.partition}`);
    }
    return timer;
  }

  return {
    write: (at, { id, dueMs, key, body }) => {
      if (dueMs === null) remove.run(at.processor, at.partition, id);
      else put.run(at.processor, at.partition, id, dueMs, key, body, checksumOf(at, { id, dueMs, key, body }));
    },
    due: (at, nowMs, limit) => find.all(at.processor, at.partition, nowMs, limit).map((row) => timerFrom(at, row)),
  };
}

function checksumOf({ processor, partition }: PartitionId, { id, dueMs, key, body }: DueTimer): number {
  return crc32(body, crc32(JSON.stringify([processor, partition, id, dueMs, key])));
}
