import { expect } from 'chai';
import { heldRecords, heldSubjects, holdWrite, parkedCopy, releaseWrite } from './holding.ts';
import type { LogRecord, Store } from './ports.ts';

const record = (offset: number, extra: Partial<LogRecord> = {}): LogRecord => ({
  topic: 'in.v1',
  key: 'case_1',
  headers: { ce_type: 'Add' },
  value: Buffer.from('value'),
  partition: 3,
  offset,
  ...extra,
});

/** A list of held records, two on a page. */
function holding(records: readonly (readonly [LogRecord, string])[]): { store: Store; lists: string[] } {
  const lists: string[] = [];
  const items = records.map(([each, subject]) => {
    const { kind, id, content } = holdWrite(each, subject, 'why', 1);
    return { kind, id, body: Buffer.concat([Buffer.from([0]), Buffer.from(JSON.stringify(content))]) };
  });
  const list = async (_processor: string, name: string, after: string | null) => {
    lists.push(name);
    const from = after === null ? 0 : Number(after);
    return { items: items.slice(from, from + 2), next: from + 2 < items.length ? String(from + 2) : null };
  };
  return { store: { list } as unknown as Store, lists };
}

describe('a held record', () => {
  it('is kept as it came, on the lists of all, of its subject and of its partition, in the order of the log', () => {
    expect(holdWrite(record(12), 'ctc_1', 'it is garbage', 5)).to.deep.equal({
      kind: 'kernel-held',
      id: '3/0000000000000012',
      content: {
        subject: 'ctc_1',
        reason: 'it is garbage',
        topic: 'in.v1',
        partition: 3,
        offset: 12,
        key: 'case_1',
        headers: { ce_type: 'Add' },
        valueBase64: 'dmFsdWU=',
        heldMs: 5,
      },
      lists: ['held', 'held:ctc_1', 'held-partition:3'].map((list) => ({ list, sort: '3/0000000000000012' })),
    });
  });

  it('is let go under the same id', () => {
    expect(releaseWrite(record(12))).to.deep.equal({ kind: 'kernel-held', id: '3/0000000000000012', content: null });
  });

  it('is copied for people with where and why', () => {
    expect(parkedCopy(record(12), 'it is garbage')).to.deep.equal({
      topic: 'in.v1.parked.v1',
      key: 'case_1',
      headers: { ce_type: 'Add', parked_reason: 'it is garbage', parked_partition: '3', parked_offset: '12' },
      value: Buffer.from('value'),
    });
  });

  it('says whose subject is held in a partition, over all pages', async () => {
    const { store, lists } = holding([
      [record(1), 'a'],
      [record(2), 'b'],
      [record(3), 'a'],
      [record(4), 'c'],
      [record(5), 'd'],
    ]);
    expect([...(await heldSubjects(store, 'sums', 3))]).to.deep.equal(['a', 'b', 'c', 'd']);
    expect(new Set(lists)).to.deep.equal(new Set(['held-partition:3']));
  });

  it('comes back as it was, of this partition alone', async () => {
    const { store, lists } = holding([
      [record(1), 'a'],
      [record(2, { partition: 4 }), 'a'],
      [record(3), 'a'],
    ]);
    expect(await heldRecords(store, 'sums', 3, 'a')).to.deep.equal({ records: [record(1), record(3)], more: false });
    expect(lists[0]).to.equal('held:a');
  });

  it('comes back a hundred at a time', async () => {
    const of = async (count: number) =>
      heldRecords(holding(Array.from({ length: count }, (_, at) => [record(at), 'a'] as const)).store, 'sums', 3, 'a');
    const all = await of(100);
    expect([all.records.length, all.more]).to.deep.equal([100, false]);
    const some = await of(101);
    expect([some.records.length, some.more]).to.deep.equal([100, true]);
  });

  it('comes back a million bytes at a time, and one however large', async () => {
    const sized = (...sizes: readonly number[]) =>
      heldRecords(
        holding(sizes.map((size, at) => [record(at, { value: new Uint8Array(size) }), 'a'] as const)).store,
        'sums',
        3,
        'a',
      );
    const fits = await sized(500_000, 500_000);
    expect([fits.records.length, fits.more]).to.deep.equal([2, false]);
    const over = await sized(500_000, 500_001);
    expect([over.records.length, over.more]).to.deep.equal([1, true]);
    const huge = await sized(1_000_001, 1);
    expect([huge.records.length, huge.more]).to.deep.equal([1, true]);
  });
});
