import { SERVICES } from '@throughline/front/routes';
import { realClock } from '@throughline/platform/world';
import { CASE_INPUTS } from '@throughline/schemas/topics';
import { expect } from 'chai';
import { fillDisk } from './disk.ts';
import { Fleet } from './fleet.ts';
import { wave } from './wave.ts';

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    realClock.after(ms, resolve);
  });

describe('laws 1 to 4 and 10 hold, and everybody is answered, while fifty cases talk', function () {
  this.timeout(400_000);
  let fleet: Fleet;
  let waves = 0;
  before(async () => {
    fleet = await Fleet.open();
  });
  after(() => fleet?.close());
  afterEach(function () {
    if (this.currentTest?.state === 'failed') console.error(fleet.lines.slice(-60).join('\n'));
  });

  const holds = async (fault: () => Promise<void>): Promise<void> => {
    waves += 1;
    expect(await wave(fleet, waves, fault)).to.deep.equal([]);
  };

  it('and nothing else happens', () => holds(async () => undefined));

  for (const service of ['front', ...SERVICES] as const) {
    it(`and ${service} is killed, all of it`, () =>
      holds(async () => {
        for (const running of fleet.of(service)) running.process.kill();
      }));
  }

  it('and case-state is stopped and started, one instance after the other', () =>
    holds(async () => {
      for (const running of fleet.of('case-state')) {
        await running.process.stop();
        running.process.start();
        await fleet.ready();
      }
    }));

  it('and an owner sleeps until its successor has taken over, and wakes up', () =>
    holds(async () => {
      const [sleeper] = fleet.of('case-state');
      const pid = sleeper?.process.pid ?? 0;
      process.kill(pid, 'SIGSTOP');
      // Its session ends after six seconds.
      await pause(10_000);
      process.kill(pid, 'SIGCONT');
    }));

  it('and the broker is stopped and started', () =>
    holds(async () => {
      await fleet.engines.kafka.stop();
      await fleet.engines.kafka.start();
    }));

  it('and the broker is killed and started', () =>
    holds(async () => {
      await fleet.engines.kafka.kill();
      await fleet.engines.kafka.start();
    }));

  it('and the store is gone for ten seconds', () =>
    holds(async () => {
      await fleet.engines.mongo.kill();
      await pause(10_000);
      await fleet.engines.mongo.start();
    }));

  it('and the registry is gone', () =>
    holds(async () => {
      await fleet.engines.registry.stop();
      await pause(5_000);
      await fleet.engines.registry.start();
    }));

  it('and the way to the store is closed for ten seconds, whatever is on it', () =>
    holds(async () => {
      fleet.wayToStore.shut();
      await pause(10_000);
      await fleet.wayToStore.reopen();
    }));

  for (const engine of ['kafka', 'mongo'] as const) {
    it(`and the disk of ${engine} is full until somebody makes room and starts it again`, () =>
      holds(async () => {
        await fillDisk(fleet.engines[engine].pid);
        await pause(5_000);
        await fleet.engines[engine].kill();
        await fleet.engines[engine].start();
      }));
  }

  it('and inputs are delivered twice, at once and late', () =>
    holds(async () => {
      const { log } = fleet.platform;
      const again = async (): Promise<void> => {
        for (const [partition, end] of (await log.ends(CASE_INPUTS)).entries()) {
          const records = await log.read(CASE_INPUTS, partition, Math.max(0, end - 40), 40);
          await log.append(records.map(({ topic, key, headers, value }) => ({ topic, key, headers, value })));
        }
      };
      await again();
      await pause(3_000);
      await again();
    }));
});
