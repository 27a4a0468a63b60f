import type { LogRecord, Store } from '@throughline/kernel/ports';
import { hostReactor } from '@throughline/kernel/reacting';
import type { Reactor } from '@throughline/kernel/reactor';
import { goOn } from '@throughline/kernel/steps';
import { expect } from 'chai';
import { failure, gate, handLog, waits } from './by-hand.ts';
import { type Bench, IN, jsonCodec, openBench, turns, until } from './setting.ts';

describe('a reactor, as partitions come and go', () => {
  let bench: Bench;
  let log: ReturnType<typeof handLog>;
  let handled: string[];
  beforeEach(async () => {
    bench = await openBench();
    log = handLog(bench.log);
    handled = [];
  });
  afterEach(() => bench.close());

  const engine = () => ({ ...bench, log: log.log, codec: jsonCodec, reach: goOn });
  const edge = { send: async () => undefined };
  /** Notes what it handles, and waits for the world before it is done with it. */
  const echo = (world: (id: string) => Promise<void> | undefined = () => undefined, types = ['Add']): Reactor => ({
    name: 'echo',
    topic: IN,
    types,
    wants: () => true,
    async handle({ id }) {
      handled.push(id);
      await world(id);
      return [];
    },
  });
  const cursor = async () => (await bench.store.state({ processor: 'echo', partition: 0 }))?.cursor;
  const some = async (count: number, subject: (n: number) => string = String): Promise<readonly LogRecord[]> => {
    for (let n = 0; n < count; n += 1) await bench.put('Add', subject(n), {});
    return bench.inputs();
  };

  it('is not ready while a partition is being opened, nor while any of its partitions is another owner’s', async () => {
    const { open, opened } = gate();
    const store: Store = { ...bench.store, open: (id) => opened.then(() => bench.store.open(id)) };
    const host = await hostReactor({ ...engine(), store, edge, reactor: echo() });
    expect(host.ready()).to.equal(true);
    const assigned = log.last().assigned(0);
    expect(host.ready()).to.equal(false);
    open();
    await assigned;
    await log.last().assigned(1);
    expect(host.ready()).to.equal(true);
    await bench.store.open({ processor: 'echo', partition: 0 });
    await log.last().batch(0, await some(1));
    await until(() => !host.ready());
    const more = await some(1);
    expect(await failure(log.last().batch(0, more))).to.equal('echo/0 belongs to another owner.');
    expect(handled).to.deep.equal(['in-1']);
    await host.close();
  });

  it('takes nothing of a partition that it has given up, and may be told twice to give it up', async () => {
    const host = await hostReactor({ ...engine(), edge, reactor: echo() });
    await log.last().assigned(0);
    await log.last().revoked(0);
    await log.last().revoked(0);
    await log.last().batch(0, await some(1));
    await turns(5);
    expect([handled, host.underWay(), await cursor()]).to.deep.equal([[], 0, 0]);
    await host.close();
  });

  it('gives a partition up once what is under way has ended, and saves how far it came', async () => {
    const { open, opened } = gate();
    const host = await hostReactor({ ...engine(), edge, reactor: echo(() => opened) });
    await log.last().assigned(0);
    await log.last().batch(0, await some(1));
    await until(() => handled.length === 1);
    const revoked = log.last().revoked(0);
    expect(await waits(revoked)).to.equal(true);
    open();
    await revoked;
    expect(await cursor()).to.equal(1);
    await host.close();
    expect(bench.clock.waiting).to.equal(0);
  });

  it('handles once what is handed to it again while it is under way', async () => {
    const { open, opened } = gate();
    const host = await hostReactor({ ...engine(), edge, reactor: echo(() => opened) });
    await log.last().assigned(0);
    const records = await some(3);
    await log.last().batch(0, records);
    await log.last().batch(0, records);
    open();
    await until(() => host.underWay() === 0);
    expect(handled).to.deep.equal(['in-1', 'in-2', 'in-3']);
    await host.close();
    expect(await cursor()).to.equal(3);
  });

  it('begins where it was when it comes back, and handles nothing from before', async () => {
    const first = await hostReactor({ ...engine(), edge, reactor: echo() });
    await log.last().assigned(0);
    await log.last().batch(0, await some(2));
    await until(() => first.underWay() === 0);
    await first.close();
    const second = await hostReactor({ ...engine(), edge, reactor: echo() });
    expect(await log.last().assigned(0)).to.equal(2);
    await log.last().batch(0, await some(1));
    await until(() => second.underWay() === 0);
    expect(handled).to.deep.equal(['in-1', 'in-2', 'in-3']);
    await second.close();
  });

  it('moves past what it does not take, though nothing of it is ever done', async () => {
    const host = await hostReactor({ ...engine(), edge, reactor: echo(undefined, ['Other']) });
    await log.last().assigned(0);
    await log.last().batch(0, await some(2));
    await until(async () => (await cursor()) === 2);
    await host.close();
  });

  it('takes on 256 events at most, and more once the oldest of them is done', async () => {
    const { open, opened } = gate();
    const host = await hostReactor({ ...engine(), edge, reactor: echo(() => opened) });
    await log.last().assigned(0);
    const records = await some(257);
    expect(await waits(log.last().batch(0, records.slice(0, 256)))).to.equal(false);
    const full = log.last().batch(0, records);
    expect(await waits(full)).to.equal(true);
    open();
    await full;
    await host.close();
    expect(handled.length).to.equal(257);
  });

  it('keeps the order of a key also for what comes while only the last of it is under way', async () => {
    const gates = new Map(['in-1', 'in-2', 'in-3'].map((id) => [id, gate()]));
    const host = await hostReactor({ ...engine(), edge, reactor: echo((id) => gates.get(id)?.opened) });
    await log.last().assigned(0);
    await log.last().batch(0, await some(2, () => 'a'));
    gates.get('in-1')?.open();
    await until(() => handled.length === 2);
    await turns(5);
    expect(host.underWay()).to.equal(1);
    await log.last().batch(0, await some(1, () => 'a'));
    await turns(5);
    expect(handled).to.deep.equal(['in-1', 'in-2']);
    for (const { open } of gates.values()) open();
    await until(() => host.underWay() === 0);
    await host.close();
  });

  it('tries again after pauses that double, up to five seconds', async () => {
    const pauses: number[] = [];
    const clock = {
      nowMs: () => bench.clock.nowMs(),
      after(delayMs: number, run: () => void) {
        pauses.push(delayMs);
        return bench.clock.after(delayMs, run);
      },
    };
    const reactor = echo(() => Promise.reject(new Error('the world does not answer')));
    const host = await hostReactor({ ...engine(), clock, edge, reactor });
    await log.last().assigned(0);
    await log.last().batch(0, await some(1));
    await until(() => {
      bench.clock.advance(5_000);
      return pauses.length === 9;
    });
    expect(pauses).to.deep.equal([50, 100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
    await host.close();
    expect(bench.clock.waiting).to.equal(0);
  });

  it('saves once for all that is done in a tenth of a second, and nothing where nothing new is done', async () => {
    const saved: number[] = [];
    const store: Store = {
      ...bench.store,
      commit(unit) {
        saved.push(unit.state.cursor);
        return bench.store.commit(unit);
      },
    };
    const host = await hostReactor({ ...engine(), store, edge, reactor: echo() });
    await log.last().assigned(0);
    await log.last().batch(0, await some(1));
    await until(() => saved.length === 1);
    for (let n = 0; n < 3; n += 1) await log.last().batch(0, await some(1));
    await until(() => host.underWay() === 0);
    expect(saved).to.deep.equal([1]);
    for (let tick = 0; tick < 4; tick += 1) {
      bench.clock.advance(100);
      await turns(5);
    }
    expect(saved).to.deep.equal([1, 4]);
    await host.close();
    expect(saved).to.deep.equal([1, 4]);
  });

  it('gives up at once what fails while it is closed: it paused first, for up to five seconds', async () => {
    const { open, opened } = gate();
    const reactor = echo(async () => {
      await opened;
      throw new Error('the world does not answer');
    });
    const host = await hostReactor({ ...engine(), edge, reactor });
    await log.last().assigned(0);
    await log.last().batch(0, await some(1));
    await until(() => handled.length === 1);
    const closed = host.close();
    open();
    await closed;
    expect(await cursor()).to.equal(0);
  });

  it('says that its cursor is late while the store is out, and saves it when it answers', async () => {
    let out = true;
    const store: Store = {
      ...bench.store,
      commit: (unit) => (out ? Promise.reject(new Error('out')) : bench.store.commit(unit)),
    };
    const host = await hostReactor({ ...engine(), store, edge, reactor: echo() });
    await log.last().assigned(0);
    await log.last().batch(0, await some(1));
    await until(() => bench.reports.includes('reactor.cursor.delayed'));
    // Closing does not wait for a store that is out.
    const tries = bench.reports.length;
    await turns(20);
    expect(bench.reports.length).to.equal(tries);
    out = false;
    await until(async () => {
      bench.clock.advance(50);
      return (await cursor()) === 1;
    });
    await host.close();
  });
});
