import { readKafkaSecurity } from '@throughline/log-kafka/security';
import { applyTopics, checkTopics, type TopicOptions } from '@throughline/log-kafka/topics';
import { TOPICS } from '@throughline/schemas/topics';
import type { Command } from 'commander';
import { print } from './print.ts';

interface Options {
  readonly brokers?: string;
  readonly replicas: string;
  readonly json?: boolean;
}

/** `topics apply|check`: the topics of schemas/src/topics.ts on Kafka. Services never make any. */
export function addTopicCommands(program: Command): void {
  const topics = program.command('topics').description('The topics on Kafka.');
  const command = (name: string, description: string): Command =>
    topics
      .command(name)
      .description(description)
      .option('--brokers <list>', 'host:port, separated by commas (default: KAFKA_BROKERS, or 127.0.0.1:9092)')
      .option('--replicas <number>', 'copies of every record; an append needs all but one of them', '3')
      .option('--json', 'print data as JSON');

  command(
    'apply',
    'Makes the topics that are missing and sets their settings; keeps the partitions of those there.',
  ).action(async (options: Options) => {
    const done = await applyTopics(wanted(options));
    print({ done }, options.json === true, () => (done.length > 0 ? done : ['Everything is as it should be.']));
  });

  command('check', 'Names every difference between the topics and what they should be; exit 1 if there is any.').action(
    async (options: Options) => {
      const differences = await checkTopics(wanted(options));
      print({ differences }, options.json === true, () =>
        differences.length > 0 ? differences : ['Everything is as it should be.'],
      );
      if (differences.length > 0) process.exitCode = 1;
    },
  );
}

function wanted({ brokers, replicas }: Options): TopicOptions {
  const read = readKafkaSecurity(process.env);
  if ('problem' in read) throw new Error(read.problem);
  const replicationFactor = Number(replicas);
  if (!Number.isInteger(replicationFactor) || replicationFactor < 1) {
    throw new Error(`--replicas is a whole number from 1 on, not ${replicas}.`);
  }
  const silent = (): void => undefined;
  return {
    brokers: (brokers ?? process.env.KAFKA_BROKERS ?? '127.0.0.1:9092').split(','),
    clientId: 'throughline-topics',
    security: read.security,
    reporter: { info: silent, warn: silent, error: silent },
    topics: TOPICS,
    replicationFactor,
    // One broker may be away, and two have to have a record before anybody is told that it is there.
    minInSyncReplicas: Math.max(1, replicationFactor - 1),
  };
}
