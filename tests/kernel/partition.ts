import { type Codec, Undecodable } from '@throughline/kernel/envelope';
import { Fenced } from '@throughline/kernel/partition';
import type { Store } from '@throughline/kernel/ports';
import { createReader } from '@throughline/kernel/reader';
import { expect } from 'chai';
import { type Bench, jsonCodec, OUT, sums } from './setting.ts';

/** The laws of the kernel on one partition. They hold on every store. */
export function declarePartitionLaws(store: string, open: () => Promise<Bench>): void {
  describe(`the kernel on one partition, on ${store}`, () => {
    let bench: Bench;
    beforeEach(async () => {
      bench = await open();
    });
    afterEach(() => bench.close());

    const rejected = async (run: Promise<unknown>): Promise<unknown> =>
      run.then(
        () => undefined,
        (error: unknown) => error,
      );

    it('decides each input on what the inputs before it wrote, also within one batch', async () => {
      for (const n of [1, 2, 3]) await bench.put('Add', 'a', { n });
      const runner = await bench.open();
      await runner.batch(await bench.inputs());
      expect(await bench.outputs()).to.deep.equal(['Summed a 1', 'Summed a 3', 'Summed a 6']);
      expect(runner.cursor).to.equal(3);
    });

    it('handles a record that is handed to it again only once', async () => {
      await bench.put('Add', 'a', { n: 1 });
      const runner = await bench.open();
      await runner.batch(await bench.inputs());
      await runner.batch(await bench.inputs());
      expect(await bench.outputs()).to.deep.equal(['Summed a 1']);
    });

    it('takes a message of another processor once, however often its source appends it', async () => {
      const from = { source: 'other/0', sequence: 7 };
      await bench.put('Add', 'a', { n: 1 }, from);
      await bench.put('Add', 'a', { n: 1 }, from);
      await bench.put('Add', 'a', { n: 1 }, { ...from, sequence: 6 });
      await bench.put('Add', 'a', { n: 1 }, { ...from, sequence: 8 });
      await (await bench.open()).batch(await bench.inputs());
      expect(await bench.outputs()).to.deep.equal(['Summed a 1', 'Summed a 2']);
    });

    it('remembers what it took over a change of owner', async () => {
      await bench.put('Add', 'a', { n: 1 }, { source: 'other/0', sequence: 7 });
      await (await bench.open()).batch(await bench.inputs());
      await bench.put('Add', 'a', { n: 1 }, { source: 'other/0', sequence: 7 });
      await (await bench.open()).batch(await bench.inputs(1));
      expect((await bench.outputs()).filter((said) => said.endsWith(' 2'))).to.deep.equal([]);
    });

    it('fences the former owner: it commits nothing and does not come back', async () => {
      await bench.put('Add', 'a', { n: 1 });
      const former = await bench.open();
      const owner = await bench.open();
      expect(await rejected(former.batch(await bench.inputs()))).to.be.instanceOf(Fenced);
      expect(former.fenced).to.equal(true);
      await owner.batch(await bench.inputs());
      expect(await rejected(former.batch(await bench.inputs()))).to.be.instanceOf(Fenced);
      expect(await bench.outputs()).to.deep.equal(['Summed a 1']);
    });

    it('appends again, first of all, what its predecessor committed and perhaps did not append', async () => {
      await bench.put('Add', 'a', { n: 1 });
      const stopped = await bench.open(sums(), {
        reach: (step) => {
          if (step === 'sums/committed') throw new Error('the process is gone');
        },
      });
      expect(await rejected(stopped.batch(await bench.inputs()))).to.be.instanceOf(Error);
      expect(await bench.outputs()).to.deep.equal([]);
      const successor = await bench.open();
      expect(await bench.outputs()).to.deep.equal(['Summed a 1']);
      await successor.batch(await bench.inputs());
      expect(await bench.outputs()).to.deep.equal(['Summed a 1']);
    });

    it('settles a commit whose answer was lost with the same unit', async () => {
      await bench.put('Add', 'a', { n: 1 });
      let lost = true;
      const store: Store = {
        ...bench.store,
        async commit(unit) {
          const outcome = await bench.store.commit(unit);
          if (lost) {
            lost = false;
            throw new Error('the answer is lost');
          }
          return outcome;
        },
      };
      const runner = await bench.open(sums(), { store });
      expect(await rejected(runner.batch(await bench.inputs()))).to.be.instanceOf(Error);
      await runner.batch(await bench.inputs());
      expect(await bench.outputs()).to.deep.equal(['Summed a 1']);
      expect(runner.fenced).to.equal(false);
    });

    it('finishes an append that failed before it decides on anything else', async () => {
      await bench.put('Add', 'a', { n: 1 });
      let down = true;
      const log = {
        ...bench.log,
        append: async (records: Parameters<typeof bench.log.append>[0]) => {
          if (down) throw new Error('the log is down');
          return bench.log.append(records);
        },
      };
      const runner = await bench.open(sums(), { log });
      expect(await rejected(runner.batch(await bench.inputs()))).to.be.instanceOf(Error);
      await bench.put('Add', 'a', { n: 2 });
      down = false;
      await runner.batch(await bench.inputs());
      expect(await bench.outputs()).to.deep.equal(['Summed a 1', 'Summed a 3']);
    });

    it('decides nothing on an outage of the store, and goes on where it was', async () => {
      await bench.put('Add', 'a', { n: 1 });
      let down = true;
      const store: Store = {
        ...bench.store,
        load: async (processor, refs) => {
          if (down) throw new Error('the store is down');
          return bench.store.load(processor, refs);
        },
      };
      const runner = await bench.open(sums(), { store });
      expect(await rejected(runner.batch(await bench.inputs()))).to.be.instanceOf(Error);
      expect(bench.reports).not.to.include('record.parked');
      down = false;
      await runner.batch(await bench.inputs());
      expect(await bench.outputs()).to.deep.equal(['Summed a 1']);
    });

    it('parks nothing while keys or schemas cannot be fetched, and goes on where it was', async () => {
      await bench.put('Add', 'a', { n: 1 });
      let down = true;
      const codec: Codec = {
        ...jsonCodec,
        prepare: async () => {
          if (down) throw new Error('the schema registry is down');
        },
        decode: (record) => {
          if (down) throw new Undecodable('there is no schema 7');
          return jsonCodec.decode(record);
        },
      };
      const runner = await bench.open(sums(), { codec });
      expect(await rejected(runner.batch(await bench.inputs()))).to.have.property(
        'message',
        'the schema registry is down',
      );
      expect([runner.cursor, bench.reports]).to.deep.equal([0, []]);
      down = false;
      await runner.batch(await bench.inputs());
      expect(await bench.outputs()).to.deep.equal(['Summed a 1']);
    });

    it('never lets time go back', async () => {
      await bench.put('Add', 'a', { n: 1 }, { timeMs: 5_000 });
      await bench.put('Add', 'a', { n: 1 }, { timeMs: 3_000 });
      await (await bench.open()).batch(await bench.inputs());
      const reader = createReader({ ...bench, processor: 'sums' });
      expect((await reader.get<{ times: number[] }>('sum', 'a'))?.times).to.deep.equal([5_000, 5_000]);
    });

    it('seals documents at rest', async () => {
      await bench.put('Add', 'a', { n: 41_424_344 });
      await (await bench.open()).batch(await bench.inputs());
      const [stored] = await bench.store.load('sums', [{ kind: 'sum', id: 'a' }]);
      expect(Buffer.from(stored?.body ?? []).toString('latin1')).not.to.contain('41424344');
      await bench.keyring.destroy('case:a');
      expect(await createReader({ ...bench, processor: 'sums' }).get('sum', 'a')).to.equal(undefined);
    });

    it('lists documents for a view, without those whose key is destroyed', async () => {
      for (const subject of ['a', 'b', 'c']) await bench.put('Add', subject, { n: 1 });
      await (await bench.open()).batch(await bench.inputs());
      await bench.keyring.destroy('case:b');
      const reader = createReader({ ...bench, processor: 'sums' });
      const first = await reader.list<{ total: number }>('all', null, 2);
      expect(first.items.map(({ id, content }) => [id, content.total])).to.deep.equal([['a', 1]]);
      const second = await reader.list('all', first.next, 2);
      expect(second.items.map(({ id }) => id)).to.deep.equal(['c']);
      expect(await reader.get('sum', 'never-there')).to.equal(undefined);
    });

    it('gives every message a sequence that rises, and the trace of its cause', async () => {
      await bench.put('Add', 'a', { n: 1 }, { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` });
      await bench.put('Add', 'b', { n: 1 });
      await (await bench.open()).batch(await bench.inputs());
      const messages = (await bench.log.read(OUT, 0, 0, 10)).map((record) => jsonCodec.decode(record));
      expect(messages.map((message) => [message.source, message.sequence])).to.deep.equal([
        ['sums/0', 1],
        ['sums/0', 2],
      ]);
      expect(messages[0]?.traceparent).to.match(new RegExp(`^00-${'a'.repeat(32)}-[0-9a-f]{16}-01$`));
    });
  });
}
