import { createMongoStore } from '@throughline/store-mongo/store';
import { declareParkingLaws } from '../kernel/parking.ts';
import { declarePartitionLaws } from '../kernel/partition.ts';
import { type Bench, openBench } from '../kernel/setting.ts';
import { openMongoPlace } from './mongo-place.ts';

async function open(): Promise<Bench> {
  const place = await openMongoPlace();
  const bench = await openBench({ store: createMongoStore({ connection: place.connection() }) });
  return {
    ...bench,
    close: async () => {
      await bench.close();
      await place.close();
    },
  };
}

declarePartitionLaws('MongoDB', open);
declareParkingLaws('MongoDB', open);
