import type { Store, TimerWrite } from '@throughline/kernel/ports';
import { expect } from 'chai';
import { PARTITION, textAt, unit, writeOf } from './store.ts';
import { bytesOf, textOf } from './waiting.ts';

const LIST = 'customer:cus_1';
const on = (sort: string, list = LIST) => [{ list, sort }];

async function idsOf(store: Store, list = LIST): Promise<readonly string[]> {
  const { items } = await store.list(PARTITION.processor, list, null, 100);
  return items.map(({ id }) => id);
}

/** The laws of lists: a document is on exactly the lists that its last write names. */
export function declareListLaws(store: () => Store): void {
  it('lists documents by their sort key, with their content', async () => {
    const { epoch } = await store().open(PARTITION);
    const documents = [writeOf('c', 'C', on('3')), writeOf('a', 'A', on('1')), writeOf('b', 'B', on('2'))];
    await store().commit(unit(epoch, 0, { documents }));
    const { items, next } = await store().list(PARTITION.processor, LIST, null, 10);
    expect(items.map(({ kind, id, body }) => [kind, id, textOf(body)])).to.deep.equal([
      ['case', 'a', 'A'],
      ['case', 'b', 'B'],
      ['case', 'c', 'C'],
    ]);
    expect(next).to.equal(null);
  });

  it('pages through a list without gap or repetition, also where sort keys are equal', async () => {
    const { epoch } = await store().open(PARTITION);
    const ids = Array.from({ length: 11 }, (_, index) => `case_${String(index).padStart(2, '0')}`);
    const documents = ids.map((id, index) => writeOf(id, id, on(index < 4 ? `0${index}` : index < 8 ? '1' : `2${id}`)));
    await store().commit(unit(epoch, 0, { documents }));
    const seen: string[] = [];
    for (let after: string | null = null, pages = 0; pages < 20; pages += 1) {
      const page = await store().list(PARTITION.processor, LIST, after, 3);
      expect(page.items.length).to.be.within(1, 3);
      seen.push(...page.items.map(({ id }) => id));
      after = page.next;
      if (after === null) break;
    }
    expect(seen).to.deep.equal(ids);
  });

  it('names the sort key of the last item as the place to go on', async () => {
    const { epoch } = await store().open(PARTITION);
    const documents = ['1', '2', '3'].map((sort) => writeOf(`case_${sort}`, sort, on(sort)));
    await store().commit(unit(epoch, 0, { documents }));
    const { next } = await store().list(PARTITION.processor, LIST, null, 2);
    expect(next).to.equal('2');
    const behind = await store().list(PARTITION.processor, LIST, '1', 10);
    expect(behind.items.map(({ id }) => id)).to.deep.equal(['case_2', 'case_3']);
  });

  it('moves a document when a write names other lists or another sort key', async () => {
    const { epoch } = await store().open(PARTITION);
    const both = [...on('1'), ...on('9', 'status:open')];
    await store().commit(unit(epoch, 0, { documents: [writeOf('a', 'A', both), writeOf('b', 'B', on('2'))] }));
    await store().commit(unit(epoch, 1, { documents: [writeOf('a', 'A2', on('3'))] }));
    expect(await idsOf(store())).to.deep.equal(['b', 'a']);
    expect(await idsOf(store(), 'status:open')).to.deep.equal([]);
    const { items } = await store().list(PARTITION.processor, LIST, '2', 10);
    expect(items.map(({ body }) => textOf(body))).to.deep.equal(['A2']);
  });

  it('takes a tombstone off every list', async () => {
    const { epoch } = await store().open(PARTITION);
    await store().commit(unit(epoch, 0, { documents: [writeOf('a', 'A', on('1')), writeOf('b', 'B', on('2'))] }));
    await store().commit(unit(epoch, 1, { documents: [writeOf('a', null)] }));
    expect(await idsOf(store())).to.deep.equal(['b']);
  });

  it('has an empty page for a list that nobody is on', async () => {
    expect(await store().list(PARTITION.processor, 'nobody', null, 10)).to.deep.equal({ items: [], next: null });
  });

  it('counts the last of two writes of one document in a unit', async () => {
    const { epoch } = await store().open(PARTITION);
    await store().commit(unit(epoch, 0, { documents: [writeOf('a', 'A', on('1')), writeOf('a', 'A2', on('2'))] }));
    expect(await textAt(store(), 'a')).to.equal('A2');
    expect(await idsOf(store())).to.deep.equal(['a']);
  });
}

const AT_MS = 1_764_000_000_000;

function timer(id: string, dueMs: number | null): TimerWrite {
  return { id, dueMs, key: `key of ${id}`, body: bytesOf(`body of ${id}`) };
}

/** The laws of timers. */
export function declareTimerLaws(store: () => Store): void {
  const dueIds = async (nowMs: number, limit = 10): Promise<readonly string[]> =>
    (await store().due(PARTITION, nowMs, limit)).map(({ id }) => id);

  it('has due timers earliest first, at most so many, and none that is not due', async () => {
    const { epoch } = await store().open(PARTITION);
    const timers = [timer('late', AT_MS + 30), timer('first', AT_MS + 10), timer('second', AT_MS + 20)];
    await store().commit(unit(epoch, 0, { timers }));
    expect(await dueIds(AT_MS + 9)).to.deep.equal([]);
    expect(await dueIds(AT_MS + 20)).to.deep.equal(['first', 'second']);
    expect(await dueIds(AT_MS + 99, 2)).to.deep.equal(['first', 'second']);
  });

  it('gives a timer back as it was set', async () => {
    const { epoch } = await store().open(PARTITION);
    await store().commit(unit(epoch, 0, { timers: [timer('t', AT_MS)] }));
    const [due] = await store().due(PARTITION, AT_MS, 10);
    expect(due && { ...due, body: textOf(due.body) }).to.deep.equal({
      id: 't',
      dueMs: AT_MS,
      key: 'key of t',
      body: 'body of t',
    });
  });

  it('moves a timer that is set again and forgets one that is removed', async () => {
    const { epoch } = await store().open(PARTITION);
    await store().commit(unit(epoch, 0, { timers: [timer('moved', AT_MS), timer('removed', AT_MS)] }));
    await store().commit(unit(epoch, 1, { timers: [timer('moved', AT_MS + 50), timer('removed', null)] }));
    expect(await dueIds(AT_MS + 49)).to.deep.equal([]);
    expect(await dueIds(AT_MS + 50)).to.deep.equal(['moved']);
  });

  it('keeps the timers of two partitions apart', async () => {
    const other = { ...PARTITION, partition: 4 };
    const mine = await store().open(PARTITION);
    const theirs = await store().open(other);
    await store().commit(unit(mine.epoch, 0, { timers: [timer('t', AT_MS)] }));
    await store().commit(unit(theirs.epoch, 0, { ...other, timers: [timer('t', null)] }));
    expect(await dueIds(AT_MS)).to.deep.equal(['t']);
    expect(await store().due(other, AT_MS, 10)).to.deep.equal([]);
  });
}
