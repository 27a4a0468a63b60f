import { setTimeout as sleep } from 'node:timers/promises';
import { declareLogContract } from '../contract/log.ts';
import type { LogFactory, LogSetting } from '../contract/log-setting.ts';
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
