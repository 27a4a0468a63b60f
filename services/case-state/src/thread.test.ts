import type { Reader } from '@throughline/kernel/reader';
import { expect } from 'chai';
import { type CaseHead, entryRef } from './documents.ts';
import { CASE, joined, Story, said } from './specification.ts';
import { readThread } from './thread.ts';

/** A case with so many entries, numbered from 1, behind the provisional case `case_0` with three of its own. */
function written(entries: number, erased: readonly number[] = []) {
  const story = new Story().when('ContactJoined', joined()).when('CustomerSaid', said('Hello'));
  const head: CaseHead = { ...story.head(), version: entries, segments: ['case_0'] };
  const documents = new Map<string, unknown>([['case case_0', { ...head, caseId: 'case_0', version: 3 }]]);
  const write = (caseId: string, last: number) => {
    for (let number = 1; number <= last; number += 1) {
      const { kind, id } = entryRef(caseId, number);
      const entry = { caseId, number, type: 'CaseOpened', atMs: 0, channel: null, contactId: null, body: {} };
      documents.set(`${kind} ${id}`, entry);
    }
  };
  write('case_0', 3);
  write(CASE, entries);
  for (const number of erased) documents.delete(`entry ${entryRef(CASE, number).id}`);
  let atOnce = 0;
  let reading = 0;
  const reader = {
    get: async (kind: string, id: string) => {
      reading += 1;
      atOnce = Math.max(atOnce, reading);
      await Promise.resolve();
      reading -= 1;
      return documents.get(`${kind} ${id}`);
    },
  } as unknown as Reader;
  const page = async (after: string | null, limit: number) => {
    const read = await readThread(reader, head, after, limit);
    return read && { next: read.next, items: read.items.map((one) => `${one.segmentOf ?? CASE}:${one.number}`) };
  };
  return { page, atOnce: () => atOnce };
}

const numbered = (caseId: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `${caseId}:${from + index}`);

describe('a page of a thread', () => {
  it('begins with the provisional case that is continued here, and ends with the newest entry', async () => {
    const items = [...numbered('case_0', 1, 3), ...numbered(CASE, 1, 4)];
    expect(await written(4).page(null, 10)).to.deep.equal({ items, next: null });
    expect(await written(4).page(null, 7)).to.deep.equal({ items, next: null });
  });

  it('ends where it is full, and goes on from there, also from one case into the next', async () => {
    const { page } = written(12);
    const first = await page(null, 2);
    expect(first).to.deep.equal({ items: numbered('case_0', 1, 2), next: 'case_0:2' });
    const second = await page('case_0:2', 3);
    expect(second).to.deep.equal({ items: ['case_0:3', ...numbered(CASE, 1, 2)], next: `${CASE}:2` });
    expect(await page(`${CASE}:2`, 8)).to.deep.equal({ items: numbered(CASE, 3, 10), next: `${CASE}:10` });
    expect(await page(`${CASE}:10`, 8)).to.deep.equal({ items: numbered(CASE, 11, 12), next: null });
  });

  it('goes on in the next case where it is full at the end of one', async () => {
    expect(await written(2).page(null, 3)).to.deep.equal({ items: numbered('case_0', 1, 3), next: 'case_0:3' });
    expect(await written(2).page('case_0:3', 3)).to.deep.equal({ items: numbered(CASE, 1, 2), next: null });
  });

  it('leaves out what is erased, and is as long as it was asked to be', async () => {
    const { page } = written(6, [2]);
    expect(await page(`${CASE}:0`, 3)).to.deep.equal({
      items: [`${CASE}:1`, `${CASE}:3`, `${CASE}:4`],
      next: `${CASE}:4`,
    });
  });

  it('reads no more than fifty entries at the same time', async () => {
    const { page, atOnce } = written(130);
    const read = await page(`${CASE}:0`, 120);
    expect(read).to.deep.equal({ items: numbered(CASE, 1, 120), next: `${CASE}:120` });
    expect(atOnce()).to.equal(50);
  });

  it('is none where the position is not of this thread', async () => {
    const { page } = written(4);
    for (const after of ['case_9:1', CASE, `${CASE}:`, `${CASE}:x`, `${CASE}:1 and more`, '', ':1'])
      expect(await page(after, 10), after).to.equal(undefined);
  });
});
