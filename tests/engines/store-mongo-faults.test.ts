import type { Store, Unit } from '@throughline/kernel/ports';
import { UNIT_BYTES_MAX } from '@throughline/kernel/unit-size';
import { createMongoStore } from '@throughline/store-mongo/store';
import { expect } from 'chai';
import { PARTITION, textAt, unit, writeOf } from '../contract/store.ts';
import { bytesOf, gate, rejectionOf } from '../contract/waiting.ts';
import { type Faults, halfDone, NetworkFault, notDone, strike, unheard } from './mongo-faults.ts';
import { type MongoPlace, openMongoPlace } from './mongo-place.ts';

const LIST = 'customer:cus_1';
const on = (sort: string) => [{ list: LIST, sort }];
const timer = (id: string, dueMs: number | null) => ({ id, dueMs, key: 'k', body: bytesOf('ring') });

describe('the store on MongoDB, when something fails', () => {
  let place: MongoPlace;
  let store: Store;
  let faults: { -readonly [Name in keyof Faults]: Faults[Name] };
  /** An owner that is struck by `faults`. */
  let struck: Store;
  beforeEach(async () => {
    place = await openMongoPlace();
    store = createMongoStore({ connection: place.connection() });
    faults = {};
    struck = createMongoStore({ connection: strike(place.connection(), faults) });
  });
  afterEach(() => place.close());

  const listed = async (): Promise<readonly string[]> =>
    (await store.list(PARTITION.processor, LIST, null, 10)).items.map(({ id }) => id);
  const due = async (): Promise<readonly string[]> => (await store.due(PARTITION, 100, 10)).map(({ id }) => id);

  /** A unit that writes two documents and a timer. */
  const first = (epoch: number): Unit =>
    unit(epoch, 0, {
      documents: [writeOf('a', 'A', on('1')), writeOf('b', 'B', on('2'))],
      timers: [timer('t', 10)],
      messages: [{ topic: 'case.events.v1', key: 'a', headers: {}, value: bytesOf('said') }],
    });

  async function expectFirst(): Promise<void> {
    expect([await textAt(store, 'a'), await textAt(store, 'b')]).to.deep.equal(['A', 'B']);
    expect([await listed(), await due()]).to.deep.equal([['a', 'b'], ['t']]);
  }

  it('settles a commit whose answer was lost with the same unit, which happens once', async () => {
    const { epoch } = await struck.open(PARTITION);
    faults.journal = unheard;
    expect(await rejectionOf(struck.commit(first(epoch)))).to.be.instanceOf(NetworkFault);
    delete faults.journal;
    expect(await struck.commit(first(epoch))).to.equal('committed');
    await expectFirst();
    expect(await struck.commit(unit(epoch, 1))).to.equal('committed');
    const journal = await place.connection().database.collection('journals').findOne();
    expect(journal).to.deep.include({ number: 2, cursor: 2 });
  });

  it('commits a unit whose commit never arrived when it is committed again', async () => {
    const { epoch } = await struck.open(PARTITION);
    faults.journal = notDone;
    expect(await rejectionOf(struck.commit(first(epoch)))).to.be.instanceOf(NetworkFault);
    delete faults.journal;
    expect(await struck.commit(first(epoch))).to.equal('committed');
    await expectFirst();
  });

  for (const [what, rows] of Object.entries({ 'are not written': notDone, 'are half written': halfDone })) {
    it(`rejects a commit whose rows ${what}, and the same unit then writes them all`, async () => {
      const { epoch } = await struck.open(PARTITION);
      faults.rows = rows;
      expect(await rejectionOf(struck.commit(first(epoch)))).to.be.instanceOf(NetworkFault);
      expect(await rejectionOf(struck.commit(first(epoch)))).to.be.instanceOf(NetworkFault);
      delete faults.rows;
      expect(await struck.commit(first(epoch))).to.equal('committed');
      await expectFirst();
    });

    it(`shows the next owner the whole unit of which rows ${what}`, async () => {
      const { epoch } = await struck.open(PARTITION);
      faults.rows = rows;
      await rejectionOf(struck.commit(first(epoch)));
      const opened = await store.open(PARTITION);
      expect([opened.state.cursor, opened.messages.length]).to.deep.equal([1, 1]);
      await expectFirst();
      delete faults.rows;
      expect(await struck.commit(first(epoch))).to.equal('fenced');
    });
  }

  it('does not open while rows of the last unit cannot be written', async () => {
    const { epoch } = await struck.open(PARTITION);
    faults.rows = notDone;
    await rejectionOf(struck.commit(first(epoch)));
    expect(await rejectionOf(struck.open(PARTITION))).to.be.instanceOf(NetworkFault);
  });

  it('commits nothing further before the rows of the last unit are written', async () => {
    const { epoch } = await struck.open(PARTITION);
    faults.rows = halfDone;
    await rejectionOf(struck.commit(first(epoch)));
    expect(await rejectionOf(struck.commit(unit(epoch, 1)))).to.be.instanceOf(NetworkFault);
    expect((await store.state(PARTITION))?.cursor).to.equal(1);
    delete faults.rows;
    expect(await struck.commit(unit(epoch, 1))).to.equal('committed');
    await expectFirst();
  });

  it('lets a former owner that writes late change nothing', async () => {
    const { epoch } = await struck.open(PARTITION);
    const { opened, open } = gate();
    const reached = gate();
    faults.rows = async (run, writes) => {
      reached.open();
      await opened;
      return run(writes);
    };
    const late = struck.commit(first(epoch));
    await reached.opened;
    const owner = await store.open(PARTITION);
    const documents = [writeOf('a', 'A2', on('9')), writeOf('b', null)];
    expect(await store.commit(unit(owner.epoch, 1, { documents, timers: [timer('t', null)] }))).to.equal('committed');
    open();
    expect(await late).to.equal('committed');
    expect([await textAt(store, 'a'), await textAt(store, 'b')]).to.deep.equal(['A2', undefined]);
    expect([await listed(), await due()]).to.deep.equal([['a'], []]);
    expect(await struck.commit(unit(epoch, 1))).to.equal('fenced');
  });

  it('refuses a former owner in another process, also where its successor has committed nothing yet', async () => {
    const { epoch } = await struck.open(PARTITION);
    await struck.commit(unit(epoch, 0));
    await store.open(PARTITION);
    expect(await struck.commit(unit(epoch, 1, { documents: [writeOf('a', 'late')] }))).to.equal('fenced');
    expect([await textAt(store, 'a'), (await store.state(PARTITION))?.cursor]).to.deep.equal([undefined, 1]);
  });

  it('commits units in the order in which they are handed over, also where nobody waits', async () => {
    const { epoch } = await struck.open(PARTITION);
    faults.journal = async (run) => {
      delete faults.journal;
      // The first is slow: others have many round trips of time to overtake it.
      for (let trip = 0; trip < 20; trip += 1) await store.state(PARTITION);
      return run();
    };
    const cursors = [0, 1, 2, 3];
    const outcomes = cursors.map((at) => struck.commit(unit(epoch, at, { documents: [writeOf('a', String(at))] })));
    expect(await Promise.all(outcomes)).to.deep.equal(cursors.map(() => 'committed'));
    expect(await textAt(store, 'a')).to.equal('3');
  });

  it('lets two partitions write one document: the last write counts, whatever their numbers are', async () => {
    const other = { ...PARTITION, partition: 4 };
    const [mine, theirs] = [await store.open(PARTITION), await store.open(other)];
    await store.commit(unit(mine.epoch, 0));
    await store.commit(unit(mine.epoch, 1, { documents: [writeOf('a', 'mine')] }));
    await store.commit(unit(theirs.epoch, 0, { ...other, documents: [writeOf('a', 'theirs')] }));
    expect(await textAt(store, 'a')).to.equal('theirs');
  });

  it('leaves a tombstone of what is removed, also where nothing was there', async () => {
    const { epoch } = await struck.open(PARTITION);
    await struck.commit(unit(epoch, 0, { documents: [writeOf('a', null)], timers: [timer('t', null)] }));
    const rows = place.connection().database.collection(`documents.${PARTITION.processor}`);
    expect(await rows.countDocuments({ goneAt: { $exists: true } })).to.equal(2);
    expect([await textAt(store, 'a'), await due()]).to.deep.equal([undefined, []]);
  });

  it('commits each unit once where two owners take the partition from each other', async () => {
    const committed: string[] = [];
    const owner = async (name: string): Promise<void> => {
      const mine = createMongoStore({ connection: place.connection() });
      while (committed.length < 20) {
        const { epoch, state } = await mine.open(PARTITION);
        for (let cursor = state.cursor; ; cursor += 1) {
          const documents = [writeOf(`at_${cursor}`, name), writeOf('last', String(cursor))];
          if ((await mine.commit(unit(epoch, cursor, { documents }))) === 'fenced') break;
          committed.push(`at_${cursor} ${name}`);
          if (committed.length >= 20) break;
        }
      }
    };
    await Promise.all([owner('one'), owner('two')]);
    const cursor = (await store.state(PARTITION))?.cursor ?? 0;
    const cursors = Array.from({ length: cursor }, (_, at) => at);
    const written = await Promise.all(cursors.map(async (at) => `at_${at} ${await textAt(store, `at_${at}`)}`));
    expect([...committed].sort()).to.deep.equal(written.sort());
    expect(await textAt(store, 'last')).to.equal(String(cursor - 1));
  });

  it('refuses a unit of more than 8 MB by name, writes nothing of it, and goes on', async () => {
    const { epoch } = await store.open(PARTITION);
    const huge = { kind: 'case', id: 'a', body: new Uint8Array(UNIT_BYTES_MAX), lists: [] };
    const refusal = await rejectionOf(store.commit(unit(epoch, 0, { documents: [huge] })));
    expect(refusal).to.have.property('code', 'unit-too-large');
    expect((await store.state(PARTITION))?.cursor).to.equal(0);
    const large = { ...huge, body: new Uint8Array(UNIT_BYTES_MAX - 1_000) };
    expect(await store.commit(unit(epoch, 0, { documents: [large] }))).to.equal('committed');
    const [document] = await store.load(PARTITION.processor, [large]);
    expect(document?.body.length).to.equal(large.body.length);
  });
});
