import type { Message } from '@throughline/kernel/envelope';
import type { Store } from '@throughline/kernel/ports';
import type { Processor } from '@throughline/kernel/processor';
import { UNIT_BYTES_MAX } from '@throughline/kernel/unit-size';
import { expect } from 'chai';
import { keepingReporter } from '../contract/embedded-place.ts';
import { type Bench, IN, jsonCodec, sums } from './setting.ts';

/** What becomes of records that cannot be handled (law 10). It is the same on every store. */
export function declareParkingLaws(store: string, open: () => Promise<Bench>): void {
  describe(`the kernel with a record that cannot be handled, on ${store}`, () => {
    let bench: Bench;
    beforeEach(async () => {
      bench = await open();
    });
    afterEach(() => bench.close());

    it('holds it and what follows for its subject, and lets everything else go on (law 10)', async () => {
      await bench.putRaw('bad', 'garbage');
      await bench.put('Add', 'bad', { n: 1 });
      await bench.put('Add', 'good', { n: 1 });
      await (await bench.open()).batch(await bench.inputs());
      expect(await bench.outputs()).to.deep.equal(['Held bad -1', 'Held bad -1', 'Summed good 1']);
      expect(await bench.log.ends(`${IN}.parked.v1`)).to.deep.equal([1]);
    });

    it('parks what would be sealed under a key id that is too long, which stopped its partition for ever', async () => {
      await bench.put('Add', 'x'.repeat(300), { n: 1 });
      await bench.put('Add', 'good', { n: 1 });
      await (await bench.open()).batch(await bench.inputs());
      expect((await bench.outputs()).at(-1)).to.equal('Summed good 1');
      expect(await bench.log.ends(`${IN}.parked.v1`)).to.deep.equal([1]);
    });

    it('still holds the subject after a change of owner', async () => {
      await bench.putRaw('bad', 'garbage');
      await (await bench.open()).batch(await bench.inputs());
      await bench.put('Add', 'bad', { n: 1 });
      await (await bench.open()).batch(await bench.inputs(1));
      expect(await bench.outputs()).not.to.include('Summed bad 1');
    });

    it('redrives what is held, in order, once; again is the same as once', async () => {
      const accepts = { refused: false };
      await bench.put('Refuse', 'a', { n: 1 });
      await bench.put('Add', 'a', { n: 2 });
      const runner = await bench.open(sums(accepts));
      await runner.batch(await bench.inputs());
      accepts.refused = true;
      await bench.put('RedriveRequested', 'a', { subject: 'a' });
      await bench.put('RedriveRequested', 'a', { subject: 'a' });
      await bench.put('Add', 'a', { n: 3 });
      await runner.batch(await bench.inputs());
      expect((await bench.outputs()).filter((said) => said.startsWith('Summed'))).to.deep.equal([
        'Summed a 1',
        'Summed a 3',
        'Summed a 6',
      ]);
      expect((await bench.store.list('sums', 'held', null, 10)).items).to.deep.equal([]);
    });

    it('sets the first aside for good where a redrive asks for it, and handles what waits behind it', async () => {
      await bench.putRaw('a', 'garbage');
      await bench.put('Add', 'a', { n: 2 });
      await bench.put('RedriveRequested', 'a', { subject: 'a' });
      await bench.put('RedriveRequested', 'a', { subject: 'a', skipFirst: true });
      await bench.put('Add', 'a', { n: 3 });
      await (await bench.open()).batch(await bench.inputs());
      const said = (await bench.outputs()).filter((one) => one.startsWith('Summed'));
      expect(said).to.deep.equal(['Summed a 2', 'Summed a 5']);
      const copies = await bench.log.read(`${IN}.parked.v1`, 0, 0, 10);
      expect(copies.map(({ headers }) => headers.parked_reason)).to.deep.equal(['it is garbage', 'set aside']);
    });

    it('names a trace in whatever it logs of a record', async () => {
      const { said, ...reporter } = keepingReporter();
      const traced = (digit: string) => ({ traceparent: `00-${digit.repeat(32)}-${digit.repeat(16)}-01` });
      await bench.put('Refuse', 'a', { n: 1 }, traced('1'));
      await bench.put('RedriveRequested', 'a', { subject: 'a' }, traced('2'));
      await bench.put('RedriveRequested', 'a', { subject: 'a', skipFirst: true }, traced('3'));
      await (await bench.open(sums(), { reporter })).batch(await bench.inputs());
      const traces = said.map(({ event, detail }) => `${event} ${(detail as { trace: string }).trace[0]}`);
      expect(traces).to.deep.equal(['record.parked 1', 'record.parked 1', 'record.set-aside 1', 'subject.redriven 3']);
    });

    it('holds the subject until the last of many has been redriven', async () => {
      const accepts = { refused: false };
      await bench.put('Refuse', 'a', { n: 0 });
      for (let n = 0; n < 120; n += 1) await bench.put('Add', 'a', { n: 1 });
      const runner = await bench.open(sums(accepts));
      await runner.batch(await bench.inputs());
      accepts.refused = true;
      await bench.put('RedriveRequested', 'a', { subject: 'a' });
      await bench.put('Add', 'a', { n: 1000 });
      await runner.batch(await bench.inputs());
      expect((await bench.outputs()).at(-1)).to.equal('Held a -1');
      await bench.put('RedriveRequested', 'a', { subject: 'a' });
      await runner.batch(await bench.inputs());
      expect((await bench.outputs()).at(-1)).to.equal('Summed a 1120');
    });

    it('keeps holding where the redrive fails again, and loses nothing', async () => {
      await bench.put('Refuse', 'a', { n: 1 });
      await bench.put('Add', 'a', { n: 2 });
      await bench.put('RedriveRequested', 'a', { subject: 'a' });
      await (await bench.open()).batch(await bench.inputs());
      expect((await bench.store.list('sums', 'held:a', null, 10)).items.length).to.equal(2);
    });

    it('parks what nothing can be written of, and lets the rest of its batch go on', async () => {
      const codec = {
        ...jsonCodec,
        encode(message: Message) {
          if (message.type === 'Summed' && message.key === 'erased') throw new Error('the key is destroyed');
          return jsonCodec.encode(message);
        },
      };
      await bench.put('Add', 'good', { n: 1 });
      await bench.put('Add', 'erased', { n: 1 });
      await bench.put('Add', 'good', { n: 1 });
      const runner = await bench.open(sums(), { codec });
      await runner.batch(await bench.inputs());
      expect(await bench.outputs()).to.deep.equal(['Summed good 1', 'Held erased -1', 'Summed good 2']);
      await bench.put('RedriveRequested', 'erased', { subject: 'erased' });
      await bench.put('Add', 'good', { n: 1 });
      await runner.batch(await bench.inputs());
      expect((await bench.outputs()).at(-1)).to.equal('Summed good 3');
      expect((await bench.store.list('sums', 'held:erased', null, 10)).items.length).to.equal(1);
    });

    it('handles in several units what does not fit one together, and parks nothing of it', async () => {
      const size = Math.ceil(UNIT_BYTES_MAX / 5);
      const written: number[] = [];
      const store: Store = {
        ...bench.store,
        commit(unit) {
          written.push(unit.messages.length);
          return bench.store.commit(unit);
        },
      };
      const processor: Processor = {
        ...sums(),
        decide(input, documents, context) {
          const decided = sums().decide(input, documents, context);
          return {
            ...decided,
            writes: (decided.writes ?? []).map((write) => ({ ...write, id: input.id, content: 'x'.repeat(size) })),
          };
        },
      };
      for (let n = 0; n < 12; n += 1) await bench.put('Add', `s${n}`, { n });
      await (await bench.open(processor, { store })).batch(await bench.inputs());
      expect((await bench.outputs()).length).to.equal(12);
      expect(await bench.log.ends(`${IN}.parked.v1`)).to.deep.equal([0]);
      expect(written).to.deep.equal([3, 3, 3, 3]);
    });

    it('parks what does not fit a unit, and lets the rest of its batch go on', async () => {
      const codec = {
        ...jsonCodec,
        encode: (message: Message) => {
          const record = jsonCodec.encode(message);
          const isHuge = message.type === 'Summed' && message.key === 'huge';
          return isHuge ? { ...record, value: Buffer.alloc(UNIT_BYTES_MAX) } : record;
        },
      };
      for (const subject of ['good', 'huge', 'good']) await bench.put('Add', subject, { n: 1 });
      await (await bench.open(sums(), { codec })).batch(await bench.inputs());
      expect(await bench.outputs()).to.deep.equal(['Summed good 1', 'Held huge -1', 'Summed good 2']);
    });

    it('redrives records that are large in several steps, so that what follows fits a unit', async () => {
      const accepts = { refused: false };
      await bench.put('Refuse', 'a', { n: 0 });
      const text = 'x'.repeat(400_000);
      for (let n = 0; n < 3; n += 1) await bench.put('Add', 'a', { n: 1, text });
      const runner = await bench.open(sums(accepts));
      await runner.batch(await bench.inputs());
      accepts.refused = true;
      await bench.put('RedriveRequested', 'a', { subject: 'a' });
      await runner.batch(await bench.inputs());
      expect((await bench.outputs()).at(-1)).to.equal('Summed a 2');
      await bench.put('RedriveRequested', 'a', { subject: 'a' });
      await runner.batch(await bench.inputs());
      expect((await bench.outputs()).at(-1)).to.equal('Summed a 3');
    });

    it('parks a decision on a document that needs did not name: it is a defect, not an outage', async () => {
      await bench.put('Stray', 'a', {});
      await (await bench.open()).batch(await bench.inputs());
      expect(bench.reports).to.include('record.parked');
    });
  });
}
