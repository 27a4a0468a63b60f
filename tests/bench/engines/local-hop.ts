import { join } from 'node:path';
import type { KafkaLog } from '@throughline/log-kafka/log';
import { openDatabase } from '@throughline/sqlite/database';
import { createEmbeddedStore } from '@throughline/store-embedded/store';
import { type Figure, figureOf, quantile } from './figures.ts';
import { ageMs, inputs, runHop } from './hop.ts';
import { type BenchPlace, feed, grownTo, pause, sizeOf } from './place.ts';

/** A hop on Kafka and the local SQLite store, in one configuration. */
export interface LocalHop {
  readonly perSecond: Figure;
  /** From the making of an input to the reading of what followed, milliseconds. */
  readonly p50Ms: Figure;
  readonly p99Ms: Figure;
}

const RECORDS = 30_000;
const LATENCY = { perSecond: 200, records: 1_000 } as const;
const TOPICS = { in: 'local.in', out: 'local.out' } as const;

/** Records that wait, as fast as they go; then some at a steady rate. Both in every round. */
export async function benchLocalHop(
  place: BenchPlace,
  options: { readonly rounds: number; readonly tell: (what: string) => void },
): Promise<LocalHop> {
  const log = await place.open([TOPICS.in, TOPICS.out]);
  // The feeder's and the reader's links are not those of the hop.
  const other = await place.open([TOPICS.in, TOPICS.out]);
  const database = openDatabase({ directory: join(place.directory, 'local') });
  const store = createEmbeddedStore({ database });
  const taken: { perSecond: number; latencies: readonly number[] }[] = [];
  let fed = 0;
  // The first round warms up.
  for (let round = 0; round <= options.rounds; round += 1) {
    options.tell(`hop on Kafka and local SQLite: round ${round} of ${options.rounds}`);
    await feed(other, TOPICS.in, fed, RECORDS);
    fed += RECORDS;
    const hop = await runHop({ log, store, topics: TOPICS, reporter: place.reporter });
    const startMs = performance.now();
    await grownTo(other, TOPICS.out, fed);
    const perSecond = RECORDS / ((performance.now() - startMs) / 1000);
    const latencies = await latenciesOf(other, fed);
    fed += LATENCY.records;
    await hop.close();
    if (round > 0) taken.push({ perSecond, latencies });
  }
  database.close();
  return {
    perSecond: figureOf(taken.map((round) => round.perSecond)),
    p50Ms: figureOf(taken.map(({ latencies }) => quantile(latencies, 0.5))),
    p99Ms: figureOf(taken.map(({ latencies }) => quantile(latencies, 0.99))),
  };
}

/** Sends at a steady rate whatever comes back: a hop that is late does not slow its own measurement. */
async function latenciesOf(log: KafkaLog, fed: number): Promise<readonly number[]> {
  const before = await sizeOf(log, TOPICS.out);
  const latencies: number[] = [];
  const tail = await log.tail(TOPICS.out, ({ value }) => {
    latencies.push(ageMs(value));
  });
  const appended: Promise<unknown>[] = [];
  const startMs = performance.now();
  while (appended.length < LATENCY.records) {
    const due = Math.min(LATENCY.records, ((performance.now() - startMs) / 1000) * LATENCY.perSecond);
    while (appended.length < due) appended.push(log.append(inputs(TOPICS.in, fed + appended.length, 1)));
    await pause(1);
  }
  await Promise.all(appended);
  await grownTo(log, TOPICS.out, before + LATENCY.records);
  while (latencies.length < LATENCY.records) await pause(1);
  await tail.close();
  return latencies;
}
