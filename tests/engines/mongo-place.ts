import { randomBytes } from 'node:crypto';
import { connectMongo, type MongoConnection } from '@throughline/mongo/connect';
import { keepingReporter } from '../contract/embedded-place.ts';
import { runningEngines } from './running.ts';

/** A database of its own for one test, open. */
export interface MongoPlace {
  connection(): MongoConnection;
  /** The events that the connection has reported. */
  reported(): readonly string[];
  /** Closes the connection and opens another one to the same data. */
  reopen(): Promise<void>;
  /** Drops the database and closes the connection. */
  close(): Promise<void>;
}

/** On the server that all tests share, or on another one. */
export async function openMongoPlace(server?: string): Promise<MongoPlace> {
  const url = new URL(server ?? (await runningEngines()).mongo.url);
  url.pathname = `/test-${randomBytes(6).toString('hex')}`;
  const reporter = keepingReporter();
  const open = (): Promise<MongoConnection> => connectMongo({ url: url.href, reporter });
  let connection = await open();
  return {
    connection: () => connection,
    reported: () => reporter.said.map(({ event }) => event),
    reopen: async () => {
      await connection.close();
      connection = await open();
    },
    close: async () => {
      await connection.database.dropDatabase();
      await connection.close();
    },
  };
}
