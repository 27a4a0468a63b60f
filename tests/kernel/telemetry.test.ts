import { createEdge, type EdgeDraft } from '@throughline/kernel/edge';
import type { Message } from '@throughline/kernel/envelope';
import { hostProcessor } from '@throughline/kernel/host';
import { hostReactor } from '@throughline/kernel/reacting';
import { goOn } from '@throughline/kernel/steps';
import type { Cause, Telemetry } from '@throughline/kernel/telemetry';
import { beginningOf, childOf, NO_SPAN, traceContextOf } from '@throughline/kernel/trace';
import { expect } from 'chai';
import { type Bench, IN, jsonCodec, OUT, openBench, sums, until } from './setting.ts';

const BEGINNING = beginningOf('a'.repeat(32));

/** Remembers what it is told. */
class Witness implements Telemetry {
  timeMs = 1;
  readonly emissions: { readonly message: Message; readonly cause: Cause }[] = [];
  readonly events: string[] = [];

  nowMs(): number {
    return this.timeMs;
  }
  emitted(message: Message, cause: Cause): void {
    this.emissions.push({ message, cause });
  }
  handled(message: Message, handler: string): void {
    this.events.push(`${handler} handled ${message.id}`);
  }
  parked(processor: string): void {
    this.events.push(`${processor} parked`);
  }
  fenced(handler: string): void {
    this.events.push(`${handler} fenced`);
  }
}

describe('a trace context', () => {
  it('goes on in the same trace with a span that follows from the id alone', () => {
    const child = childOf(BEGINNING, 'msg_1');
    expect(traceContextOf(child)?.traceId).to.equal('a'.repeat(32));
    expect(traceContextOf(child)?.spanId).to.not.equal(NO_SPAN);
    expect(childOf(child, 'msg_2')).to.not.equal(child);
    expect(childOf(child, 'msg_1')).to.equal(child);
  });

  it('keeps whether it is sampled', () => {
    expect(childOf(`00-${'a'.repeat(32)}-${'b'.repeat(16)}-00`, 'msg_1')).to.match(/-00$/);
  });

  for (const without of ['', 'nonsense', `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`])
    it(`begins anew, the same again for the same id, after "${without}"`, () => {
      const begun = childOf(without, 'msg_1');
      expect(begun).to.match(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
      expect(traceContextOf(begun)?.traceId).to.not.equal(undefined);
      expect(childOf(without, 'msg_1')).to.equal(begun);
      expect(childOf(without, 'msg_2').split('-')[1]).to.not.equal(begun.split('-')[1]);
    });
});

describe('the kernel tells', () => {
  let bench: Bench;
  let witness: Witness;
  beforeEach(async () => {
    bench = await openBench();
    witness = new Witness();
  });
  afterEach(() => bench.close());

  const inLog = async () => (await bench.log.read(OUT, 0, 0, 100)).map((record) => jsonCodec.decode(record));
  const draft = (id: string, extra: Partial<EdgeDraft> = {}): EdgeDraft => ({
    topic: OUT,
    key: 'a',
    type: 'Said',
    subject: 'a',
    id,
    timeMs: 5,
    traceparent: BEGINNING,
    body: { total: 0 },
    ...extra,
  });
  const edge = () => createEdge({ ...bench, codec: jsonCodec, source: 'edge', telemetry: witness });

  it('of what an edge sends once the log has it: one span, which begins with its first byte', async () => {
    await edge().send([draft('one'), draft('two', { sinceMs: 3 })]);
    expect(witness.emissions.map(({ message }) => message)).to.deep.equal(await inLog());
    expect(witness.emissions.map(({ cause }) => cause)).to.deep.equal([
      { traceparent: BEGINNING, sinceMs: 5 },
      { traceparent: BEGINNING, sinceMs: 3 },
    ]);
    expect(witness.emissions[0]?.message.traceparent).to.equal(childOf(BEGINNING, 'one'));
  });

  it('nothing of what the log did not take', async () => {
    const log = { ...bench.log, append: () => Promise.reject(new Error('full')) };
    await createEdge({ ...bench, log, codec: jsonCodec, source: 'edge', telemetry: witness })
      .send([draft('one')])
      .catch(() => undefined);
    expect(witness.emissions).to.deep.equal([]);
  });

  it('of each message of a processor what led to it, and of each input that it is done with', async () => {
    const [one, two] = [childOf(BEGINNING, 'x'), childOf(BEGINNING, 'y')];
    await bench.put('Add', 'a', { n: 1 }, { traceparent: one });
    await bench.put('Add', 'b', { n: 1 }, { traceparent: two });
    witness.timeMs = 77;
    await (await bench.open(sums(), { telemetry: witness })).batch(await bench.inputs());
    expect(witness.emissions.map(({ message }) => message)).to.deep.equal(await inLog());
    expect(witness.emissions.map(({ cause }) => cause)).to.deep.equal([
      { traceparent: one, sinceMs: 77 },
      { traceparent: two, sinceMs: 77 },
    ]);
    expect(witness.events).to.deep.equal(['sums handled in-1', 'sums handled in-2']);
  });

  it('of a unit that an outage interrupted once, when it is finished', async () => {
    let fails = true;
    const log = {
      ...bench.log,
      append: (...records: Parameters<typeof bench.log.append>) =>
        fails ? Promise.reject(new Error('out')) : bench.log.append(...records),
    };
    await bench.put('Add', 'a', { n: 1 });
    const runner = await bench.open(sums(), { telemetry: witness, log });
    await runner.batch(await bench.inputs()).catch(() => undefined);
    expect(witness.emissions).to.deep.equal([]);
    fails = false;
    await runner.batch(await bench.inputs());
    expect(witness.emissions.length).to.equal(1);
    expect(witness.events).to.deep.equal(['sums handled in-1']);
  });

  it('nothing again of what its predecessor committed: that is the same span', async () => {
    await bench.put('Add', 'a', { n: 1 });
    await (await bench.open()).batch(await bench.inputs());
    await bench.open(sums(), { telemetry: witness });
    const [first, again] = await inLog();
    expect(again?.traceparent).to.equal(first?.traceparent);
    expect(witness.emissions).to.deep.equal([]);
  });

  it('of repeats nothing, of what is parked that it is, and of an owner that lost its partition', async () => {
    const from = { source: 'other/0', sequence: 7 };
    await bench.put('Add', 'a', { n: 1 }, from);
    await bench.put('Add', 'a', { n: 1 }, from);
    await bench.put('Refuse', 'b', {});
    const runner = await bench.open(sums(), { telemetry: witness });
    await runner.batch(await bench.inputs());
    await bench.open();
    await bench.put('Add', 'a', { n: 1 });
    await runner.batch(await bench.inputs(3)).catch(() => undefined);
    expect(witness.events).to.deep.equal(['sums parked', 'sums handled in-1', 'sums fenced']);
  });

  it('of a timer that fires a trace that begins with it', async () => {
    const engine = { ...bench, codec: jsonCodec, reach: goOn, telemetry: witness };
    const host = await hostProcessor({ ...engine, processor: sums() });
    await bench.put('Ask', 'a', { n: 1 });
    const rang = (): boolean => witness.emissions.some(({ message }) => message.type === 'Rang');
    await until(() => {
      bench.clock.advance(1_000);
      return rang();
    });
    await host.close();
    const of = (type: string) => witness.emissions.find(({ message }) => message.type === type);
    expect(traceContextOf(of('TimerFired')?.cause.traceparent ?? '')).to.equal(undefined);
    expect(of('TimerFired')?.message.topic).to.equal(IN);
    expect(of('Rang')?.cause.traceparent).to.equal(of('TimerFired')?.message.traceparent);
  });

  it('of what a reactor reports since when it had the event', async () => {
    bench.clock.advance(41);
    const sinceMs = bench.clock.nowMs();
    const host = await hostReactor({
      ...bench,
      codec: jsonCodec,
      reach: goOn,
      telemetry: witness,
      edge: edge(),
      reactor: {
        name: 'echo',
        topic: IN,
        wants: () => true,
        handle: async (event) => {
          bench.clock.advance(9);
          return [draft('echo', { traceparent: event.traceparent })];
        },
      },
    });
    await bench.put('Add', 'a', {}, { traceparent: childOf(BEGINNING, 'x') });
    await until(() => witness.events.length > 0);
    await host.close();
    expect(witness.emissions.map(({ cause }) => cause)).to.deep.equal([
      { traceparent: childOf(BEGINNING, 'x'), sinceMs },
    ]);
    expect(witness.events).to.deep.equal(['echo handled in-1']);
  });
});
