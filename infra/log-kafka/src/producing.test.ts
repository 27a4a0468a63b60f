import type { Clock, OutgoingRecord } from '@throughline/kernel/ports';
import { expect } from 'chai';
import { createProducing, type Place, type Producing, RUN_BYTES_MAX, type Run } from './producing.ts';

interface Request {
  readonly leader: string | undefined;
  /** The keys of each run, as `partition: a b c`. */
  readonly runs: readonly string[];
  answer(): void;
  fail(error: Error): void;
}

/** A broker that answers when it is told to, and a clock that goes on when it is told to. */
function setting(leaderOf: (partition: number) => string = () => 'one') {
  const requests: Request[] = [];
  const ends = new Map<number, number>();
  const alarms: { dueMs: number; run: () => void }[] = [];
  let nowMs = 0;
  const clock: Clock = {
    nowMs: () => nowMs,
    after: (delayMs, run) => {
      alarms.push({ dueMs: nowMs + delayMs, run });
      return () => undefined;
    },
  };
  const produce = (leader: string | undefined, runs: readonly Run[]): Promise<readonly number[]> => {
    const { promise, resolve, reject } = Promise.withResolvers<readonly number[]>();
    const answer = (): void => {
      resolve(
        runs.map(({ partition, records }) => {
          const first = ends.get(partition) ?? 0;
          ends.set(partition, first + records.length);
          return first;
        }),
      );
    };
    const texts = runs.map(({ partition, records }) => `${partition}: ${records.map(({ key }) => key).join(' ')}`);
    requests.push({ leader, runs: texts, answer, fail: reject });
    return promise;
  };
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const producing = createProducing({
    leaderOf: (_, partition) => leaderOf(partition),
    produce,
    clock,
    reporter: silent,
  });
  return {
    producing,
    requests,
    async pass(elapsedMs: number) {
      nowMs += elapsedMs;
      for (const alarm of alarms.splice(0)) if (alarm.dueMs <= nowMs) alarm.run();
      await turn();
    },
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const record = (key: string, bytes = 1): OutgoingRecord => ({
  topic: 't',
  key,
  headers: {},
  value: new Uint8Array(bytes),
});

const append = (to: Producing, partition: number, ...keys: string[]): Promise<readonly Place[]> =>
  to.append(keys.map((key) => ({ record: record(key), partition })));

const outage = (): Error => new Error('no broker');
/** What a broker says to something that it will never take, as kafkajs puts it. */
const refusal = (): Error => Object.assign(new Error('too large'), { type: 'MESSAGE_TOO_LARGE', retriable: false });
const outcome = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'settled',
    () => 'given back',
  );

describe('appending to Kafka', () => {
  it('puts what is appended in one go into one request, partition by partition', async () => {
    const { producing, requests } = setting();
    const first = append(producing, 0, 'a', 'b');
    const second = append(producing, 1, 'c');
    await turn();
    expect(requests.map(({ runs }) => runs)).to.deep.equal([['0: a b', '1: c']]);
    requests[0]?.answer();
    expect(await first).to.deep.equal([0, 1].map((offset) => ({ partition: 0, offset })));
    expect(await second).to.deep.equal([{ partition: 1, offset: 0 }]);
  });

  it('has one request under way to each leader, and the next with all that has come meanwhile', async () => {
    const { producing, requests } = setting((partition) => (partition < 2 ? 'one' : 'two'));
    append(producing, 0, 'a');
    await turn();
    append(producing, 0, 'b');
    append(producing, 1, 'c');
    append(producing, 2, 'd');
    await turn();
    expect(requests.map(({ leader, runs }) => [leader, ...runs])).to.deep.equal([
      ['one', '0: a'],
      ['two', '2: d'],
    ]);
    requests[0]?.answer();
    await turn();
    expect(requests[2]?.runs).to.deep.equal(['0: b', '1: c']);
  });

  it('repeats an unsettled run as it was, before anything newer of its partition', async () => {
    const { producing, requests, pass } = setting();
    const places = append(producing, 0, 'a', 'b');
    await turn();
    append(producing, 0, 'c');
    requests[0]?.fail(outage());
    await turn();
    expect(requests).to.have.length(1);
    await pass(1_000);
    expect(requests[1]?.runs).to.deep.equal(['0: a b']);
    requests[1]?.answer();
    await turn();
    expect(requests[2]?.runs).to.deep.equal(['0: c']);
    expect(await places).to.have.length(2);
  });

  it('gives back what is unsettled for long, together with all that waits behind it', async () => {
    const { producing, requests, pass } = setting();
    const outcomes = [outcome(append(producing, 0, 'a'))];
    await turn();
    outcomes.push(outcome(append(producing, 0, 'b')));
    await pass(10_000);
    requests[0]?.fail(outage());
    expect(await Promise.all(outcomes)).to.deep.equal(['given back', 'given back']);
    await pass(1_000);
    const again = append(producing, 0, 'a');
    await turn();
    requests[1]?.answer();
    expect(await again).to.deep.equal([{ partition: 0, offset: 0 }]);
  });

  it('tries neighbours alone where one of them is refused, and gives back that one only', async () => {
    const { producing, requests, pass } = setting();
    const outcomes = [outcome(append(producing, 0, 'bad')), outcome(append(producing, 1, 'good'))];
    await turn();
    requests[0]?.fail(refusal());
    await turn();
    await pass(1_000);
    expect(requests.slice(1).map(({ runs }) => runs)).to.deep.equal([['0: bad'], ['1: good']]);
    requests[1]?.fail(refusal());
    requests[2]?.answer();
    expect(await Promise.all(outcomes)).to.deep.equal(['given back', 'settled']);
  });

  it('keeps the run of a partition below what a broker takes', async () => {
    const { producing, requests } = setting();
    const large = ['a', 'b', 'c'].map((key) => ({ record: record(key, RUN_BYTES_MAX / 2 - 1_000), partition: 0 }));
    producing.append(large);
    await turn();
    requests[0]?.answer();
    await turn();
    expect(requests.map(({ runs }) => runs)).to.deep.equal([['0: a b'], ['0: c']]);
  });

  it('says when nothing is left to be settled', async () => {
    const { producing, requests } = setting();
    append(producing, 0, 'a');
    const settled: string[] = [];
    producing.settled().then(() => settled.push('settled'));
    await turn();
    expect(settled).to.deep.equal([]);
    requests[0]?.answer();
    await turn();
    expect(settled).to.deep.equal(['settled']);
  });
});
