import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { CACHE_DIRECTORY, cached } from './cache.ts';
import { type Engine, runEngine } from './engine.ts';
import { type Progress, run } from './programs.ts';

export interface KafkaEngine extends Engine {
  /** `host:port`, as clients want it. */
  readonly brokers: string;
}

export interface KafkaPlace {
  /** Absolute. */
  readonly directory: string;
  readonly port: number;
  /** Where the broker's own controller listens; no client goes there. */
  readonly controllerPort: number;
  /** Lines for its properties, which count where ours say something else. */
  readonly more?: string;
  readonly cache?: string;
  readonly progress: Progress;
}

const VERSION = '4.4.0';
const TITLE = `Kafka ${VERSION}`;
const POM = join(import.meta.dirname, '..', 'kafka', 'pom.xml');

/** As Kafka's own start script has them, with the heap that one node for one developer needs. */
const JAVA_OPTIONS = [
  '-Xms256m',
  '-Xmx512m',
  '-XX:+UseG1GC',
  '-XX:MaxGCPauseMillis=20',
  '-XX:InitiatingHeapOccupancyPercent=35',
  '-Dorg.slf4j.simpleLogger.showDateTime=true',
  '-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS',
];

/** One Kafka node, broker and controller in one (KRaft), on 127.0.0.1. */
export async function startKafka(place: KafkaPlace): Promise<KafkaEngine> {
  const { directory, port, controllerPort, more = '', progress } = place;
  const classes = join(await fetchKafka(place.cache ?? CACHE_DIRECTORY, progress), '*');
  const settings = join(directory, 'server.properties');
  const data = join(directory, 'data');
  const brokers = `127.0.0.1:${port}`;
  const engine = await runEngine(
    {
      title: TITLE,
      directory,
      ports: [port, controllerPort],
      command: async () => {
        await writeFile(settings, properties({ port, controllerPort, data }) + more);
        if (!existsSync(join(data, 'meta.properties'))) {
          // Joined to the option: an id may begin with a dash, which would read as another option.
          const id = `--cluster-id=${randomBytes(16).toString('base64url')}`;
          await run('java', ['-cp', classes, 'kafka.tools.StorageTool', 'format', id, '-c', settings]);
        }
        return { program: 'java', args: [...JAVA_OPTIONS, '-cp', classes, 'kafka.Kafka', settings] };
      },
      answers: () => kafkaAnswers(brokers),
    },
    progress,
  );
  return Object.assign(engine, { brokers });
}

/** Fetches Kafka where it is not there yet; gives the directory of its jars. */
export const fetchKafka = (cache: string, progress: Progress): Promise<string> =>
  cached(
    {
      name: `kafka-${VERSION}`,
      sources: [POM],
      needs: ['java', 'mvn'],
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
      },
    },
    cache,
    progress,
  );

/** One node that keeps what Kafka would spread over three, and that makes no topic by itself. */
const properties = (of: { port: number; controllerPort: number; data: string }): string => `\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${of.controllerPort}
listeners=PLAINTEXT://127.0.0.1:${of.port},CONTROLLER://127.0.0.1:${of.controllerPort}
advertised.listeners=PLAINTEXT://127.0.0.1:${of.port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=${of.data}
auto.create.topics.enable=false
min.insync.replicas=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=8
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=8
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
log.cleaner.dedupe.buffer.size=33554432
`;

/** Whether the broker is known to itself: before that it accepts connections and has no leader for anything. */
export async function kafkaAnswers(brokers: string): Promise<boolean> {
  const admin = new Kafka({
    clientId: 'throughline-engines',
    brokers: [brokers],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1000,
    requestTimeout: 2000,
    retry: { retries: 0 },
  }).admin();
  try {
    await admin.connect();
    return (await admin.describeCluster()).brokers.length > 0;
  } catch {
    return false;
  } finally {
    await admin.disconnect();
  }
}
