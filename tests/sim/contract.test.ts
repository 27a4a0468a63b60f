import { steppedClock } from '../contract/embedded-place.ts';
import { declareLogContract } from '../contract/log.ts';
import type { LogSetting } from '../contract/log-setting.ts';
import { declareStoreContract, type StoreSetting } from '../contract/store.ts';
import { SimLog } from './log.ts';
import { SimStore } from './store.ts';

declareLogContract(
  'simulated',
  async (topics) => {
    const { clock, turn } = steppedClock();
    const log = new SimLog(topics, clock);
    const setting: LogSetting = { log, turn, reopen: async () => setting, close: async () => undefined };
    return setting;
  },
  { offsetsWithoutGaps: true },
);

declareStoreContract(
  'simulated',
  async () => {
    const setting: StoreSetting = {
      store: new SimStore(),
      reopen: async () => setting,
      close: async () => undefined,
    };
    return setting;
  },
  { isolatedCommits: true },
);
