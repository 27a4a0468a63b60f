import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type KafkaEngine, startKafka } from '@throughline/engines/kafka';
import type { Closable, LogRecord, OutgoingRecord } from '@throughline/kernel/ports';
import type { KafkaLog } from '@throughline/log-kafka/log';
import { expect } from 'chai';
import { Kafka, logLevel } from 'kafkajs';
import { KEYS, numbered, readAll, record, TOPIC, textsOf, Witness } from '../contract/log-setting.ts';
import { bytesOf, gate, textOf, until } from '../contract/waiting.ts';
import { freePort } from '../flow/ports.ts';
import { type KafkaPlace, newPlace } from './kafka-place.ts';

const turn = (): Promise<void> => sleep(10);
/** Longer than a member may be silent (6 s). */
const SESSION_AND_MORE_MS = 8_000;

/** A broker of its own: nobody else's tests stand in the way of what is done to it here. */
describe('the log on Kafka through faults', function () {
  this.timeout(90_000);
  let directory = '';
  let kafka: KafkaEngine;
  let place: KafkaPlace;
  let log: KafkaLog;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'throughline-kafka-'));
    const [port, controllerPort] = [await freePort(), await freePort()];
    kafka = await startKafka({ directory, port, controllerPort, progress: () => undefined });
    process.on('exit', killLeftOver);
  });
  after(async () => {
    await kafka.stop();
    process.off('exit', killLeftOver);
    await rm(directory, { recursive: true, force: true });
  });
  beforeEach(async () => {
    place = await newPlace(kafka.brokers, [TOPIC]);
    log = await place.open();
  });
  afterEach(async function () {
    await log.close();
    if (this.currentTest?.state === 'failed') console.error(place.reporter.reported.slice(-40).join('\n'));
  });

  /** A run that is cut short passes by `after`, and the broker would live on. */
  const killLeftOver = (): void => {
    process.kill(kafka.pid, 'SIGKILL');
  };
  const restart = async (): Promise<void> => {
    await kafka.kill();
    await kafka.start();
  };

  it('loses nothing acknowledged, and no order of a key, when the broker is killed under it', async () => {
    const acknowledged: string[] = [];
    const repeated = new Set<string>();
    let isOver = false;
    const writing = Promise.all(
      KEYS.map(async (key) => {
        for (let index = 0; !isOver; index += 3)
          await appendInOrder(log, numbered(key, 3, index), acknowledged, repeated);
      }),
    );
    await until('much is written', () => acknowledged.length > 2_000, turn);
    await restart();
    const before = acknowledged.length;
    await until('much is written again', () => acknowledged.length > before + 2_000, turn);
    isOver = true;
    await writing;
    const records = await readAll(log);
    const texts = new Set(textsOf(records));
    expect(acknowledged.filter((text) => !texts.has(text))).to.deep.equal([]);
    for (const key of KEYS) {
      const of = textsOf(records, key);
      expect([...new Set(of)]).to.deep.equal(Array.from({ length: new Set(of).size }, (_, index) => `${key} ${index}`));
    }
    // What was under way when it was killed may be there twice: at most one request's worth.
    expect(records.length - texts.size).to.be.at.most(KEYS.length * 3 + repeated.size);
    expect(place.fatal).to.deep.equal([]);
  });

  it('shows a tail every record once over a restart of the broker', async () => {
    const seen: string[] = [];
    const tail = await log.tail(TOPIC.name, (each) => seen.push(textOf(each.value)));
    await log.append(KEYS.map((key) => record(key, `${key} before`)));
    await until('it has seen what came before', () => seen.length >= KEYS.length, turn);
    await restart();
    await appendInOrder(
      log,
      KEYS.map((key) => record(key, `${key} after`)),
      [],
      new Set(),
    );
    await until('it has seen what came after', () => new Set(seen).size === KEYS.length * 2, turn);
    await tail.close();
    const written = textsOf(await readAll(log));
    expect([...seen].sort()).to.deep.equal([...written].sort());
  });

  it('gives a partition to the next member only behind the running batch, and skips and repeats nothing', async () => {
    const cursors = new Map<number, number>();
    const events: string[] = [];
    const first = new Witness({ group: 'g', name: 'first', cursors, events });
    const second = new Witness({ group: 'g', name: 'second', cursors, events });
    const middle = gate();
    first.onBatch = () => middle.opened;
    const joined: Closable[] = [await log.subscribe(first)];
    await log.append(KEYS.map((key) => record(key, `${key} 0`)));
    await until(
      'its batches run',
      () => events.filter((event) => event.startsWith('first begins')).length === TOPIC.partitions,
      turn,
    );
    const joining = log.subscribe(second);
    const hasHeard = (): boolean => place.reporter.reported.some((each) => each.startsWith('log.group-giving-up'));
    await until('it hears that it is to give up', hasHeard, turn);
    for (let index = 1; index < 20; index += 1) await log.append(KEYS.map((key) => record(key, `${key} ${index}`)));
    expect(second.held.size).to.equal(0);
    middle.open();
    joined.push(await joining);
    const taken = (): LogRecord[] => [...first.records, ...second.records];
    await until('all is taken', () => taken().length >= KEYS.length * 20, turn);
    await Promise.all(joined.map((each) => each.close()));
    expect(first.records).not.to.have.length(0);
    expect(second.records).not.to.have.length(0);
    expect(textsOf(taken()).sort()).to.deep.equal(
      KEYS.flatMap((key) => numbered(key, 20))
        .map(({ value }) => textOf(value))
        .sort(),
    );
    expect(overlaps(events)).to.deep.equal([]);
  });

  it('keeps its partitions through a batch that lasts longer than a session', async () => {
    const member = new Witness({ group: 'g' });
    let tries = 0;
    member.onBatch = async () => {
      tries += 1;
      if (tries > 1) return;
      // The law is about this time: nothing else tells that the broker could have taken the member for dead.
      await sleep(SESSION_AND_MORE_MS);
      throw new RangeError('an outage');
    };
    const joined = await log.subscribe(member);
    await log.append(numbered('case_1', 3));
    await until('the batch is taken', () => member.records.length === 3, turn);
    const losses = member.events.filter((event) => event.startsWith('it loses'));
    await joined.close();
    expect(losses).to.deep.equal([]);
    expect(textsOf(member.records)).to.deep.equal(['case_1 0', 'case_1 1', 'case_1 2']);
  });

  it('gives everything up by its own clock when the broker is silent, and goes on where it was', async () => {
    const member = new Witness({ group: 'g', cursors: new Map() });
    const joined = await log.subscribe(member);
    await log.append(numbered('case_1', 3));
    await until('it has them', () => member.records.length === 3, turn);
    kafka.pause();
    await until('it has given up', () => member.held.size === 0, turn);
    kafka.resume();
    await until('it has its partitions again', () => member.held.size === TOPIC.partitions, turn);
    await appendInOrder(log, numbered('case_1', 3, 3), [], new Set());
    await until('it has the others', () => new Set(textsOf(member.records)).size === 6, turn);
    await joined.close();
    expect([...new Set(textsOf(member.records))]).to.deep.equal([0, 1, 2, 3, 4, 5].map((index) => `case_1 ${index}`));
    expect(place.fatal).to.deep.equal([]);
  });

  it('stops the process where the log is older than the cursor', async () => {
    const [position] = await log.append([record('case_1', 'x')]);
    const member = new Witness({ group: 'g', cursors: new Map([[position?.partition ?? -1, 99]]) });
    const joined = await log.subscribe(member);
    await until('it is told to stop', () => place.fatal.length > 0, turn);
    await joined.close();
    expect(place.fatal[0]?.message).to.match(/Record 99 of .* ends at 1: .* backup/);
    expect(member.records).to.deep.equal([]);
  });

  it('stops the process where records were deleted that it has not handled', async () => {
    const positions = await log.append(numbered('case_1', 5));
    const partition = positions[0]?.partition ?? -1;
    await deleteBefore(partition, 3);
    const member = new Witness({ group: 'g' });
    const joined = await log.subscribe(member);
    await until('it is told to stop', () => place.fatal.length > 0, turn);
    await joined.close();
    expect(place.fatal[0]?.message).to.match(/Record 0 of .* begins at 3/);
    expect(member.records).to.deep.equal([]);
  });

  it('stops the process where records are deleted under a reader, instead of skipping them', async () => {
    const large = (index: number): OutgoingRecord => ({
      ...record('case_1', ''),
      value: bytesOf(`${index}`.padEnd(3_000)),
    });
    const positions = await log.append(Array.from({ length: 1_500 }, (_, index) => large(index)));
    const member = new Witness({ group: 'g' });
    const middle = gate();
    member.onBatch = () => middle.opened;
    const joined = await log.subscribe(member);
    await until('its first batch runs', () => member.events.some((event) => event.startsWith('it begins')), turn);
    await deleteBefore(positions[0]?.partition ?? -1, 1_450);
    middle.open();
    await until('it is told to stop', () => place.fatal.length > 0, turn);
    await joined.close();
    expect(place.fatal[0]?.message).to.match(/begins at 1450/);
    const offsets = member.records.map(({ offset }) => offset);
    expect(offsets).to.deep.equal(Array.from({ length: offsets.length }, (_, offset) => offset));
    expect(offsets.length).to.be.below(1_450);
  });

  async function deleteBefore(partition: number, offset: number): Promise<void> {
    const admin = new Kafka({ clientId: 'tests', brokers: [kafka.brokers], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    try {
      await admin.fetchTopicOffsets(place.named(TOPIC.name));
      await admin.deleteTopicRecords({
        topic: place.named(TOPIC.name),
        partitions: [{ partition, offset: String(offset) }],
      });
    } finally {
      await admin.disconnect();
    }
  }
});

/** As a caller does: nobody awaits one before the next, and what is given back is appended again, all of it in order. */
async function appendInOrder(
  log: KafkaLog,
  records: readonly OutgoingRecord[],
  acknowledged: string[],
  repeated: Set<string>,
): Promise<void> {
  const texts = records.map(({ value }) => textOf(value));
  for (;;) {
    const outcomes = await Promise.allSettled(records.map((each) => log.append([each])));
    if (outcomes.every(({ status }) => status === 'fulfilled')) break;
    for (const text of texts) repeated.add(text);
  }
  acknowledged.push(...texts);
}

/** Batches of a partition that began while another of it ran. */
function overlaps(events: readonly string[]): readonly string[] {
  const running = new Set<string>();
  return events.filter((event) => {
    const [, what, partition = ''] = event.split(' ');
    if (what === 'ends') running.delete(partition);
    const isOverlap = what === 'begins' && running.has(partition);
    if (what === 'begins') running.add(partition);
    return isOverlap;
  });
}
