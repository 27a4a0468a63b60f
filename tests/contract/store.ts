import type { PartitionId, PartitionState, Store, Unit } from '@throughline/kernel/ports';
import { expect } from 'chai';
import { declareListLaws, declareTimerLaws } from './store-views.ts';
import { bytesOf, textOf } from './waiting.ts';

/** A store to try, empty at first. */
export interface StoreSetting {
  readonly store: Store;
  /** The same data after the process has stopped and started again. */
  reopen(): Promise<StoreSetting>;
  close(): Promise<void>;
}

export type StoreFactory = () => Promise<StoreSetting>;

export interface StoreFeatures {
  /** Somebody who reads while a unit is committed sees all of it or nothing; else documents may appear one by one. */
  readonly isolatedCommits: boolean;
}

export const PARTITION: PartitionId = { processor: 'case-state', partition: 3 };

/** A unit that goes from one cursor to the next; what is not said is empty. */
export function unit(epoch: number, fromCursor: number, changes: Partial<Unit> = {}): Unit {
  const state: PartitionState = { cursor: fromCursor + 1, sequence: 7, timeMs: 1_764_000_000_000, taken: {} };
  return { ...PARTITION, epoch, fromCursor, state, documents: [], messages: [], timers: [], ...changes };
}

export function writeOf(id: string, text: string | null, lists: Unit['documents'][number]['lists'] = []) {
  return { kind: 'case', id, body: text === null ? null : bytesOf(text), lists };
}

export async function textAt(store: Store, id: string, processor = PARTITION.processor): Promise<string | undefined> {
  const [document] = await store.load(processor, [{ kind: 'case', id }]);
  return document === undefined ? undefined : textOf(document.body);
}

const MESSAGE = {
  topic: 'case.events.v1',
  key: 'case_1',
  headers: { ce_id: 'm1', note: 'Grüße' },
  value: bytesOf('one'),
};

/** The laws of the `Store` port. Every adapter runs them unchanged. */
export function declareStoreContract(name: string, open: StoreFactory, features: StoreFeatures): void {
  describe(`the store contract: ${name}`, () => {
    let setting: StoreSetting;
    const store = (): Store => setting.store;
    const reopen = async (): Promise<void> => {
      setting = await setting.reopen();
    };
    beforeEach(async () => {
      setting = await open();
    });
    afterEach(async () => {
      await setting.close();
    });
    declareCommitLaws(store, reopen, features);
    declareFencingLaws(store);
    declareListLaws(store);
    declareTimerLaws(store);
  });
}

function declareCommitLaws(store: () => Store, reopen: () => Promise<void>, features: StoreFeatures): void {
  it('begins at the beginning', async () => {
    expect(await store().state(PARTITION)).to.equal(undefined);
    const { epoch, state, messages } = await store().open(PARTITION);
    expect(epoch).to.be.at.least(1);
    expect(state).to.deep.equal({ cursor: 0, sequence: 0, timeMs: 0, taken: {} });
    expect(messages).to.deep.equal([]);
  });

  it('has a committed unit whole after it was closed and opened again', async () => {
    const { epoch } = await store().open(PARTITION);
    const state: PartitionState = { cursor: 12, sequence: 5, timeMs: 1_764_000_000_123, taken: { 'identity/0': 9 } };
    const timer = { id: 't1', dueMs: 1_764_000_000_500, key: 'case_1', body: bytesOf('ring') };
    const whole = unit(epoch, 0, {
      state,
      documents: [writeOf('case_1', 'new')],
      messages: [MESSAGE],
      timers: [timer],
    });
    expect(await store().commit(whole)).to.equal('committed');
    await reopen();
    expect(await store().state(PARTITION)).to.deep.equal(state);
    expect(await textAt(store(), 'case_1')).to.equal('new');
    const [due] = await store().due(PARTITION, timer.dueMs, 10);
    expect(due).to.include({ id: 't1', dueMs: timer.dueMs, key: 'case_1' });
    const opened = await store().open(PARTITION);
    expect(opened.state).to.deep.equal(state);
    expect(opened.messages.map((each) => ({ ...each, value: textOf(each.value) }))).to.deep.equal([
      { ...MESSAGE, value: 'one' },
    ]);
  });

  (features.isolatedCommits ? it : it.skip)('shows a reader all of a commit or nothing', async () => {
    const { epoch } = await store().open(PARTITION);
    const ids = Array.from({ length: 20 }, (_, index) => `case_${index}`);
    const refs = ids.map((id) => ({ kind: 'case', id }));
    const committing = store().commit(unit(epoch, 0, { documents: ids.map((id) => writeOf(id, 'new')) }));
    let isDone = false;
    const done = committing.then(() => {
      isDone = true;
    });
    while (!isDone) {
      const found = (await store().load(PARTITION.processor, refs)).filter((each) => each !== undefined);
      expect(found.length).to.be.oneOf([0, ids.length]);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await done;
  });

  it('gives a new owner the messages of the last unit and no older ones', async () => {
    const { epoch } = await store().open(PARTITION);
    await store().commit(unit(epoch, 0, { messages: [MESSAGE] }));
    await store().commit(unit(epoch, 1, { messages: [{ ...MESSAGE, value: bytesOf('two') }, MESSAGE] }));
    const { messages } = await store().open(PARTITION);
    expect(messages.map(({ value }) => textOf(value))).to.deep.equal(['two', 'one']);
    const again = await store().open(PARTITION);
    expect(again.messages).to.deep.equal(messages);
  });

  it('loads in the order of what was asked for, undefined where there is nothing', async () => {
    const { epoch } = await store().open(PARTITION);
    await store().commit(unit(epoch, 0, { documents: [writeOf('a', 'A'), writeOf('b', 'B')] }));
    const refs = ['b', 'missing', 'a'].map((id) => ({ kind: 'case', id }));
    const found = await store().load(PARTITION.processor, [...refs, { kind: 'contact', id: 'a' }]);
    expect(found.map((each) => each && textOf(each.body))).to.deep.equal(['B', undefined, 'A', undefined]);
  });

  it('keeps the documents of two processors apart', async () => {
    const other: PartitionId = { processor: 'audit', partition: 0 };
    const mine = await store().open(PARTITION);
    const theirs = await store().open(other);
    await store().commit(unit(mine.epoch, 0, { documents: [writeOf('case_1', 'mine')] }));
    await store().commit(unit(theirs.epoch, 0, { ...other, documents: [writeOf('case_1', 'theirs')] }));
    expect(await textAt(store(), 'case_1')).to.equal('mine');
    expect(await textAt(store(), 'case_1', 'audit')).to.equal('theirs');
  });

  it('reads a tombstone as absent, and a document written over it as there', async () => {
    const { epoch } = await store().open(PARTITION);
    await store().commit(unit(epoch, 0, { documents: [writeOf('case_1', 'there')] }));
    await store().commit(unit(epoch, 1, { documents: [writeOf('case_1', null)] }));
    expect(await textAt(store(), 'case_1')).to.equal(undefined);
    await store().commit(unit(epoch, 2, { documents: [writeOf('case_1', 'back')] }));
    expect(await textAt(store(), 'case_1')).to.equal('back');
  });

  it('keeps a document of no bytes apart from none', async () => {
    const { epoch } = await store().open(PARTITION);
    await store().commit(unit(epoch, 0, { documents: [writeOf('case_1', '')] }));
    expect(await textAt(store(), 'case_1')).to.equal('');
  });
}

function declareFencingLaws(store: () => Store): void {
  it('raises the epoch with every owner', async () => {
    const first = await store().open(PARTITION);
    const second = await store().open(PARTITION);
    expect(second.epoch).to.be.above(first.epoch);
  });

  it('refuses a former owner and writes nothing of its unit', async () => {
    const former = await store().open(PARTITION);
    await store().open(PARTITION);
    const timers = [{ id: 't1', dueMs: 1, key: 'k', body: bytesOf('x') }];
    const late = unit(former.epoch, 0, { documents: [writeOf('case_1', 'late')], messages: [MESSAGE], timers });
    expect(await store().commit(late)).to.equal('fenced');
    expect(await textAt(store(), 'case_1')).to.equal(undefined);
    expect(await store().due(PARTITION, 10, 10)).to.deep.equal([]);
    expect((await store().open(PARTITION)).messages).to.deep.equal([]);
  });

  it('refuses a unit that does not begin at the cursor', async () => {
    const { epoch } = await store().open(PARTITION);
    await store().commit(unit(epoch, 0));
    for (const fromCursor of [0, 2]) {
      const stray = unit(epoch, fromCursor, { documents: [writeOf('case_1', 'stray')] });
      expect(await store().commit(stray)).to.equal('fenced');
    }
    expect(await textAt(store(), 'case_1')).to.equal(undefined);
    expect((await store().state(PARTITION))?.cursor).to.equal(1);
  });

  it('refuses a partition that was never opened', async () => {
    expect(await store().commit(unit(1, 0))).to.equal('fenced');
  });

  it('lets one of two units from the same cursor through', async () => {
    const { epoch } = await store().open(PARTITION);
    const answers = await Promise.all(
      ['one', 'two'].map((text) => store().commit(unit(epoch, 0, { documents: [writeOf('case_1', text)] }))),
    );
    expect([...answers].sort()).to.deep.equal(['committed', 'fenced']);
    expect(await textAt(store(), 'case_1')).to.equal(['one', 'two'][answers.indexOf('committed')]);
  });

  it('answers the identical unit, committed again, as committed and changes nothing', async () => {
    const { epoch } = await store().open(PARTITION);
    const lost = unit(epoch, 0, { documents: [writeOf('case_1', 'once')], messages: [MESSAGE] });
    expect(await store().commit(lost)).to.equal('committed');
    const before = await store().state(PARTITION);
    expect(await store().commit(structuredClone(lost))).to.equal('committed');
    expect(await store().state(PARTITION)).to.deep.equal(before);
    expect((await store().open(PARTITION)).messages).to.have.length(1);
  });

  it('answers the identical unit as fenced once somebody else owns the partition', async () => {
    const { epoch } = await store().open(PARTITION);
    const lost = unit(epoch, 0);
    await store().commit(lost);
    await store().open(PARTITION);
    expect(await store().commit(lost)).to.equal('fenced');
  });

  it('fences one partition and leaves the others to their owners', async () => {
    const other: PartitionId = { ...PARTITION, partition: 4 };
    const mine = await store().open(PARTITION);
    await store().open(other);
    await store().open(other);
    expect(await store().commit(unit(mine.epoch, 0))).to.equal('committed');
  });
}
