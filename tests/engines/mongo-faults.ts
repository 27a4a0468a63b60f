import type { MongoConnection } from '@throughline/mongo/connect';
import type { mongo } from 'mongoose';

type Writes = mongo.AnyBulkWriteOperation<mongo.Document>[];

/** What happens in place of the store's own operations, each of which `run` does. */
export interface Faults {
  /** Around the change of the journal: the commit, or the taking of a partition. */
  journal?(run: () => Promise<unknown>): Promise<unknown>;
  /** Around the writes of rows that follow it. */
  rows?(run: (writes: Writes) => Promise<unknown>, writes: Writes): Promise<unknown>;
}

/** The same connection as somebody has who is struck by faults. `faults` may be changed while it is used. */
export function strike(connection: MongoConnection, faults: Faults): MongoConnection {
  const database = replacing(connection.database, {
    collection: (name: string) => {
      const collection = connection.database.collection(name);
      return replacing(collection, {
        findOneAndUpdate: (...given: Parameters<typeof collection.findOneAndUpdate>) => {
          const run = () => collection.findOneAndUpdate(...given);
          return faults.journal ? faults.journal(run) : run();
        },
        bulkWrite: (writes: Writes, options: mongo.BulkWriteOptions) => {
          const run = (some: Writes) => collection.bulkWrite(some, options);
          return faults.rows ? faults.rows(run, writes) : run(writes);
        },
      });
    },
  });
  return { ...connection, database };
}

export class NetworkFault extends Error {
  constructor() {
    super('the network is gone');
  }
}

/** Done, and nobody hears of it. */
export async function unheard(run: () => Promise<unknown>): Promise<never> {
  await run();
  throw new NetworkFault();
}

export async function notDone(): Promise<never> {
  throw new NetworkFault();
}

/** The first of the writes are done, the others are not. */
export async function halfDone(run: (writes: Writes) => Promise<unknown>, writes: Writes): Promise<never> {
  const some = writes.slice(0, Math.ceil(writes.length / 2));
  // Where they were done before, the server says that they are there.
  if (some.length > 0) await run(some).catch(() => undefined);
  throw new NetworkFault();
}

function replacing<Target extends object>(target: Target, methods: Readonly<Record<string, unknown>>): Target {
  return new Proxy(target, {
    get: (self, name) => {
      if (typeof name === 'string' && Object.hasOwn(methods, name)) return methods[name];
      const member: unknown = Reflect.get(self, name, self);
      return typeof member === 'function' ? member.bind(self) : member;
    },
  });
}
