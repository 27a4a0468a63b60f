import type { Reporter } from '@throughline/kernel/ports';
import { type Connection, Mongoose, Error as MongooseErrors, mongo } from 'mongoose';

/** A database that is open. */
export interface MongoConnection {
  /** For models: filters are sanitized, nothing is made by itself, nothing waits while there is no server. */
  readonly models: Connection;
  /** The driver's own database, for the hot path. The same pool, the same concerns. */
  readonly database: mongo.Db;
  /** Whether a server answers now; the reporter hears of every change. Never rejects. */
  reachable(): Promise<boolean>;
  close(): Promise<void>;
}

/** The database cannot be used; the message is one sentence that says what to do and holds nothing secret. */
export class MongoRefused extends Error {
  readonly code: 'mongo-url-malformed' | 'mongo-unreachable';
  constructor(code: MongoRefused['code'], message: string) {
    super(message);
    this.name = 'MongoRefused';
    this.code = code;
  }
}

/** How long an operation looks for a server that takes it, before it rejects. */
const SELECTION_TIMEOUT_MS = 3_000;
/** How long a server may say nothing in the middle of an operation. */
const SILENCE_MAX_MS = 10_000;
const PING_TIMEOUT_MS = 2_000;

const NAMES_A_DATABASE = /^mongodb(\+srv)?:\/\/[^/]+\/[^/?]+/;

/**
 * Opens the database that the URL names. Writes are acknowledged by a majority and reads come from what a majority has,
 * whatever the URL says, so that what was told to anybody survives the loss of a server.
 * @throws MongoRefused
 */
export async function connectMongo({
  url,
  reporter,
}: {
  readonly url: string;
  readonly reporter: Reporter;
}): Promise<MongoConnection> {
  if (!NAMES_A_DATABASE.test(url)) throw malformed();
  // An instance of its own: settings of one connection do not leak into another one's.
  const mongoose = new Mongoose({ sanitizeFilter: true });
  const models = mongoose.createConnection();
  // A driver's error may quote the URL, so none is passed on, not even as a cause.
  await models
    .openUri(url, {
      appName: 'throughline',
      autoCreate: false,
      autoIndex: false,
      bufferCommands: false,
      connectTimeoutMS: SELECTION_TIMEOUT_MS,
      promoteBuffers: true,
      readConcernLevel: 'majority',
      readPreference: 'primary',
      serverSelectionTimeoutMS: SELECTION_TIMEOUT_MS,
      socketTimeoutMS: SILENCE_MAX_MS,
      waitQueueTimeoutMS: SELECTION_TIMEOUT_MS,
      writeConcern: { w: 'majority', j: true },
    })
    .catch((error: unknown) => {
      throw refusalOf(error, url);
    });
  const database = models.db;
  if (database === undefined) throw malformed();
  let wasThere = true;

  const reachable = async (): Promise<boolean> => {
    const isThere = await database.command({ ping: 1 }, { timeoutMS: PING_TIMEOUT_MS }).then(
      () => true,
      () => false,
    );
    if (wasThere && !isThere) reporter.warn('mongo.lost', { database: models.name });
    if (!wasThere && isThere) reporter.info('mongo.found', { database: models.name });
    wasThere = isThere;
    return isThere;
  };

  return {
    models,
    database,
    reachable,
    close: () => models.close(),
  };
}

function malformed(): MongoRefused {
  return new MongoRefused(
    'mongo-url-malformed',
    'MONGO_URL does not read as the URL of a MongoDB database: write it as mongodb://host:port/database, special characters of a password percent-encoded.',
  );
}

function refusalOf(error: unknown, url: string): MongoRefused {
  const isUnknownHost = error instanceof Error && 'syscall' in error;
  if (isUnknownHost || error instanceof MongooseErrors.MongooseServerSelectionError) {
    return new MongoRefused(
      'mongo-unreachable',
      `No MongoDB server that takes writes answers at ${hostsIn(url)}: start it, or set MONGO_URL to where it is.`,
    );
  }
  if (error instanceof mongo.MongoServerError) {
    const { codeName = 'no reason given' } = error;
    return new MongoRefused(
      'mongo-unreachable',
      `The MongoDB server does not let us in (${codeName}): check the user and the password in MONGO_URL.`,
    );
  }
  return malformed();
}

/** Of a URL that has been read: what stands behind the user and the password. */
const hostsIn = (url: string): string => /^[^:]+:\/\/(?:[^@]*@)?([^/]+)/.exec(url)?.[1] ?? '';
