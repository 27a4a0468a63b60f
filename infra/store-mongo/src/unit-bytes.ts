import { createHash } from 'node:crypto';
import type { DocumentWrite, OutgoingRecord, TimerWrite, Unit } from '@throughline/kernel/ports';
import { UNIT_BYTES_MAX, unitBytes } from '@throughline/kernel/unit-size';
import { mongo } from 'mongoose';
import { StoredUnitUnreadable, UnitTooLarge } from './refusals.ts';

/** What of a unit is kept until the next one: all that it changes and says. */
export interface UnitContents {
  readonly documents: readonly DocumentWrite[];
  readonly messages: readonly OutgoingRecord[];
  readonly timers: readonly TimerWrite[];
}

export interface PackedUnit {
  /** Names the unit by all that it says: two units with one name change the same things in the same way. Hex of SHA-256. */
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** @throws UnitTooLarge */
export function packUnit(unit: Unit): PackedUnit {
  const size = unitBytes(unit);
  if (size > UNIT_BYTES_MAX) throw new UnitTooLarge(unit, size);
  const bytes = mongo.BSON.serialize({
    documents: unit.documents.map(({ kind, id, body, lists }) => ({ kind, id, body, lists })),
    messages: unit.messages.map(({ topic, key, headers, value }) => ({ topic, key, headers, value })),
    timers: unit.timers.map(({ id, dueMs, body, key }) => ({ id, dueMs, body, key })),
  });
  const place = JSON.stringify([unit.processor, unit.partition, unit.epoch, unit.fromCursor, unit.state]);
  return { id: createHash('sha256').update(place).update(bytes).digest('hex'), bytes };
}

/** The reverse of `packUnit`. @throws StoredUnitUnreadable */
export function unpackUnit(bytes: Uint8Array, journalId: string): UnitContents {
  try {
    // What a journal holds is what `packUnit` wrote.
    return mongo.BSON.deserialize(bytes, { promoteBuffers: true }) as UnitContents;
  } catch {
    throw new StoredUnitUnreadable(journalId);
  }
}
