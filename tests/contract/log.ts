import type { LogRecord } from '@throughline/kernel/ports';
import { expect } from 'chai';
import { declareGroupLaws } from './log-groups.ts';
import {
  KEYS,
  type LogFactory,
  type LogFeatures,
  type LogSetting,
  numbered,
  readAll,
  record,
  TOPIC,
  textsOf,
} from './log-setting.ts';
import { rejectionOf, textOf, until } from './waiting.ts';

/** The laws of the `Log` port. Every adapter runs them unchanged. */
export function declareLogContract(name: string, open: LogFactory, features: LogFeatures): void {
  describe(`the log contract: ${name}`, () => {
    let setting: LogSetting;
    beforeEach(async () => {
      setting = await open([TOPIC]);
    });
    afterEach(async () => {
      await setting.close();
    });
    declareAppendLaws(
      () => setting,
      async () => {
        setting = await setting.reopen();
      },
      features,
    );
    declareTailLaws(() => setting);
    declareGroupLaws(() => setting);
  });
}

function declareAppendLaws(setting: () => LogSetting, reopen: () => Promise<void>, features: LogFeatures): void {
  it('gives back what was appended, byte for byte', async () => {
    const sent = { ...record('case_1', ''), value: Uint8Array.of(0, 255, 10, 13, 0), headers: { ce_id: 'é"\n' } };
    await setting().log.append([sent]);
    const [got] = await readAll(setting().log);
    expect(got?.key).to.equal('case_1');
    expect([...(got?.value ?? [])]).to.deep.equal([0, 255, 10, 13, 0]);
    expect(got?.headers).to.deep.equal(sent.headers);
  });

  it('keeps the order of a key across appends', async () => {
    for (const each of numbered('case_1', 5)) await setting().log.append([each]);
    expect(textsOf(await readAll(setting().log), 'case_1')).to.deep.equal(
      [0, 1, 2, 3, 4].map((index) => `case_1 ${index}`),
    );
  });

  it('keeps the order of a key across appends that nobody awaited', async () => {
    await Promise.all(numbered('case_1', 40).map((each) => setting().log.append([each])));
    const expected = Array.from({ length: 40 }, (_, index) => `case_1 ${index}`);
    expect(textsOf(await readAll(setting().log), 'case_1')).to.deep.equal(expected);
  });

  it('answers with the positions in the order of the records', async () => {
    const sent = KEYS.map((key) => record(key, `of ${key}`));
    const positions = await setting().log.append(sent);
    for (const [index, { partition, offset }] of positions.entries()) {
      const [got] = await setting().log.read(TOPIC.name, partition, offset, 1);
      expect(got?.key).to.equal(sent[index]?.key);
      expect(got).to.include({ partition, offset });
    }
    expect(positions).to.have.length(sent.length);
  });

  it('has no answer but an empty one for no records', async () => {
    expect(await setting().log.append([])).to.deep.equal([]);
  });

  it('rejects records of a topic that it does not have', async () => {
    const refusal = await rejectionOf(setting().log.append([{ ...record('case_1', 'x'), topic: 'nowhere.v1' }]));
    expect(refusal).to.be.instanceOf(Error);
  });

  it('has everything acknowledged after it was closed and opened again', async () => {
    await setting().log.append(KEYS.flatMap((key) => numbered(key, 3)));
    const before = await readAll(setting().log);
    await reopen();
    expect(await readAll(setting().log)).to.deep.equal(before);
    expect(before).to.have.length(KEYS.length * 3);
  });

  it('puts a key into the same partition after it was opened again', async () => {
    const before = await setting().log.append(KEYS.map((key) => record(key, 'before')));
    await reopen();
    const after = await setting().log.append(KEYS.map((key) => record(key, 'after')));
    expect(after.map(({ partition }) => partition)).to.deep.equal(before.map(({ partition }) => partition));
    expect(new Set(after.map(({ partition }) => partition)).size).to.equal(TOPIC.partitions);
  });

  (features.offsetsWithoutGaps ? it : it.skip)('numbers a partition 0, 1, 2, … without gaps', async () => {
    await Promise.all(KEYS.map((key) => setting().log.append(numbered(key, 3))));
    const ends = await setting().log.ends(TOPIC.name);
    for (const [partition, end] of ends.entries()) {
      const records = await setting().log.read(TOPIC.name, partition, 0, 1000);
      expect(records.map(({ offset }) => offset)).to.deep.equal(Array.from({ length: end }, (_, offset) => offset));
    }
  });

  it('reads from an offset on, at most so many, and nothing at the end', async () => {
    const positions = await setting().log.append(numbered('case_1', 6));
    const [first, , third] = positions;
    const partition = first?.partition ?? -1;
    const some = await setting().log.read(TOPIC.name, partition, third?.offset ?? -1, 2);
    expect(textsOf(some)).to.deep.equal(['case_1 2', 'case_1 3']);
    const long = await setting().log.append(numbered('case_1', 500, 6));
    const inTheMiddle = await setting().log.read(TOPIC.name, partition, long[250]?.offset ?? -1, 2);
    expect(textsOf(inTheMiddle)).to.deep.equal(['case_1 256', 'case_1 257']);
    const end = (await setting().log.ends(TOPIC.name))[partition] ?? -1;
    expect(await setting().log.read(TOPIC.name, partition, end, 10)).to.deep.equal([]);
  });

  it('says for each partition where the next record goes', async () => {
    const ends = await setting().log.ends(TOPIC.name);
    const [position] = await setting().log.append([record('case_1', 'x')]);
    expect(ends).to.have.length(TOPIC.partitions);
    expect(ends[position?.partition ?? -1]).to.equal(position?.offset);
  });
}

function declareTailLaws(setting: () => LogSetting): void {
  it('shows a tail everything from its joining on, once, in the order of each key', async () => {
    await setting().log.append(numbered('case_1', 3));
    const seen: LogRecord[] = [];
    const tail = await setting().log.tail(TOPIC.name, (each) => seen.push(each));
    await setting().log.append([...numbered('case_1', 2, 3), record('case_2', 'other')]);
    await until('the tail has seen three', () => seen.length >= 3, setting().turn);
    await tail.close();
    expect(textsOf(seen, 'case_1')).to.deep.equal(['case_1 3', 'case_1 4']);
    expect(textsOf(seen).sort()).to.deep.equal(['case_1 3', 'case_1 4', 'other']);
  });

  it('shows every tail every record', async () => {
    const seen: string[][] = [[], []];
    const tails = await Promise.all(
      seen.map((texts) => setting().log.tail(TOPIC.name, (each) => texts.push(textOf(each.value)))),
    );
    await setting().log.append([record('case_1', 'once')]);
    await until('both have seen it', () => seen.every((texts) => texts.length === 1), setting().turn);
    await Promise.all(tails.map((tail) => tail.close()));
    expect(seen).to.deep.equal([['once'], ['once']]);
  });

  it('keeps the exception of a tail from the writer and from other tails', async () => {
    const seen: string[] = [];
    const broken = await setting().log.tail(TOPIC.name, () => {
      throw new TypeError('this tail is broken');
    });
    const whole = await setting().log.tail(TOPIC.name, (each) => seen.push(textOf(each.value)));
    await setting().log.append(numbered('case_1', 2));
    await until('the other tail has seen both', () => seen.length === 2, setting().turn);
    await Promise.all([broken.close(), whole.close()]);
    expect(seen).to.deep.equal(['case_1 0', 'case_1 1']);
  });

  it('shows a closed tail nothing more', async () => {
    const seen: string[] = [];
    const witness: string[] = [];
    const closed = await setting().log.tail(TOPIC.name, (each) => seen.push(textOf(each.value)));
    const open = await setting().log.tail(TOPIC.name, (each) => witness.push(textOf(each.value)));
    await closed.close();
    await setting().log.append([record('case_1', 'late')]);
    await until('the open tail has seen it', () => witness.length === 1, setting().turn);
    await open.close();
    expect(seen).to.deep.equal([]);
  });
}
