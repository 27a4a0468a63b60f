import { createEdge, type EdgeDraft } from '@throughline/kernel/edge';
import { hostProcessor } from '@throughline/kernel/host';
import { hostReactor } from '@throughline/kernel/reacting';
import type { Reactor } from '@throughline/kernel/reactor';
import { goOn } from '@throughline/kernel/steps';
import { expect } from 'chai';
import { type Bench, IN, jsonCodec, OUT, openBench, sums } from './setting.ts';

/** Gives the event loop turns until it holds; the suite's time limit ends what never does. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}

describe('the hosts', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
  });
  afterEach(() => bench.close());

  const engine = () => ({ ...bench, codec: jsonCodec, reach: goOn });

  it('run a processor on what arrives, and fire its timers once', async () => {
    const host = await hostProcessor({ ...engine(), processor: sums() });
    await bench.put('Ask', 'a', { n: 1 });
    await until(async () => (await bench.outputs()).length === 1);
    expect(host.ready()).to.equal(true);
    bench.clock.advance(1_500);
    await until(async () => (await bench.outputs()).length === 2);
    await until(() => {
      bench.clock.advance(250);
      return host.cursors().get(0) === 2;
    });
    await host.close();
    expect(await bench.outputs()).to.deep.equal(['Summed a 1', 'Rang a 1']);
    expect(await bench.store.due({ processor: 'sums', partition: 0 }, Number.MAX_SAFE_INTEGER, 10)).to.deep.equal([]);
  });

  const reactorOf = (handle: Reactor['handle']): Reactor => ({
    name: 'echo',
    topic: IN,
    types: ['Add'],
    wants: () => true,
    handle,
  });
  const host = (reactor: Reactor) =>
    hostReactor({
      ...engine(),
      reactor,
      edge: createEdge({ log: bench.log, codec: jsonCodec, keyring: bench.keyring, source: reactor.name }),
    });
  const report = (subject: string, id: string): EdgeDraft => ({
    topic: OUT,
    key: subject,
    type: 'Echoed',
    subject,
    id,
    timeMs: 1,
    traceparent: '',
    body: { total: 0 },
  });

  it('keep a reactor in order per key while other keys go on', async () => {
    const order: string[] = [];
    let release = (): void => undefined;
    const slow = new Promise<void>((resolve) => {
      release = resolve;
    });
    const reactor = await host(
      reactorOf(async (event) => {
        if (event.id === 'in-1') await slow;
        order.push(event.id);
        return [report(event.subject, event.id)];
      }),
    );
    await bench.put('Add', 'a', {});
    await bench.put('Add', 'a', {});
    await bench.put('Add', 'b', {});
    await until(() => order.length === 1);
    expect(order).to.deep.equal(['in-3']);
    release();
    await until(() => reactor.underWay() === 0);
    expect(order).to.deep.equal(['in-3', 'in-1', 'in-2']);
    await reactor.close();
  });

  it('come back to the oldest unfinished event after a stop in the middle', async () => {
    const handled: string[] = [];
    const stuck = new Set(['in-1']);
    const reactor = reactorOf(async (event) => {
      if (stuck.has(event.id)) throw new Error('the world does not answer');
      handled.push(event.id);
      return [];
    });
    const first = await host(reactor);
    await bench.put('Add', 'a', {});
    await bench.put('Add', 'b', {});
    await until(() => handled.includes('in-2'));
    await first.close();
    stuck.clear();
    const second = await host(reactor);
    await until(() => handled.includes('in-1'));
    await second.close();
    expect((await bench.store.state({ processor: 'echo', partition: 0 }))?.cursor).to.equal(2);
  });

  it('try a reactor again until the world answers, and report once', async () => {
    let tries = 0;
    const reactor = await host(
      reactorOf(async (event) => {
        tries += 1;
        if (tries < 3) throw new Error('not yet');
        return [report(event.subject, event.id)];
      }),
    );
    await bench.put('Add', 'a', {});
    await until(async () => {
      bench.clock.advance(5_000);
      return (await bench.outputs()).length === 1;
    });
    await reactor.close();
    expect(tries).to.equal(3);
  });

  it('do not let an unreadable event stop a reactor', async () => {
    const handled: string[] = [];
    const reactor = await host(
      reactorOf(async (event) => {
        handled.push(event.id);
        return [];
      }),
    );
    await bench.putRaw('a', 'garbage');
    await bench.put('Add', 'a', {});
    await until(() => handled.length === 1);
    await reactor.close();
    expect(bench.reports).to.include('event.unreadable');
  });
});
