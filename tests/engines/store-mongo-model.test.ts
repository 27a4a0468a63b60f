import type { PartitionId, Store, Unit } from '@throughline/kernel/ports';
import { createEmbeddedStore } from '@throughline/store-embedded/store';
import { createMongoStore } from '@throughline/store-mongo/store';
import { expect } from 'chai';
import fc from 'fast-check';
import { openPlace } from '../contract/embedded-place.ts';
import { bytesOf, textOf } from '../contract/waiting.ts';
import { type Faults, halfDone, notDone, strike, unheard } from './mongo-faults.ts';
import { type MongoPlace, openMongoPlace } from './mongo-place.ts';

const RUNS = 40;
const SEED = 20_261_124;

const FAULTS: Readonly<Record<string, Faults>> = {
  none: {},
  'the commit is not done': { journal: notDone },
  'the answer of the commit is lost': { journal: unheard },
  'the rows are not written': { rows: notDone },
  'half of the rows are written': { rows: halfDone },
  'the answer of the rows is lost': { rows: (run, writes) => unheard(() => run(writes)) },
};

const IDS = ['a', 'b', 'c/d'] as const;
const LISTS = ['status:open', 'a.list', '$1'] as const;

const place = fc.record({ list: fc.constantFrom(...LISTS), sort: fc.constantFrom('1', '10', '2', 'é') });
const document = fc.record({
  kind: fc.constantFrom('case', 'a/kind'),
  id: fc.constantFrom(...IDS),
  text: fc.option(fc.constantFrom('', 'one', 'two')),
  lists: fc.uniqueArray(place, { maxLength: 3, selector: ({ list }) => list }),
});
const timer = fc.record({ id: fc.constantFrom(...IDS), dueMs: fc.option(fc.integer({ min: 1, max: 4 })) });
const step = fc.record({
  documents: fc.array(document, { maxLength: 4 }),
  timers: fc.array(timer, { maxLength: 3 }),
  fault: fc.constantFrom(...Object.keys(FAULTS)),
  /** Who goes on after the unit: the same owner, or another one. */
  passesOn: fc.boolean(),
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

const contentsOf = ({ documents, timers }: Step) => ({
  documents: documents.map(({ text, ...write }) => ({ ...write, body: text === null ? null : bytesOf(text) })),
  timers: timers.map((write) => ({ ...write, key: `key of ${write.id}`, body: bytesOf(write.id) })),
  messages: [],
});

/** All that can be read. */
async function seen(store: Store, at: PartitionId): Promise<unknown> {
  const refs = ['case', 'a/kind'].flatMap((kind) => IDS.map((id) => ({ kind, id })));
  const documents = await store.load(at.processor, refs);
  const lists: unknown[] = [];
  for (const list of LISTS) {
    let after: string | null = null;
    do {
      const page = await store.list(at.processor, list, after, 2);
      lists.push(page.items.map(({ kind, id, body }) => [list, kind, id, textOf(body)]));
      after = page.next;
    } while (after !== null);
  }
  const due = await store.due(at, 3, 10);
  return {
    state: await store.state(at),
    documents: documents.map((each) => each && textOf(each.body)),
    lists,
    due: due.map(({ id, dueMs, key, body }) => [dueMs, id, key, textOf(body)]).sort(),
  };
}

describe('the store on MongoDB, through faults and changes of owner', () => {
  let database: MongoPlace;
  const embedded = openPlace();
  let runs = 0;
  before(async () => {
    database = await openMongoPlace();
  });
  after(async () => {
    embedded.close();
    await database.close();
  });

  /** Does the steps on both stores, each of which the faulty one has to finish. */
  async function play(steps: readonly Step[]): Promise<void> {
    const at = { processor: `processor-${++runs}`, partition: 1 };
    const faults: { -readonly [Name in keyof Faults]: Faults[Name] } = {};
    const model = createEmbeddedStore({ database: embedded.database() });
    const open = () => createMongoStore({ connection: strike(database.connection(), faults) });
    let store = open();
    let { epoch } = await store.open(at);
    const { epoch: modelEpoch } = await model.open(at);
    for (const [cursor, one] of steps.entries()) {
      const state = { cursor: cursor + 1, sequence: cursor, timeMs: cursor, taken: { 'other.one/0': cursor } };
      const unit: Unit = { ...at, epoch, fromCursor: cursor, state, ...contentsOf(one) };
      expect(await model.commit({ ...unit, epoch: modelEpoch })).to.equal('committed');
      Object.assign(faults, FAULTS[one.fault]);
      const outcome = await store.commit(unit).catch(() => 'outage');
      delete faults.journal;
      delete faults.rows;
      let reached = outcome === 'committed' ? cursor + 1 : undefined;
      if (one.passesOn) {
        const former = store;
        store = open();
        const opened = await store.open(at);
        epoch = opened.epoch;
        reached = opened.state.cursor;
        expect(await former.commit(unit)).to.equal('fenced');
      }
      if (reached !== cursor + 1) expect(await store.commit({ ...unit, epoch })).to.equal('committed');
      expect(await seen(store, at)).to.deep.equal(await seen(model, at));
    }
  }

  it('shows after every unit what the embedded store shows', async () => {
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), play), {
      numRuns: RUNS,
      seed: SEED,
    });
  }).timeout(120_000);
});
