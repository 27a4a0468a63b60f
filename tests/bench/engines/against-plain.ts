import type { Closable } from '@throughline/kernel/ports';
import { connectMongo } from '@throughline/mongo/connect';
import { applyIndexes } from '@throughline/store-mongo/indexes';
import { createMongoStore } from '@throughline/store-mongo/store';
import { type Figure, figureOf } from './figures.ts';
import { type HopTopics, runHop } from './hop.ts';
import { type BenchPlace, feed, grownTo, sizeOf } from './place.ts';
import { plainDocuments, runPlain } from './plain.ts';

/** A hop on Kafka and MongoDB; records per second, and shares that were taken round by round. */
export interface AgainstPlain {
  readonly kernelPerSecond: Figure;
  readonly plainPerSecond: Figure;
  /** Consumed and produced with kafkajs, nothing written. */
  readonly rawPerSecond: Figure;
  readonly kernelToPlain: Figure;
  readonly kernelToRaw: Figure;
}

type Name = 'kernel' | 'plain' | 'raw';

const RECORDS = 20_000;
/** The stand-in for MongoDB takes most of the time with as few as these. */
const KEYS = 500;

const topicsOf = (name: Name): HopTopics => ({ in: `${name}.in`, out: `${name}.out` });

/** The kernel's hop, a plain loop and raw kafkajs on the same engines, in turns, each on as many records that wait for it. */
export async function benchAgainstPlain(
  place: BenchPlace,
  options: { readonly rounds: number; readonly tell: (what: string) => void },
): Promise<AgainstPlain> {
  const log = await place.open(['kernel', 'plain', 'raw'].flatMap((name) => [`${name}.in`, `${name}.out`]));
  const url = new URL(place.engines.mongo.url);
  url.pathname = '/bench';
  const connection = await connectMongo({ url: url.href, reporter: place.reporter });
  await applyIndexes({ connection, processors: ['bench', 'plain'] });
  const brokers = place.engines.kafka.brokers;
  const store = createMongoStore({ connection });
  const write = plainDocuments(connection);
  const contestants: Readonly<Record<Name, () => Promise<Closable>>> = {
    kernel: () => runHop({ log, store, topics: topicsOf('kernel'), reporter: place.reporter }),
    plain: () => runPlain({ brokers, group: 'plain', topics: topicsOf('plain'), write }),
    raw: () => runPlain({ brokers, group: 'raw', topics: topicsOf('raw'), write: async () => undefined }),
  };
  const taken: Record<Name, number>[] = [];
  // The first round warms up.
  for (let round = 0; round <= options.rounds; round += 1) {
    options.tell(`hop on Kafka and MongoDB: round ${round} of ${options.rounds}`);
    const rates = { kernel: 0, plain: 0, raw: 0 };
    for (const name of ORDERS[round % ORDERS.length] ?? []) {
      const topics = topicsOf(name);
      await feed(log, topics.in, round * RECORDS, RECORDS, KEYS);
      const running = await contestants[name]();
      // From what came first on: joining is not measured, and whoever is at work before it says that it has joined gains nothing.
      await grownTo(log, topics.out, round * RECORDS + 1);
      const before = await sizeOf(log, topics.out);
      const startMs = performance.now();
      await grownTo(log, topics.out, (round + 1) * RECORDS);
      rates[name] = ((round + 1) * RECORDS - before) / ((performance.now() - startMs) / 1000);
      await running.close();
    }
    if (round > 0) taken.push(rates);
  }
  await connection.close();
  return reportOf(taken);
}

const ORDERS: readonly (readonly Name[])[] = [
  ['kernel', 'plain', 'raw'],
  ['plain', 'kernel', 'raw'],
];

const reportOf = (taken: readonly Readonly<Record<Name, number>>[]): AgainstPlain => ({
  kernelPerSecond: figureOf(taken.map(({ kernel }) => kernel)),
  plainPerSecond: figureOf(taken.map(({ plain }) => plain)),
  rawPerSecond: figureOf(taken.map(({ raw }) => raw)),
  kernelToPlain: figureOf(taken.map(({ kernel, plain }) => kernel / plain)),
  kernelToRaw: figureOf(taken.map(({ kernel, raw }) => kernel / raw)),
});
