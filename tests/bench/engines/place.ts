import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engines, startEngines } from '@throughline/engines/engines';
import type { Reporter } from '@throughline/kernel/ports';
import { type KafkaLog, openKafkaLog } from '@throughline/log-kafka/log';
import { applyTopics } from '@throughline/log-kafka/topics';
import { realClock as clock } from '@throughline/platform/world';
import { freePort } from '../../flow/ports.ts';
import { inputs, PARTITIONS } from './hop.ts';

/** Engines of the bench's own, with nothing on them, and a directory for what is local. */
export interface BenchPlace {
  readonly engines: Engines;
  readonly directory: string;
  /** Says what goes wrong: a figure that comes of it is not to be believed. */
  readonly reporter: Reporter;
  /** A log on these topics, which are made where they are missing. */
  open(topics: readonly string[]): Promise<KafkaLog>;
  close(): Promise<void>;
}

const FEED_AT_ONCE = 5_000;
const LOOK_EVERY_MS = 10;

export async function openPlace(progress: (step: string) => void): Promise<BenchPlace> {
  const directory = await mkdtemp(join(tmpdir(), 'throughline-bench-'));
  const [kafka, kafkaController, registry, mongo] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  const engines = await startEngines({ directory, ports: { kafka, kafkaController, registry, mongo }, progress });
  const reporter = loudReporter();
  const client = { brokers: [engines.kafka.brokers], clientId: 'bench', reporter };
  const logs: KafkaLog[] = [];
  return {
    engines,
    directory,
    reporter,
    async open(names) {
      const topics = names.map((name) => ({ name, partitions: PARTITIONS }));
      await applyTopics({ ...client, topics, replicationFactor: 1, minInSyncReplicas: 1 });
      const onFatal = (reason: Error): void => reporter.error('log.fatal', { reason: reason.message });
      const log = await openKafkaLog({ ...client, topics, clock, onFatal });
      logs.push(log);
      return log;
    },
    async close() {
      for (const log of logs) await log.close();
      await engines.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Puts inputs into a topic; resolves once all of them are acknowledged. */
export async function feed(log: KafkaLog, topic: string, from: number, count: number, keys?: number): Promise<void> {
  for (let at = 0; at < count; at += FEED_AT_ONCE) {
    await log.append(inputs(topic, from + at, Math.min(FEED_AT_ONCE, count - at), keys));
  }
}

/** How many records a topic has. */
export const sizeOf = async (log: KafkaLog, topic: string): Promise<number> =>
  (await log.ends(topic)).reduce((sum, end) => sum + end, 0);

/** Resolves once the topic has that many records. */
export async function grownTo(log: KafkaLog, topic: string, size: number): Promise<void> {
  while ((await sizeOf(log, topic)) < size) await pause(LOOK_EVERY_MS);
}

export const pause = (delayMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, delayMs));

/** Says what goes wrong: a figure that comes of it is not to be believed. */
export function loudReporter(): Reporter {
  const say = (event: string, detail?: Readonly<Record<string, unknown>>): void =>
    console.error(event, JSON.stringify(detail ?? {}));
  return { info: () => undefined, warn: say, error: say };
}
