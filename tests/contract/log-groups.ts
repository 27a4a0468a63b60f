import type { LogRecord } from '@throughline/kernel/ports';
import { expect } from 'chai';
import { joinAll, KEYS, type LogSetting, numbered, record, TOPIC, textsOf, Witness } from './log-setting.ts';
import { aWhile, gate, until } from './waiting.ts';

/** The laws of consumer groups. */
export function declareGroupLaws(setting: () => LogSetting): void {
  declareDeliveryLaws(setting);
  declareOwnershipLaws(setting);
}

function declareDeliveryLaws(setting: () => LogSetting): void {
  it('hands a member every record from its cursor on, in the order of each key', async () => {
    await setting().log.append(KEYS.flatMap((key) => numbered(key, 2)));
    const member = new Witness({ group: 'g' });
    const [joined] = await joinAll(setting(), [member]);
    await setting().log.append(KEYS.flatMap((key) => numbered(key, 2, 2)));
    await until('it has all', () => member.records.length >= KEYS.length * 4, setting().turn);
    await joined?.close();
    for (const key of KEYS) {
      expect(textsOf(member.records, key)).to.deep.equal([0, 1, 2, 3].map((index) => `${key} ${index}`));
    }
  });

  it('starts where the member says', async () => {
    const positions = await setting().log.append(numbered('case_1', 5));
    const third = positions[3];
    const member = new Witness({ group: 'g', cursors: new Map([[third?.partition ?? -1, third?.offset ?? -1]]) });
    const [joined] = await joinAll(setting(), [member]);
    await until('it has two', () => member.records.length >= 2, setting().turn);
    await joined?.close();
    expect(textsOf(member.records)).to.deep.equal(['case_1 3', 'case_1 4']);
  });

  it('hands a rejected batch again and skips nothing', async () => {
    await setting().log.append(numbered('case_1', 3));
    const member = new Witness({ group: 'g' });
    const tried: string[] = [];
    member.onBatch = async (_, records) => {
      tried.push(records.map(({ offset }) => offset).join());
      if (tried.length < 4) throw new TypeError('an outage');
    };
    const [joined] = await joinAll(setting(), [member]);
    await until('the batch was taken', () => member.records.length === 3, setting().turn);
    await setting().log.append([record('case_1', 'case_1 3')]);
    await until('so was the next', () => member.records.length === 4, setting().turn);
    await joined?.close();
    expect(textsOf(member.records)).to.deep.equal(['case_1 0', 'case_1 1', 'case_1 2', 'case_1 3']);
    expect(tried.length).to.be.at.least(5);
  });

  it('goes on with the other partitions while one is in an outage', async () => {
    const [bad] = await setting().log.append([record('case_1', 'bad')]);
    const member = new Witness({ group: 'g' });
    member.onBatch = async (partition) => {
      if (partition === bad?.partition) throw new Error('an outage');
    };
    const [joined] = await joinAll(setting(), [member]);
    const positions = await setting().log.append(KEYS.map((key) => record(key, key)));
    const others = positions.filter(({ partition }) => partition !== bad?.partition).length;
    await until('the other partitions are done', () => member.records.length === others, setting().turn);
    await joined?.close();
    expect(member.records.some(({ partition }) => partition === bad?.partition)).to.equal(false);
  });

  it('asks again where a member could not take the partition', async () => {
    await setting().log.append([record('case_1', 'patient')]);
    const member = new Witness({ group: 'g' });
    let refusals = 0;
    member.onAssigned = async () => {
      refusals += 1;
      if (refusals <= TOPIC.partitions) throw new RangeError('the store is away');
    };
    const [joined] = await joinAll(setting(), [member]);
    await until('it has the record', () => member.records.length === 1, setting().turn);
    await joined?.close();
    expect(textsOf(member.records)).to.deep.equal(['patient']);
  });

  it('hands one batch of a partition at a time', async () => {
    const running = new Set<number>();
    let overlaps = 0;
    const member = new Witness({ group: 'g' });
    member.onBatch = async (partition) => {
      if (running.has(partition)) overlaps += 1;
      running.add(partition);
      await setting().turn();
      running.delete(partition);
    };
    const [joined] = await joinAll(setting(), [member]);
    for (let round = 0; round < 5; round += 1) {
      await Promise.all(KEYS.map((key) => setting().log.append([record(key, `${key} ${round}`)])));
    }
    await until('all are taken', () => member.records.length === KEYS.length * 5, setting().turn);
    await joined?.close();
    expect(overlaps).to.equal(0);
  });

  it('hands every group every record', async () => {
    const members = [new Witness({ group: 'a' }), new Witness({ group: 'b' })];
    const joined = [];
    for (const member of members) joined.push(...(await joinAll(setting(), [member])));
    await setting().log.append(numbered('case_1', 2));
    await until('both have both', () => members.every(({ records }) => records.length === 2), setting().turn);
    await Promise.all(joined.map((each) => each.close()));
    for (const member of members) expect(textsOf(member.records)).to.deep.equal(['case_1 0', 'case_1 1']);
  });
}

function declareOwnershipLaws(setting: () => LogSetting): void {
  it('shares the partitions between two members, and each record goes to one', async () => {
    const cursors = new Map<number, number>();
    const members = [new Witness({ group: 'g', cursors }), new Witness({ group: 'g', cursors })];
    const joined = await joinAll(setting(), members);
    await setting().log.append(KEYS.map((key) => record(key, key)));
    const taken = (): LogRecord[] => members.flatMap(({ records }) => records);
    await until('all are taken', () => taken().length >= KEYS.length, setting().turn);
    await Promise.all(joined.map((each) => each.close()));
    expect(textsOf(taken()).sort()).to.deep.equal([...KEYS].sort());
    for (const member of members) expect(member.records).not.to.have.length(0);
  });

  it('lets the next owner begin only when the running batch of the last one has ended', async () => {
    const events: string[] = [];
    const cursors = new Map<number, number>();
    const first = new Witness({ group: 'g', name: 'first', events, cursors });
    const second = new Witness({ group: 'g', name: 'second', events, cursors });
    const ended = gate();
    first.onBatch = () => ended.opened;
    const [firstJoined] = await joinAll(setting(), [first]);
    await setting().log.append(KEYS.map((key) => record(key, key)));
    const running = (): string[] => events.filter((event) => event.startsWith('first begins'));
    await until('a batch of every partition runs', () => running().length === TOPIC.partitions, setting().turn);
    const secondJoining = setting().log.subscribe(second);
    const leaving = firstJoined?.close();
    await aWhile(setting().turn);
    expect(events.filter((event) => event.startsWith('second'))).to.deep.equal([]);
    ended.open();
    const secondJoined = await secondJoining;
    await leaving;
    await until('the second has all', () => second.held.size === TOPIC.partitions, setting().turn);
    await secondJoined.close();
    for (let partition = 0; partition < TOPIC.partitions; partition += 1) {
      expect(events.indexOf(`first ends ${partition}`)).to.be.below(events.indexOf(`first loses ${partition}`));
      expect(events.indexOf(`first loses ${partition}`)).to.be.below(events.indexOf(`second has ${partition}`));
    }
  });

  it('gives the partitions of a member that leaves to those who stay, and loses no record', async () => {
    const cursors = new Map<number, number>();
    const members = [new Witness({ group: 'g', cursors }), new Witness({ group: 'g', cursors })];
    const [leaver] = members;
    const [stayer] = members.slice(1);
    const joined = await joinAll(setting(), members);
    await setting().log.append(KEYS.map((key) => record(key, `${key} early`)));
    await joined[0]?.close();
    await setting().log.append(KEYS.map((key) => record(key, `${key} late`)));
    const taken = (): string[] => members.flatMap(({ records }) => textsOf(records));
    await until('all are taken', () => new Set(taken()).size === KEYS.length * 2, setting().turn);
    await joined[1]?.close();
    expect(leaver?.held.size).to.equal(0);
    expect(textsOf(stayer?.records ?? []).filter((text) => text.endsWith('late'))).to.have.length(KEYS.length);
  });

  it('hands nothing to a member that has left', async () => {
    const member = new Witness({ group: 'g' });
    const [joined] = await joinAll(setting(), [member]);
    await joined?.close();
    await setting().log.append([record('case_1', 'late')]);
    await aWhile(setting().turn);
    expect(member.records).to.deep.equal([]);
    expect(member.held.size).to.equal(0);
  });
}
