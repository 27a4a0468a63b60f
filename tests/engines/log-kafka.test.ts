import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { declareLogContract } from '../contract/log.ts';
import { type LogFactory, type LogSetting, record, TOPIC } from '../contract/log-setting.ts';
import { rejectionOf } from '../contract/waiting.ts';
import { newPlace } from './kafka-place.ts';
import { runningEngines } from './running.ts';

const TURN_MS = 10;

const openLog: LogFactory = async (topics) => {
  const { kafka } = await runningEngines();
  const place = await newPlace(kafka.brokers, topics);
  const setting = async (): Promise<LogSetting> => {
    const log = await place.open();
    return {
      log,
      turn: () => sleep(TURN_MS),
      reopen: async () => {
        await log.close();
        return setting();
      },
      close: () => log.close(),
    };
  };
  return setting();
};

declareLogContract('Kafka', openLog, { offsetsWithoutGaps: true });

describe('the log on Kafka', () => {
  it('refuses a record that no broker takes, and takes the others', async () => {
    const { log, close } = await openLog([TOPIC]);
    const large = { ...record('case_1', ''), value: new Uint8Array(1_000_000) };
    expect(await rejectionOf(log.append([large]))).to.include({ code: 'log-record-too-large' });
    expect(await log.append([record('case_1', 'small')])).to.have.length(1);
    await close();
  });

  it('lets what is being appended settle when it closes, and takes nothing more', async () => {
    const { log, close } = await openLog([TOPIC]);
    const appending = log.append([record('case_1', 'in time')]);
    await close();
    expect(await appending).to.have.length(1);
    expect(await rejectionOf(log.append([record('case_1', 'late')]))).to.include({ code: 'log-closed' });
  });
});
