import type {
  DocumentRef,
  DocumentWrite,
  DueTimer,
  PartitionId,
  StoredDocument,
  TimerWrite,
} from '@throughline/kernel/ports';
import type { mongo } from 'mongoose';
import type { StoredRow } from './models.ts';
import type { UnitContents } from './unit-bytes.ts';

type RowWrite = mongo.AnyBulkWriteOperation<StoredRow>;

/** What of a unit becomes rows. */
export type UnitWrites = Pick<UnitContents, 'documents' | 'timers'>;

/** Which unit writes: its partition, and its number there. */
export interface Position {
  readonly partition: number;
  readonly number: number;
}

/**
 * What a unit does to its processor's rows. Each write goes through only where its own partition has written nothing
 * later, so doing all of it again, late or twice, changes nothing.
 */
export function rowWrites({ documents, timers }: UnitWrites, at: Position): RowWrite[] {
  // In one unit the last write of a row counts; the server takes them in any order.
  const last = new Map<string, RowWrite>();
  for (const document of documents) last.set(rowIdOf(document), documentWrite(document, at));
  for (const timer of timers) last.set(timerRowIdOf(at.partition, timer.id), timerWrite(timer, at));
  return [...last.values()];
}

/** A kind's name cannot hold the slash behind it, nor the colon of a timer's. */
export const rowIdOf = ({ kind, id }: DocumentRef): string => `${encodeURIComponent(kind)}/${id}`;

export function documentFrom({ _id, body }: Pick<StoredRow, '_id' | 'body'>): StoredDocument | undefined {
  const slash = _id.indexOf('/');
  return body && { kind: decodeURIComponent(_id.slice(0, slash)), id: _id.slice(slash + 1), body };
}

const timerRowIdOf = (partition: number, id: string): string => `timer:${partition}/${id}`;

export function dueTimerFrom({ _id, timer }: StoredRow, { partition }: PartitionId): readonly DueTimer[] {
  if (timer === undefined) return [];
  const { dueMs, key, body } = timer;
  return [{ id: _id.slice(timerRowIdOf(partition, '').length), dueMs, key, body }];
}

function documentWrite(write: DocumentWrite, at: Position): RowWrite {
  const _id = rowIdOf(write);
  if (write.body === null) return tombstone(_id, at);
  const lists = Object.fromEntries(write.lists.map(({ list, sort }) => [fieldOf(list), placeOf(sort, _id)]));
  return replacement(_id, at, { body: write.body, ...(write.lists.length === 0 ? {} : { lists }) });
}

function timerWrite({ id, dueMs, key, body }: TimerWrite, at: Position): RowWrite {
  const _id = timerRowIdOf(at.partition, id);
  if (dueMs === null) return tombstone(_id, at);
  return replacement(_id, at, { timer: { partition: at.partition, dueMs, key, body } });
}

/** Numbers are counted by partition, so they say nothing about a row that another partition wrote last. */
const guard = (_id: string, { partition, number }: Position) => ({
  _id,
  $or: [{ number: { $lt: number } }, { partition: { $ne: partition } }],
});

const replacement = (_id: string, at: Position, content: Pick<StoredRow, 'body' | 'lists' | 'timer'>): RowWrite => ({
  replaceOne: { filter: guard(_id, at), replacement: { ...at, ...content }, upsert: true },
});

const tombstone = (_id: string, { partition, number }: Position): RowWrite => ({
  updateOne: {
    filter: guard(_id, { partition, number }),
    update: {
      $set: { partition, number },
      $unset: { body: true, lists: true, timer: true },
      $currentDate: { goneAt: true },
    },
    upsert: true,
  },
});

/** In the middle of documents with one sort key the sort key alone does not say where a page ended; the row does. */
const TIE = '\u0000';

const placeOf = (sort: string, rowId: string): string => `${sort}${TIE}${rowId}`;

/** The field of a list, in `lists`. A dot would lead into another field. */
export const fieldOf = (list: string): string => encodeURIComponent(list).replaceAll('.', '%2E');

/** Places behind `after`, which is a sort key, or a place where the page ended in the middle of equal ones. */
export function behind(after: string | null): { readonly $gt: string } | { readonly $gte: string } {
  if (after === null) return { $gte: '' };
  return after.includes(TIE) ? { $gt: after } : { $gte: `${after}\u0001` };
}

/** How to go on behind `last`: by its sort key, unless `following` has the same. */
export function nextPlace(last: string | undefined, following: string | undefined): string | null {
  if (last === undefined || following === undefined) return null;
  const sort = sortOf(last);
  return sortOf(following) === sort ? last : sort;
}

const sortOf = (place: string): string => place.slice(0, place.indexOf(TIE));
