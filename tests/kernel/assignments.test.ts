import { hostProcessor, REOPEN_AFTER_MS } from '@throughline/kernel/host';
import type { Store } from '@throughline/kernel/ports';
import type { Processor } from '@throughline/kernel/processor';
import { goOn, type Reach } from '@throughline/kernel/steps';
import { expect } from 'chai';
import { failure, gate, handLog, waits } from './by-hand.ts';
import { type Bench, jsonCodec, openBench, sums, turns, until } from './setting.ts';

describe('a processor, as partitions come and go', () => {
  let bench: Bench;
  let log: ReturnType<typeof handLog>;
  beforeEach(async () => {
    bench = await openBench();
    log = handLog(bench.log);
  });
  afterEach(() => bench.close());

  const engine = () => ({ ...bench, log: log.log, codec: jsonCodec, reach: goOn });
  const opens = () => {
    const opened: number[] = [];
    const store: Store = {
      ...bench.store,
      open(id) {
        opened.push(id.partition);
        return bench.store.open(id);
      },
    };
    return { opened, store };
  };

  it('is not ready while a partition is being opened, nor while any of its partitions is another owner’s', async () => {
    const { open, opened } = gate();
    const store: Store = { ...bench.store, open: (id) => opened.then(() => bench.store.open(id)) };
    const host = await hostProcessor({ ...engine(), store, processor: sums() });
    expect(host.ready()).to.equal(true);
    const assigned = log.last().assigned(0);
    expect(host.ready()).to.equal(false);
    open();
    await assigned;
    await log.last().assigned(1);
    expect(host.ready()).to.equal(true);
    await bench.put('Add', 'a', { n: 1 });
    await bench.open();
    await failure(log.last().batch(0, await bench.inputs()));
    expect(host.ready()).to.equal(false);
    await host.close();
  });

  it('is ready again after a partition could not be opened: the log asks again', async () => {
    const store: Store = { ...bench.store, open: () => Promise.reject(new Error('out')) };
    const host = await hostProcessor({ ...engine(), store, processor: sums() });
    expect(await failure(log.last().assigned(0))).to.equal('out');
    expect([host.ready(), host.cursors().size]).to.deep.equal([true, 0]);
    await host.close();
  });

  it('gives a partition up once its batch has ended, and takes nothing of it any more', async () => {
    const { open, opened } = gate();
    const reach: Reach = (step) => (step === 'sums/decoded' ? opened : undefined);
    const host = await hostProcessor({ ...engine(), reach, processor: sums() });
    await log.last().assigned(0);
    await bench.put('Add', 'a', { n: 1 });
    const batch = log.last().batch(0, await bench.inputs());
    const revoked = log.last().revoked(0);
    const closed = host.close();
    expect([await waits(revoked), await waits(closed)]).to.deep.equal([true, true]);
    open();
    await Promise.all([batch, revoked, closed]);
    expect(host.cursors().size).to.equal(0);
    expect(await failure(log.last().batch(0, await bench.inputs()))).to.equal('sums/0 is not open.');
    expect(await bench.outputs()).to.deep.equal(['Summed a 1']);
  });

  it('gives up a partition of which no batch has come, and one whose last batch failed', async () => {
    const host = await hostProcessor({ ...engine(), processor: sums() });
    await log.last().assigned(0);
    await log.last().revoked(0);
    expect(host.cursors().size).to.equal(0);
    await log.last().assigned(0);
    await bench.open();
    await bench.put('Add', 'a', { n: 1 });
    expect(await failure(log.last().batch(0, await bench.inputs()))).to.contain('belongs to another owner');
    await log.last().revoked(0);
    expect([host.cursors().size, host.ready()]).to.deep.equal([0, true]);
    await host.close();
  });

  it('takes a lost partition again when it has kept it for long enough, counted from this loss', async () => {
    const { opened, store } = opens();
    const host = await hostProcessor({ ...engine(), store, processor: sums() });
    const lose = async (): Promise<void> => {
      await bench.open();
      await bench.put('Add', 'a', { n: 1 });
      for (let hand = 0; hand < 2; hand += 1) await failure(log.last().batch(0, await bench.inputs()));
    };
    const handAfter = async (delayMs: number): Promise<number> => {
      bench.clock.advance(delayMs);
      await failure(log.last().batch(0, await bench.inputs()));
      return opened.length;
    };
    await log.last().assigned(0);
    await lose();
    expect(await handAfter(REOPEN_AFTER_MS - 1)).to.equal(1);
    expect(await handAfter(1)).to.equal(2);
    // It is its own now, for however long.
    for (let hand = 0; hand < 2; hand += 1) expect(await handAfter(REOPEN_AFTER_MS)).to.equal(2);
    await lose();
    expect(await handAfter(REOPEN_AFTER_MS - 1)).to.equal(2);
    // Given up and got again, it was lost once more: the former loss does not count.
    await log.last().revoked(0);
    await log.last().assigned(0);
    await lose();
    expect(await handAfter(1)).to.equal(3);
    await host.close();
  });

  it('appends nothing where nothing is due: an idle mesh writes nothing', async () => {
    const host = await hostProcessor({ ...engine(), processor: sums() });
    await log.last().assigned(0);
    for (let tick = 0; tick < 4; tick += 1) {
      bench.clock.advance(250);
      await turns(5);
    }
    expect(log.appended).to.deep.equal([]);
    await host.close();
  });

  it('fires a timer again that was set again for the same time', async () => {
    const dueMs = bench.clock.nowMs() + 1_000;
    const same: Processor = {
      ...sums(),
      decide: ({ type }) => (type === 'Ask' ? { timers: [{ id: 'one', key: 'a', dueMs }] } : {}),
    };
    const host = await hostProcessor({ ...engine(), processor: same });
    await log.last().assigned(0);
    for (const length of [2, 4]) {
      await bench.put('Ask', 'a', {});
      await log.last().batch(0, await bench.inputs());
      await until(async () => {
        bench.clock.advance(500);
        return (await bench.inputs()).length === length;
      });
      await log.last().batch(0, await bench.inputs());
    }
    expect((await bench.inputs()).map(({ headers }) => headers.ce_type)).to.deep.equal([
      'Ask',
      'TimerFired',
      'Ask',
      'TimerFired',
    ]);
    await host.close();
  });

  it('leaves nothing to the clock once it is closed, also when that was in the middle of a look at the timers', async () => {
    const idle = await hostProcessor({ ...engine(), processor: sums() });
    await idle.close();
    expect(bench.clock.waiting).to.equal(0);
    const { open, opened } = gate();
    const store: Store = {
      ...bench.store,
      due: async (...asked) => {
        await opened;
        return bench.store.due(...asked);
      },
    };
    const host = await hostProcessor({ ...engine(), store, processor: sums() });
    await log.last().assigned(0);
    bench.clock.advance(250);
    await host.close();
    open();
    await turns(5);
    expect(bench.clock.waiting).to.equal(0);
  });
});
