import type { Reader } from '@throughline/kernel/reader';
import { type CaseHead, type EntryDocument, entryRef } from './documents.ts';
import { entryView } from './view.ts';

export interface ThreadPage {
  readonly items: readonly Readonly<Record<string, unknown>>[];
  /** Position of the last item, or null at the end. */
  readonly next: string | null;
}

/** How many entries are read at the same time. */
const AT_ONCE = 50;
const POSITION = /^(.+):(\d{1,15})$/;

/**
 * One page of a case's thread, oldest first: the provisional cases that are continued in it come before its own entries.
 * @param after position of the last item that the reader has, such as `case_1:12`; null for the beginning
 * @returns undefined where `after` is no position of this thread
 */
export async function readThread(
  reader: Reader,
  head: CaseHead,
  after: string | null,
  limit: number,
): Promise<ThreadPage | undefined> {
  const parts = [...head.segments, head.caseId];
  const [, fromPart = '', fromNumber = ''] = POSITION.exec(after ?? `${parts[0]}:0`) ?? [];
  if (!parts.includes(fromPart)) return undefined;
  const items: Readonly<Record<string, unknown>>[] = [];
  let number = Number(fromNumber);
  for (const part of parts.slice(parts.indexOf(fromPart))) {
    const end = part === head.caseId ? head.version : ((await reader.get<CaseHead>('case', part))?.version ?? 0);
    while (number < end && items.length < limit) {
      const last = Math.min(end, number + AT_ONCE, number + limit - items.length);
      const entries = await readEntries(reader, part, number, last);
      items.push(...entries.map((entry) => entryView(entry, head.caseId)));
      number = last;
    }
    if (items.length >= limit) return { items, next: isEnd(head, part, number) ? null : `${part}:${number}` };
    number = 0;
  }
  return { items, next: null };
}

const isEnd = (head: CaseHead, part: string, number: number): boolean => part === head.caseId && number >= head.version;

/** Entries behind one number up to another; what is erased is left out. */
async function readEntries(reader: Reader, caseId: string, behind: number, last: number): Promise<EntryDocument[]> {
  const numbers = Array.from({ length: last - behind }, (_, index) => behind + index + 1);
  const read = await Promise.all(
    numbers.map((number) => {
      const { kind, id } = entryRef(caseId, number);
      return reader.get<EntryDocument>(kind, id);
    }),
  );
  return read.filter((entry) => entry !== undefined);
}
