import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MongoEngine, startMongo } from '@throughline/engines/mongo';
import type { Store } from '@throughline/kernel/ports';
import { createMongoStore } from '@throughline/store-mongo/store';
import { expect } from 'chai';
import { PARTITION, textAt, unit, writeOf } from '../contract/store.ts';
import { freePort } from '../flow/ports.ts';
import { until } from '../flow/until.ts';
import { type MongoPlace, openMongoPlace } from './mongo-place.ts';

const KILLS = 3;

describe('the store on MongoDB, whose server is killed and started', () => {
  let directory: string;
  let engine: MongoEngine;
  let place: MongoPlace;
  let store: Store;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'throughline-mongo-'));
    engine = await startMongo({ directory, port: await freePort(), progress: () => undefined });
  });
  beforeEach(async () => {
    place = await openMongoPlace(engine.url);
    store = createMongoStore({ connection: place.connection() });
  });
  afterEach(async () => {
    await engine.start();
    await place.close();
  });
  after(async () => {
    await engine.stop();
    await rm(directory, { recursive: true, force: true });
  });

  /** What one unit leaves: a document of its own, one that all of them write, and a timer. */
  const leaves = (cursor: number) => ({
    documents: [
      writeOf(`at_${cursor}`, String(cursor), [{ list: 'all', sort: String(cursor).padStart(6, '0') }]),
    ].concat(writeOf('last', String(cursor))),
    timers: [{ id: 'next', dueMs: cursor, key: 'k', body: new Uint8Array() }],
  });

  it('loses no committed unit and leaves none half there', async () => {
    const { epoch } = await store.open(PARTITION);
    let committed = 0;
    let outages = 0;
    let isOver = false;
    const owner = (async () => {
      while (!isOver) {
        // What the kernel does: the same unit until it is settled.
        const outcome = await store.commit(unit(epoch, committed, leaves(committed))).catch(() => 'outage');
        if (outcome === 'outage') outages += 1;
        else expect(outcome).to.equal('committed');
        if (outcome === 'committed') committed += 1;
      }
    })();
    for (let kill = 0; kill < KILLS; kill += 1) {
      const enough = committed + 20;
      await until('units to be committed', async () => committed > enough);
      await engine.kill();
      await until('the outage to be felt', async () => outages > kill);
      await engine.start();
    }
    const enough = committed + 1;
    await until('a unit to be committed', async () => committed > enough);
    isOver = true;
    await owner;
    const opened = await createMongoStore({ connection: place.connection() }).open(PARTITION);
    expect(opened.state.cursor).to.equal(committed);
    const texts = await store.load(
      PARTITION.processor,
      Array.from({ length: committed }, (_, cursor) => ({ kind: 'case', id: `at_${cursor}` })),
    );
    expect(texts.map((document) => document && Number(Buffer.from(document.body).toString()))).to.deep.equal(
      Array.from({ length: committed }, (_, cursor) => cursor),
    );
    expect(await textAt(store, 'last')).to.equal(String(committed - 1));
    expect((await store.due(PARTITION, committed, 10)).map(({ dueMs }) => dueMs)).to.deep.equal([committed - 1]);
  }).timeout(120_000);

  it('says whether a server answers, rejects while none does, and goes on when it is back', async () => {
    const connection = place.connection();
    const { epoch } = await store.open(PARTITION);
    expect(await connection.reachable()).to.equal(true);
    await engine.kill();
    expect(await connection.reachable()).to.equal(false);
    expect(await store.commit(unit(epoch, 0, leaves(0))).catch(() => 'outage')).to.equal('outage');
    await engine.start();
    await until('the server to be found', () => connection.reachable());
    expect(await store.commit(unit(epoch, 0, leaves(0)))).to.equal('committed');
    expect(place.reported()).to.deep.equal(['mongo.lost', 'mongo.found']);
  }).timeout(60_000);

  it('gives up on a server that says nothing, and goes on when it speaks again', async () => {
    const { epoch } = await store.open(PARTITION);
    engine.pause();
    const outcome = await store.commit(unit(epoch, 0, leaves(0))).catch(() => 'outage');
    engine.resume();
    expect(outcome).to.equal('outage');
    expect(
      await until('the commit to be settled', () => store.commit(unit(epoch, 0, leaves(0))).catch(() => undefined)),
    ).to.equal('committed');
    expect(await textAt(store, 'last')).to.equal('0');
  }).timeout(60_000);
});
