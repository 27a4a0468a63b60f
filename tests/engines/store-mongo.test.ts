import { createMongoStore } from '@throughline/store-mongo/store';
import { declareStoreContract, type StoreSetting } from '../contract/store.ts';
import { openMongoPlace } from './mongo-place.ts';

async function openStore(): Promise<StoreSetting> {
  const place = await openMongoPlace();
  const setting = (): StoreSetting => ({
    store: createMongoStore({ connection: place.connection() }),
    reopen: async () => {
      await place.reopen();
      return setting();
    },
    close: () => place.close(),
  });
  return setting();
}

declareStoreContract('mongo', openStore, { isolatedCommits: false });
