import { delimiter, join } from 'node:path';
import { createConnection } from 'mongoose';
import { CACHE_DIRECTORY, cached } from './cache.ts';
import { type Engine, runEngine } from './engine.ts';
import { type Progress, run } from './programs.ts';

export interface MongoEngine extends Engine {
  /** With the database `throughline`. */
  readonly url: string;
}

export interface MongoPlace {
  /** Absolute. */
  readonly directory: string;
  readonly port: number;
  readonly cache?: string;
  readonly progress: Progress;
}

const VERSION = '1.47.0';
const TITLE = `MongoDB's protocol (mongo-java-server ${VERSION})`;
const SOURCES = join(import.meta.dirname, '..', 'mongo');
const POM = join(SOURCES, 'pom.xml');
const CLASSES = ['MongoWireServer', 'DocumentType', 'KeyType'].map((name) => join(SOURCES, `${name}.java`));

/** A thread for each of the connections that a mesh has at once: one that waits for the file would hold up those that share it. */
const JAVA_OPTIONS = [
  '-Xms128m',
  '-Xmx1g',
  '-XX:+UseSerialGC',
  '-Dio.netty.eventLoopThreads=64',
  '-Dorg.slf4j.simpleLogger.showDateTime=true',
];

/**
 * A server of MongoDB's wire protocol on 127.0.0.1. It knows no sessions, no transactions and no pipeline updates, and its
 * speed says nothing about MongoDB's.
 */
export async function startMongo(place: MongoPlace): Promise<MongoEngine> {
  const { directory, port, progress } = place;
  const classes = await fetchMongo(place.cache ?? CACHE_DIRECTORY, progress);
  const url = `mongodb://127.0.0.1:${port}/throughline`;
  const engine = await runEngine(
    {
      title: TITLE,
      directory,
      ports: [port],
      command: async () => ({
        program: 'java',
        args: [
          ...JAVA_OPTIONS,
          '-cp',
          `${classes}${delimiter}${join(classes, '*')}`,
          'MongoWireServer',
          join(directory, 'documents.h2'),
          String(port),
        ],
      }),
      answers: () => mongoAnswers(url),
    },
    progress,
  );
  return Object.assign(engine, { url });
}

/** Fetches and compiles the server where it is not there yet; gives the directory of its jars and classes. */
export const fetchMongo = (cache: string, progress: Progress): Promise<string> =>
  cached(
    {
      name: `mongo-java-server-${VERSION}`,
      sources: [POM, ...CLASSES],
      needs: ['java', 'javac', 'mvn'],
      what: `${TITLE}: fetching it with Maven`,
      build: async (target) => {
        await run('mvn', [
          '--batch-mode',
          '--file',
          POM,
          'dependency:copy-dependencies',
          `-DoutputDirectory=${target}`,
          '-DincludeScope=runtime',
        ]);
        await run('javac', ['-cp', join(target, '*'), '-d', target, ...CLASSES]);
      },
    },
    cache,
    progress,
  );

/** Whether it answers a ping in its own protocol. */
export async function mongoAnswers(url: string): Promise<boolean> {
  const connection = createConnection(url, { serverSelectionTimeoutMS: 1000, bufferCommands: false });
  try {
    await connection.asPromise();
    await connection.db?.command({ ping: 1 });
    return true;
  } catch {
    return false;
  } finally {
    await connection.close();
  }
}
