import { join, resolve } from 'node:path';
import { CACHE_DIRECTORY } from './cache.ts';
import type { Engine } from './engine.ts';
import { fetchKafka, type KafkaEngine, startKafka } from './kafka.ts';
import { fetchMongo, type MongoEngine, startMongo } from './mongo.ts';
import type { Progress } from './programs.ts';
import { fetchRegistry, type RegistryEngine, startRegistry } from './registry.ts';

export interface Engines {
  readonly kafka: KafkaEngine;
  readonly registry: RegistryEngine;
  readonly mongo: MongoEngine;
  /** Stops all of them; their data stays. */
  stop(): Promise<void>;
}

/** On 127.0.0.1. */
export interface EnginePorts {
  readonly kafka: number;
  /** Of Kafka's own controller; no client goes there. */
  readonly kafkaController: number;
  readonly registry: number;
  readonly mongo: number;
}

export interface EnginesPlace {
  /** Where each engine gets a directory for its data, its log and its pid. */
  readonly directory: string;
  readonly ports?: EnginePorts;
  /** Where what is fetched and built is kept; in the home directory unless given. */
  readonly cache?: string;
  readonly progress: Progress;
}

/** Where the mesh looks when nobody says otherwise. */
export const DEFAULT_PORTS: EnginePorts = { kafka: 9092, kafkaController: 9093, registry: 8081, mongo: 27_017 };

/**
 * Starts Kafka, the schema registry and the server of MongoDB's protocol, or takes over those that already run from this
 * directory. Rejects with a sentence that says what is wrong; then none of them runs.
 */
export async function startEngines({ directory, ports = DEFAULT_PORTS, ...rest }: EnginesPlace): Promise<Engines> {
  const started: Engine[] = [];
  const stop = async (): Promise<void> => {
    for (const engine of started.toReversed()) await engine.stop();
  };
  const keep = async <E extends Engine>(starting: Promise<E>): Promise<E> => {
    const engine = await starting;
    started.push(engine);
    return engine;
  };
  const at = (name: string): string => join(resolve(directory), name);
  try {
    const kafka = await keep(
      startKafka({ ...rest, directory: at('kafka'), port: ports.kafka, controllerPort: ports.kafkaController }),
    );
    const mongo = await keep(startMongo({ ...rest, directory: at('mongo'), port: ports.mongo }));
    const registry = await keep(startRegistry({ ...rest, directory: at('registry'), port: ports.registry }));
    return { kafka, registry, mongo, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Fetches and builds what is not in the cache yet, so that starting takes seconds. Rejects with what is missing on this machine. */
export async function fetchEngines({
  cache = CACHE_DIRECTORY,
  progress,
}: Pick<EnginesPlace, 'cache' | 'progress'>): Promise<void> {
  for (const fetchOne of [fetchKafka, fetchMongo, fetchRegistry]) await fetchOne(cache, progress);
}
