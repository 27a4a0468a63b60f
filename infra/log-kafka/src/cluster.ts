import type { Reporter } from '@throughline/kernel/ports';
import { type Assigner, type Broker, type Cluster, Kafka, logLevel, PartitionAssigners } from 'kafkajs';
import type { KafkaSecurity } from './security.ts';

export interface ClientOptions {
  /** `host:port` each. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly security?: KafkaSecurity;
  readonly reporter: Reporter;
}

/**
 * A connection of its own to the brokers, which finds leaders and coordinators: kafkajs's protocol layer, as it hands it to
 * partition assigners. docs/decisions/kafka-without-its-consumer.md says why we stop there.
 */
export interface Link {
  readonly cluster: Cluster;
  /** Shares the partitions of a topic out among the members of a group. */
  readonly assigner: Assigner;
}

/** What kafkajs's brokers can do besides what its types say. */
export interface GroupBroker extends Broker {
  joinGroup(request: {
    groupId: string;
    sessionTimeout: number;
    rebalanceTimeout: number;
    memberId: string;
    groupProtocols: readonly { name: string; metadata: Buffer }[];
  }): Promise<{
    generationId: number;
    leaderId: string;
    memberId: string;
    members: { memberId: string; memberMetadata: Buffer }[];
  }>;
  syncGroup(request: {
    groupId: string;
    generationId: number;
    memberId: string;
    groupAssignment: readonly { memberId: string; memberAssignment: Buffer }[];
  }): Promise<{ memberAssignment: Buffer }>;
  heartbeat(request: { groupId: string; groupGenerationId: number; memberId: string }): Promise<unknown>;
  leaveGroup(request: { groupId: string; memberId: string }): Promise<unknown>;
}

/** Of one request; the patience of who waits is longer, and repeats it. */
export const REQUEST_TIMEOUT_MS = 10_000;

/** kafkajs as everything here uses it: what it has to say goes to the reporter. */
export function kafkaClient({ brokers, clientId, security, reporter }: ClientOptions): Kafka {
  return new Kafka({
    clientId,
    brokers: [...brokers],
    ssl: security?.ssl ?? false,
    ...(security?.sasl ? { sasl: security.sasl } : {}),
    connectionTimeout: 3_000,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Who asks tries again, as long as it makes sense for what it does.
    retry: { retries: 1, initialRetryTime: 100, maxRetryTime: 1_000 },
    logLevel: logLevel.WARN,
    logCreator:
      () =>
      ({ namespace, level, log }) => {
        // What a request was answered with is told by whoever sent it, who knows what it means.
        if (log.message.startsWith('Response ')) return;
        const detail = { from: namespace, message: log.message };
        if (level === logLevel.ERROR) reporter.warn('kafka.client-error', detail);
        else reporter.info('kafka.client-warning', detail);
      },
  });
}

/** A link for one purpose: a request that waits on a connection holds up those behind it. */
export function openLink(kafka: Kafka): Link {
  let link: Link | undefined;
  kafka.consumer({
    groupId: 'not joined',
    allowAutoTopicCreation: false,
    metadataMaxAge: 60_000,
    partitionAssigners: [
      (config) => {
        const assigner = PartitionAssigners.roundRobin(config);
        link = { cluster: config.cluster, assigner };
        return assigner;
      },
    ],
  });
  if (link === undefined) throw new Error('kafkajs 2.2.4 makes its assigners at once; this one does not.');
  return link;
}

/** Finds the cluster again after a request has failed. Rejects while no broker answers. */
export async function recover({ cluster }: Link, error: unknown): Promise<void> {
  const { name, host, port } = factsOf(error);
  if (name === 'KafkaJSConnectionClosedError' && typeof host === 'string') {
    cluster.removeBroker({ host, port: Number(port) });
  }
  await cluster.refreshMetadata();
}

/** A request that reads, once more after the cluster was found again where it has failed. */
export async function tenaciously<T>(link: Link, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    await recover(link, error);
    return ask();
  }
}

/** The node that leads a partition, as far as it is known; asking a wrong one does no harm. */
export function leaderOf({ cluster }: Link, topic: string, partition: number): string | undefined {
  try {
    return Object.keys(cluster.findLeaderForPartitions(topic, [partition]))[0];
  } catch {
    return undefined;
  }
}

/** Kafka's own name of the error, e.g. REBALANCE_IN_PROGRESS; empty where it is none of the protocol. */
export function kindOf(error: unknown): string {
  const { type, cause } = factsOf(error);
  if (typeof type === 'string') return type;
  return cause === undefined || cause === error ? '' : kindOf(cause);
}

/** Whether the broker has said no to what was asked, rather than not just now. */
export const isRefusal = (error: unknown): boolean => kindOf(error) !== '' && factsOf(error).retriable === false;

/** What no retry can change: somebody has to put the settings right. */
export function isHopeless(error: unknown): boolean {
  if (factsOf(error).name === 'KafkaJSSASLAuthenticationError') return true;
  return /_AUTHORIZATION_FAILED|^UNSUPPORTED_|^INCONSISTENT_GROUP_PROTOCOL|^INVALID_(SESSION_TIMEOUT|GROUP_ID|TOPIC)/.test(
    kindOf(error),
  );
}

/** kafkajs's error classes cannot be imported by name into a module. */
const factsOf = (error: unknown): Readonly<Record<string, unknown>> =>
  error instanceof Error ? (error as unknown as Record<string, unknown>) : {};
