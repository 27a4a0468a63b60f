import { createEdge } from '@throughline/kernel/edge';
import type { Message } from '@throughline/kernel/envelope';
import { hostProcessor } from '@throughline/kernel/host';
import type { Log } from '@throughline/kernel/ports';
import type { DecideContext, Processor } from '@throughline/kernel/processor';
import { hostReactor } from '@throughline/kernel/reacting';
import { goOn, type Reach } from '@throughline/kernel/steps';
import { traceIdOf } from '@throughline/kernel/trace';
import { expect } from 'chai';
import { type Bench, IN, jsonCodec, OUT, openBench, sums, turns, until } from './setting.ts';

describe('the kernel, step by step', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
  });
  afterEach(() => bench.close());

  const engine = (reach: Reach = goOn) => ({ ...bench, codec: jsonCodec, reach });
  const noting =
    (steps: string[]): Reach =>
    (step) =>
      void steps.push(step);

  it('names each place where a crash would leave something half done, in order', async () => {
    const steps: string[] = [];
    await bench.put('Add', 'a', { n: 1 });
    await (await bench.open(sums(), { reach: noting(steps) })).batch(await bench.inputs());
    expect(steps).to.deep.equal(
      ['opened', 'republished', 'decoded', 'loaded', 'decided', 'built', 'committed', 'appended'].map(
        (step) => `sums/${step}`,
      ),
    );
  });

  it('names those of a reactor, and sends nothing where there is nothing to report', async () => {
    const steps: string[] = [];
    const sent: unknown[] = [];
    const reactor = { name: 'echo', topic: IN, wants: () => true, handle: async () => [] };
    const edge = { send: async (drafts: unknown) => void sent.push(drafts) };
    const host = await hostReactor({ ...engine(noting(steps)), reactor, edge });
    await bench.put('Add', 'a', {});
    await until(() => steps.includes('echo/saving'));
    await host.close();
    expect(steps).to.deep.equal(['echo/taken', 'echo/handled', 'echo/reported', 'echo/saving']);
    expect(sent).to.deep.equal([]);
  });

  it('shows an observer every record as it stands in the log, repeats and unreadable ones too', async () => {
    const seen: { message: Message; context: DecideContext }[] = [];
    const observer: Processor = {
      ...sums(),
      observes: true,
      needs: () => [],
      decide: (message, _documents, context) => {
        seen.push({ message, context });
        return {};
      },
    };
    const headers = { ce_id: 'm1', ce_type: 'Add', ce_source: 'x/0', ce_subject: 's', ce_time: '1970-01-01T00:00:05Z' };
    const record = { topic: IN, key: 'k', value: Buffer.from('garbage') };
    await bench.log.append([{ ...record, headers: { ...headers, ce_sequence: '1', traceparent: 't' } }]);
    await bench.log.append([{ ...record, headers: { ...headers, ce_sequence: '1', traceparent: 't' } }]);
    await bench.log.append([{ ...record, headers: { ce_time: 'never' } }]);
    await (await bench.open(observer)).batch(await bench.inputs());
    const known = { topic: IN, key: 'k', id: 'm1', type: 'Add', source: 'x/0', subject: 's', timeMs: 5_000 };
    const bare = { topic: IN, key: 'k', id: '', type: '', source: '', subject: 'k', timeMs: 0 };
    expect(seen.map(({ message }) => message)).to.deep.equal([
      { ...known, traceparent: 't', body: undefined },
      { ...known, traceparent: 't', body: undefined },
      { ...bare, traceparent: '', body: undefined },
    ]);
    expect(seen.map(({ context }) => [context.record.offset, context.nowMs])).to.deep.equal([
      [0, 5_000],
      [1, 5_000],
      [2, 5_000],
    ]);
    expect(await bench.log.ends(`${IN}.parked.v1`)).to.deep.equal([0]);
  });

  it('holds a record without a subject by its key, and says with the trace of the record that it is held', async () => {
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    await bench.log.append([{ topic: IN, key: 'k', headers: { traceparent }, value: Buffer.from('garbage') }]);
    await (await bench.open()).batch(await bench.inputs());
    const [held] = (await bench.log.read(OUT, 0, 0, 10)).map((record) => jsonCodec.decode(record));
    expect([held?.type, held?.subject, traceIdOf(held?.traceparent ?? '')]).to.deep.equal([
      'Held',
      'k',
      'a'.repeat(32),
    ]);
  });

  it('says nothing of a held record where the processor has nothing to say', async () => {
    const { held: _silent, ...silent } = sums();
    await bench.putRaw('a', 'garbage');
    await (await bench.open(silent)).batch(await bench.inputs());
    expect(await bench.outputs()).to.deep.equal([]);
    expect(await bench.log.ends(`${IN}.parked.v1`)).to.deep.equal([1]);
  });

  it('parks a record whose needs cannot be named, with the reason that its decision gives', async () => {
    const needs = (): never => {
      throw new Error('it names nothing');
    };
    const decide = (): never => {
      throw new Error('it cannot be decided');
    };
    await bench.put('Add', 'a', {});
    await (await bench.open({ ...sums(), needs, decide })).batch(await bench.inputs());
    const [copy] = await bench.log.read(`${IN}.parked.v1`, 0, 0, 1);
    expect(copy?.headers.parked_reason).to.equal('it cannot be decided');
  });

  it('is not ready and fires nothing once it is fenced', async () => {
    const host = await hostProcessor({ ...engine(), processor: sums() });
    await bench.put('Ask', 'a', { n: 1 });
    await until(async () => (await bench.outputs()).length === 1);
    await bench.open();
    await bench.put('Add', 'b', { n: 1 });
    await until(() => !host.ready());
    for (let tick = 0; tick < 8; tick += 1) {
      bench.clock.advance(250);
      await turns(5);
    }
    expect(await bench.log.ends(IN)).to.deep.equal([2]);
    await host.close();
  });

  it('fires no timer any more once it is closed', async () => {
    const host = await hostProcessor({ ...engine(), processor: sums() });
    await bench.put('Ask', 'a', { n: 1 });
    await until(async () => (await bench.outputs()).length === 1);
    await host.close();
    for (let tick = 0; tick < 8; tick += 1) {
      bench.clock.advance(1_000);
      await turns(5);
    }
    expect(await bench.log.ends(IN)).to.deep.equal([1]);
  });

  it('fires a timer once while what it fired waits to be handled', async () => {
    let go = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    let batches = 0;
    const reach: Reach = async (step) => {
      if (step !== 'sums/decoded') return;
      batches += 1;
      if (batches === 2) await gate;
    };
    const host = await hostProcessor({ ...engine(reach), processor: sums() });
    await bench.put('Ask', 'a', { n: 1 });
    await until(async () => (await bench.outputs()).length === 1);
    for (let tick = 0; tick < 12; tick += 1) {
      bench.clock.advance(500);
      await turns(5);
    }
    expect(await bench.log.ends(IN)).to.deep.equal([2]);
    go();
    await until(async () => (await bench.outputs()).includes('Rang a 1'));
    await host.close();
  });

  it('fires a timer again whose record did not reach the log', async () => {
    let refusals = 1;
    const log: Log = {
      ...bench.log,
      append: async (records) => {
        const isTimer = records.some(({ headers }) => headers.ce_type === 'TimerFired');
        if (isTimer && refusals-- > 0) throw new Error('the log is down');
        return bench.log.append(records);
      },
    };
    const host = await hostProcessor({ ...engine(), log, processor: sums() });
    await bench.put('Ask', 'a', { n: 1 });
    await until(async () => {
      bench.clock.advance(500);
      return (await bench.outputs()).includes('Rang a 1');
    });
    await host.close();
    expect(bench.reports).to.include('timers.delayed');
    const [, fired] = await bench.inputs();
    expect(JSON.parse(fired?.headers.attributes ?? '{}')).to.include({ source: 'sums/timers', subject: 'a' });
    expect(fired?.headers.ce_id).to.match(/^tmr_/);
  });

  it('does not read for a reactor what is of no type that it takes', async () => {
    const prepared: string[] = [];
    const codec = {
      ...jsonCodec,
      prepare: async (records: Parameters<typeof jsonCodec.prepare>[0]) => {
        for (const { headers } of records) prepared.push(headers.ce_type ?? '');
      },
    };
    const handled: string[] = [];
    const reactor = {
      name: 'echo',
      topic: IN,
      types: ['Add'],
      wants: () => true,
      handle: async ({ type }: Message) => {
        handled.push(type);
        return [];
      },
    };
    const edge = createEdge({ ...engine(), source: 'echo' });
    const host = await hostReactor({ ...engine(), codec, reactor, edge });
    await bench.put('Other', 'a', {});
    await bench.put('Add', 'a', {});
    await until(() => handled.length > 0);
    await host.close();
    expect([handled, prepared]).to.deep.equal([['Add'], ['Add']]);
    expect((await bench.store.state({ processor: 'echo', partition: 0 }))?.cursor).to.equal(2);
  });
});
