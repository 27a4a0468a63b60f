import { expect } from 'chai';
import type { DueTimer, Store, TimerWrite } from './ports.ts';
import { PartitionTimers } from './timers.ts';

const timerAt = (dueMs: number): DueTimer => ({ id: `at-${dueMs}`, dueMs, key: 'case_1', body: new Uint8Array() });
const set = (dueMs: number | null): TimerWrite => ({ ...timerAt(dueMs ?? 0), dueMs });

/** The timers of a partition on a store that holds these, and how often it was asked. */
function timersOn(held: DueTimer[]) {
  let asked = 0;
  let answer = async (): Promise<readonly DueTimer[]> => [...held].sort((a, b) => a.dueMs - b.dueMs);
  const store: Pick<Store, 'due'> = {
    due: async (_partition, nowMs, limit) => {
      asked += 1;
      return (await answer()).filter(({ dueMs }) => dueMs <= nowMs).slice(0, limit);
    },
  };
  return {
    timers: new PartitionTimers(store as Store, { processor: 'p', partition: 0 }),
    asked: () => asked,
    answerWith: (other: typeof answer) => {
      answer = other;
    },
  };
}

const dueAt = async (timers: PartitionTimers, nowMs: number): Promise<readonly number[]> =>
  (await timers.due(nowMs)).map(({ dueMs }) => dueMs);

describe('the timers of a partition', () => {
  it('are asked for by a new owner, and then no more before the next is due', async () => {
    const { timers, asked } = timersOn([timerAt(50), timerAt(300)]);
    expect(await dueAt(timers, 10)).to.deep.equal([]);
    expect(await dueAt(timers, 20)).to.deep.equal([]);
    expect(asked()).to.equal(1);
    expect(await dueAt(timers, 50)).to.deep.equal([50]);
  });

  it('come again until they are removed, and the one behind them after that', async () => {
    const held = [timerAt(50), timerAt(300)];
    const { timers } = timersOn(held);
    expect(await dueAt(timers, 60)).to.deep.equal([50]);
    expect(await dueAt(timers, 70)).to.deep.equal([50]);
    held.shift();
    expect(await dueAt(timers, 80)).to.deep.equal([]);
    expect(await dueAt(timers, 300)).to.deep.equal([300]);
  });

  it('are asked for again as soon as one is set that is due earlier', async () => {
    const held = [timerAt(300)];
    const { timers } = timersOn(held);
    await timers.due(10);
    timers.expect([set(null), set(40)]);
    held.push(timerAt(40));
    expect(await dueAt(timers, 40)).to.deep.equal([40]);
  });

  it('hold one that is set while the store is asked', async () => {
    const held: DueTimer[] = [];
    const { timers, answerWith } = timersOn(held);
    answerWith(async () => {
      timers.expect([set(40)]);
      return [];
    });
    expect(await dueAt(timers, 10)).to.deep.equal([]);
    held.push(timerAt(40));
    answerWith(async () => held);
    expect(await dueAt(timers, 40)).to.deep.equal([40]);
  });

  it('are asked for again after an outage', async () => {
    const held = [timerAt(5)];
    const { timers, answerWith } = timersOn(held);
    answerWith(async () => {
      throw new Error('The store is gone.');
    });
    const refused = await timers.due(10).then(
      () => false,
      () => true,
    );
    expect(refused).to.equal(true);
    answerWith(async () => held);
    expect(await dueAt(timers, 10)).to.deep.equal([5]);
  });
});
