import type { Message } from '@throughline/kernel/envelope';
import type { Keyring, LogRecord, Store } from '@throughline/kernel/ports';
import { UNIT_BYTES_MAX } from '@throughline/kernel/unit-size';
import { expect } from 'chai';
import { failure } from './by-hand.ts';
import { type Bench, IN, jsonCodec, openBench, sums } from './setting.ts';

describe('the kernel, where a unit or a record is refused', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
  });
  afterEach(() => bench.close());

  const parkedReasons = async (): Promise<readonly (string | undefined)[]> =>
    (await bench.log.read(`${IN}.parked.v1`, 0, 0, 10)).map(({ headers }) => headers.parked_reason);

  it('does not even read what is handed to an owner that was fenced, and says once that it was', async () => {
    const steps: string[] = [];
    const former = await bench.open(sums(), { reach: (step) => void steps.push(step) });
    await bench.open();
    await bench.put('Add', 'a', { n: 1 });
    expect(await failure(former.batch(await bench.inputs()))).to.equal('sums/0 belongs to another owner.');
    const before = steps.length;
    expect(await failure(former.batch(await bench.inputs()))).to.equal('sums/0 belongs to another owner.');
    expect([steps.length, bench.reports]).to.deep.equal([before, ['partition.fenced']]);
  });

  it('parks nothing while keys cannot be made: that is an outage', async () => {
    let out = true;
    const ensure: Keyring['ensure'] = (keyIds) =>
      out ? Promise.reject(new Error('the keys are out')) : bench.keyring.ensure(keyIds);
    const runner = await bench.open(sums(), { keyring: { ...bench.keyring, ensure } });
    await bench.put('Add', 'a', { n: 1 });
    expect(await failure(runner.batch(await bench.inputs()))).to.equal('the keys are out');
    out = false;
    await runner.batch(await bench.inputs());
    expect([await bench.outputs(), bench.reports]).to.deep.equal([['Summed a 1'], []]);
  });

  it('stands still where not even that it holds a record can be written, and does not try for ever', async () => {
    const encode = (message: Message) => {
      if (message.key === 'erased') throw new Error('the key is destroyed');
      return jsonCodec.encode(message);
    };
    const runner = await bench.open(sums(), { codec: { ...jsonCodec, encode } });
    await bench.put('Add', 'erased', { n: 1 });
    expect(await failure(runner.batch(await bench.inputs()))).to.equal('the key is destroyed');
    expect(runner.cursor).to.equal(0);
  });

  it('takes more inputs together again once they are small again', async () => {
    const units: number[] = [];
    const store: Store = {
      ...bench.store,
      commit(unit) {
        units.push(unit.messages.length);
        return bench.store.commit({ ...unit, messages: [] });
      },
    };
    const log = { ...bench.log, append: async () => [] };
    const large = Buffer.alloc(Math.ceil(UNIT_BYTES_MAX / 5));
    const encode = (message: Message) => {
      const record = jsonCodec.encode(message);
      return message.key.startsWith('large') ? { ...record, value: large } : record;
    };
    const runner = await bench.open(sums(), { store, log, codec: { ...jsonCodec, encode } });
    for (let n = 0; n < 12; n += 1) await bench.put('Add', `large ${n}`, { n });
    await runner.batch(await bench.inputs());
    expect(units).to.deep.equal([3, 3, 3, 3]);
    for (let n = 0; n < 24; n += 1) await bench.put('Add', `small ${n}`, { n });
    await runner.batch(await bench.inputs());
    expect(units.slice(4)).to.deep.equal([6, 12, 6]);
  });

  it('moves past repeats alone: the log would hand them over for ever', async () => {
    const from = { source: 'other/0', sequence: 7 };
    const runner = await bench.open();
    await bench.put('Add', 'a', { n: 1 }, from);
    await runner.batch(await bench.inputs());
    await bench.put('Add', 'a', { n: 1 }, from);
    await runner.batch(await bench.inputs());
    expect(runner.cursor).to.equal(2);
  });

  it('holds a record that cannot be read by the subject on it, and not by its key', async () => {
    const garbage = { topic: IN, key: 'shard-1', headers: { ce_subject: 'a' }, value: Buffer.from('garbage') };
    await bench.log.append([garbage]);
    await bench.put('Add', 'a', { n: 1 });
    await bench.put('Add', 'shard-1', { n: 1 });
    await (await bench.open()).batch(await bench.inputs());
    expect(await bench.outputs()).to.deep.equal(['Held a -1', 'Held a -1', 'Summed shard-1 1']);
  });

  it('gives a reason also where what was thrown gives none', async () => {
    const codec = {
      ...jsonCodec,
      decode(record: LogRecord): Message {
        if (record.key === 'b') throw new RangeError('what the customer said');
        return jsonCodec.decode(record);
      },
    };
    const decide = (): never => {
      throw 'thrown away';
    };
    for (const subject of ['a', 'b']) await bench.put('Add', subject, {});
    await (await bench.open({ ...sums(), decide }, { codec })).batch(await bench.inputs());
    expect(await parkedReasons()).to.deep.equal(['The decision failed.', 'it cannot be read']);
  });

  it('keeps the reason of the last try with what is still held, and tells of it', async () => {
    let reason = 'first';
    const decide = (): never => {
      throw new Error(reason);
    };
    const runner = await bench.open({ ...sums(), decide });
    await bench.put('Add', 'a', {});
    await runner.batch(await bench.inputs());
    reason = 'second';
    await bench.put('RedriveRequested', 'a', { subject: 'a' });
    await runner.batch(await bench.inputs());
    const { items } = await bench.store.list('sums', 'held:a', null, 10);
    const held = items.map(({ body }) => JSON.parse(Buffer.from(body.subarray(1)).toString()).reason);
    expect([held, bench.reports]).to.deep.equal([['second'], ['record.parked', 'record.parked']]);
  });

  it('tells of a redrive whose outcome cannot be written, as its subject is still held', async () => {
    const encode = (message: Message) => {
      if (message.type === 'Summed') throw new Error('the key is destroyed');
      return jsonCodec.encode(message);
    };
    const runner = await bench.open(sums(), { codec: { ...jsonCodec, encode } });
    await bench.put('Add', 'a', { n: 1 });
    await runner.batch(await bench.inputs());
    bench.reports.length = 0;
    await bench.put('RedriveRequested', 'a', { subject: 'a' });
    await runner.batch(await bench.inputs());
    expect(bench.reports).to.include('record.parked');
    expect((await bench.store.list('sums', 'held:a', null, 10)).items.length).to.equal(1);
  });

  it('has nothing left of what was set aside, and tells nothing of a redrive of what is not held', async () => {
    const runner = await bench.open();
    await bench.putRaw('a', 'garbage');
    await bench.put('RedriveRequested', 'a', { subject: 'a', skipFirst: true });
    await bench.put('RedriveRequested', 'a', { subject: 'a' });
    await runner.batch(await bench.inputs());
    expect((await bench.store.list('sums', 'held', null, 10)).items).to.deep.equal([]);
    expect(bench.reports).to.deep.equal(['record.parked', 'record.set-aside', 'subject.redriven']);
  });
});
