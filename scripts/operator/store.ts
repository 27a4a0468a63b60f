import { createAuditProcessor } from '@throughline/audit/processor';
import { PROCESSOR_NAME as CASE_STATE } from '@throughline/case-state/processor';
import { IDENTITY_RESOLUTION } from '@throughline/identity-resolution/processor';
import { connectMongo } from '@throughline/mongo/connect';
import { CASE_EVENTS, IDENTITY_EVENTS } from '@throughline/schemas/topics';
import { applyIndexes, missingIndexes, type StorePlace } from '@throughline/store-mongo/indexes';
import type { Command } from 'commander';
import { print } from './print.ts';

interface Options {
  readonly json?: boolean;
}

/** Whatever has documents. Reactors keep a cursor only, which is read by its id. */
export const PROCESSORS: readonly string[] = [
  IDENTITY_RESOLUTION,
  CASE_STATE,
  ...[CASE_EVENTS, IDENTITY_EVENTS].map((topic) => createAuditProcessor(topic, 1).name),
];

/** `store apply|check`: the indexes in MongoDB. Services never make any. */
export function addStoreCommands(program: Command): void {
  const store = program
    .command('store')
    .description('The indexes in MongoDB, at MONGO_URL (default: mongodb://127.0.0.1:27017/throughline).');
  const command = (name: string, description: string): Command =>
    store.command(name).description(description).option('--json', 'print data as JSON');

  command('apply', 'Makes the indexes that are missing. Again is the same as once.').action(
    async (options: Options) => {
      const made = await within(applyIndexes);
      print({ made }, options.json === true, () =>
        made.length > 0 ? made.map((index) => `made ${index}`) : ['Everything is as it should be.'],
      );
    },
  );

  command('check', 'Names every index that is missing; exit 1 if there is any.').action(async (options: Options) => {
    const missing = await within(missingIndexes);
    print({ missing }, options.json === true, () =>
      missing.length > 0 ? missing.map((index) => `missing ${index}`) : ['Everything is as it should be.'],
    );
    if (missing.length > 0) process.exitCode = 1;
  });
}

/** On the database of MONGO_URL, which may hold a password and so is no argument: everybody on the machine sees those. */
async function within<Result>(run: (place: StorePlace) => Promise<Result>): Promise<Result> {
  const silent = (): void => undefined;
  const connection = await connectMongo({
    url: process.env.MONGO_URL ?? 'mongodb://127.0.0.1:27017/throughline',
    reporter: { info: silent, warn: silent, error: silent },
  });
  try {
    return await run({ connection, processors: PROCESSORS });
  } finally {
    await connection.close();
  }
}
