import { createEdge, type EdgeDraft } from '@throughline/kernel/edge';
import { hostProcessor } from '@throughline/kernel/host';
import type { Store } from '@throughline/kernel/ports';
import { hostReactor } from '@throughline/kernel/reacting';
import type { Reactor } from '@throughline/kernel/reactor';
import { goOn } from '@throughline/kernel/steps';
import { expect } from 'chai';
import { keepingReporter } from '../contract/embedded-place.ts';
import { type Bench, IN, jsonCodec, OUT, openBench, sums, turns, until } from './setting.ts';

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

  it('fire the timer of a held subject once: it waits with what is held', async () => {
    const host = await hostProcessor({ ...engine(), processor: sums() });
    await bench.put('Ask', 'a', { n: 1 });
    await bench.putRaw('a', 'garbage');
    await until(() => host.cursors().get(0) === 2);
    for (let tick = 0; tick < 20; tick += 1) {
      bench.clock.advance(1_000);
      await turns(10);
    }
    expect(await bench.log.ends(IN)).to.deep.equal([3]);
    await bench.put('RedriveRequested', 'a', { subject: 'a', skipFirst: true });
    await until(() => host.cursors().get(0) === 4);
    await host.close();
    expect((await bench.outputs()).at(-1)).to.equal('Rang a 1');
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

  it('tell a failure by its name and code alone: its message logged the address that a mail server refused', async () => {
    const { said, ...reporter } = keepingReporter();
    let tries = 0;
    const reactor = reactorOf(async () => {
      tries += 1;
      if (tries > 1) return [];
      throw Object.assign(new Error('450 4.2.0 <ines@post.example>: greylisted'), { code: 'EENVELOPE' });
    });
    const edge = createEdge({ log: bench.log, codec: jsonCodec, keyring: bench.keyring, source: reactor.name });
    const hosted = await hostReactor({ ...engine(), reporter, reactor, edge });
    await bench.put('Add', 'a', {});
    await until(() => {
      bench.clock.advance(5_000);
      return tries > 1;
    });
    await hosted.close();
    expect(said.map(({ event }) => event)).to.deep.equal(['reactor.retries']);
    expect(said[0]?.detail).to.include({ type: 'Add', error: 'Error EENVELOPE' });
    expect(JSON.stringify(said)).not.to.include('ines@post.example');
  });

  it('stop while more waits behind an outage of the world than may be under way', async () => {
    const reactor = await host(
      reactorOf(async () => {
        throw new Error('the world does not answer');
      }),
    );
    for (let event = 0; event < 300; event += 1) await bench.put('Add', 'a', {});
    await until(() => reactor.underWay() > 0);
    await until(async () => (await bench.log.ends(IN))[0] === 300);
    await turns(50);
    await reactor.close();
    expect((await bench.store.state({ processor: 'echo', partition: 0 }))?.cursor).to.equal(0);
  });

  it('settle the cursor of a reactor whose commit was not answered', async () => {
    let answers = 0;
    const store: Store = {
      ...bench.store,
      async commit(unit) {
        const outcome = await bench.store.commit(unit);
        answers += 1;
        if (answers === 1) throw new Error('the answer was lost');
        return outcome;
      },
    };
    const handled: string[] = [];
    const reactor = reactorOf(async (event) => {
      handled.push(event.id);
      return [];
    });
    const edge = createEdge({ log: bench.log, codec: jsonCodec, keyring: bench.keyring, source: reactor.name });
    const hosted = await hostReactor({ ...engine(), store, reactor, edge });
    await bench.put('Add', 'a', {});
    await until(() => answers === 1);
    await bench.put('Add', 'a', {});
    await until(() => handled.length === 2);
    const cursor = async (): Promise<number | undefined> =>
      (await bench.store.state({ processor: 'echo', partition: 0 }))?.cursor;
    for (let tick = 0; tick < 50 && (await cursor()) !== 2; tick += 1) {
      bench.clock.advance(1_000);
      await turns(1);
    }
    await hosted.close();
    expect(await cursor()).to.equal(2);
  });

  it('take a partition again that a process took which had slept and owned nothing any more: it stood still for good', async () => {
    const host = await hostProcessor({ ...engine(), processor: sums() });
    await until(() => host.cursors().has(0));
    await bench.store.open({ processor: 'sums', partition: 0 });
    await bench.put('Add', 'a', { n: 1 });
    await until(() => !host.ready());
    await until(() => {
      bench.clock.advance(1_000);
      return host.ready();
    });
    await until(async () => (await bench.outputs()).length === 1);
    await host.close();
    expect((await bench.store.state({ processor: 'sums', partition: 0 }))?.cursor).to.equal(1);
  });

  it('leave a partition to whoever has taken it while it may be theirs', async () => {
    const host = await hostProcessor({ ...engine(), processor: sums() });
    await until(() => host.cursors().has(0));
    const { epoch } = await bench.store.open({ processor: 'sums', partition: 0 });
    await bench.put('Add', 'a', { n: 1 });
    await until(() => !host.ready());
    for (let tick = 0; tick < 6; tick += 1) {
      bench.clock.advance(1_000);
      await turns(20);
    }
    expect(host.ready()).to.equal(false);
    await host.close();
    expect((await bench.store.open({ processor: 'sums', partition: 0 })).epoch).to.equal(epoch + 1);
  });

  it('take a partition of a reactor again that a process took which had slept, and save what is done', async () => {
    const reactor = await host(reactorOf(async () => []));
    await until(() => reactor.ready());
    await bench.store.open({ processor: 'echo', partition: 0 });
    await bench.put('Add', 'a', {});
    await until(() => !reactor.ready());
    await bench.put('Add', 'b', {});
    await until(async () => {
      bench.clock.advance(1_000);
      return (await bench.store.state({ processor: 'echo', partition: 0 }))?.cursor === 2;
    });
    expect(reactor.ready()).to.equal(true);
    await reactor.close();
  });

  it('say that a reactor is not ready once another owner has its partition', async () => {
    const reactor = await host(reactorOf(async () => []));
    await until(() => reactor.ready());
    await bench.store.open({ processor: 'echo', partition: 0 });
    await bench.put('Add', 'a', {});
    await until(() => !reactor.ready());
    await reactor.close();
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
