import type { Clock, Reporter } from '@throughline/kernel/ports';
import { LogRefused, reasonOf } from '@throughline/log-kafka/refusals';
import { applyTopics } from '@throughline/log-kafka/topics';
import { connectMongo } from '@throughline/mongo/connect';
import { publishSchemas } from '@throughline/registry/publish';
import { loadSchemas } from '@throughline/schemas/load';
import { TOPICS } from '@throughline/schemas/topics';
import { applyIndexes } from '@throughline/store-mongo/indexes';
import type { ProcessSettings } from './settings.ts';

const REPLICAS_MAX = 3;

/**
 * Prepares the engines for the services, none of which makes anything there: topics, schemas, indexes. What is there already
 * stays. Resolves to what was made, a line each; rejects with a sentence where an engine cannot be used.
 */
export async function prepareEngines(options: {
  readonly settings: Pick<ProcessSettings, 'kafka' | 'registryUrl' | 'mongoUrl'>;
  /** Whatever has documents in the store. */
  readonly processors: readonly string[];
  readonly clock: Clock;
  readonly reporter: Reporter;
}): Promise<readonly string[]> {
  const { settings, processors, clock, reporter } = options;
  const { brokers } = settings.kafka;
  const replicas = Math.min(REPLICAS_MAX, brokers.length);
  const topics = await applyTopics({
    ...settings.kafka,
    clientId: 'throughline-deploy',
    reporter,
    topics: TOPICS,
    replicationFactor: replicas,
    minInSyncReplicas: Math.max(1, replicas - 1),
  }).catch((error: unknown) => {
    throw noBroker(error, brokers);
  });
  const schemas = await publishSchemas({ url: settings.registryUrl, schemas: loadSchemas(), clock });
  const connection = await connectMongo({ url: settings.mongoUrl, reporter });
  try {
    const indexes = await applyIndexes({ connection, processors });
    return [
      ...topics,
      ...schemas.flatMap(({ subject, id, isNew }) => (isNew ? [`Schema ${subject} registered with id ${id}.`] : [])),
      ...indexes.map((index) => `Index made: ${index}`),
    ];
  } finally {
    await connection.close();
  }
}

/** The sentence for brokers that cannot be used. */
export function noBroker(error: unknown, brokers: readonly string[]): Error {
  if (error instanceof LogRefused) return error;
  return new Error(`KAFKA_BROKERS: no broker lets us in at ${brokers.join(', ')} (${reasonOf(error)}).`);
}
