import { setTimeout as sleep } from 'node:timers/promises';
import { inPlace, modelIn, type Tell } from './curves.ts';
import { type Figure, figureOf, quantile } from './engines/figures.ts';
import { Stage } from './stage.ts';
import { customer } from './stamping.ts';
import { type Estimate, medianOf, seeded } from './statistics.ts';

/** What becomes of contacts that come at one rate, whatever came of those before. */
export interface LoadStep {
  /** Of the saturation. */
  readonly share: number;
  readonly offeredPerSecond: number;
  readonly briefedPerSecond: Figure;
  /** From when a contact was due to come to its briefing, milliseconds. */
  readonly p50Ms: Figure;
  readonly p99Ms: Figure;
}

export interface LoadFigures {
  /** Contacts that start, say one thing and leave, per second, with as many under way at once as help. */
  readonly saturationPerSecond: Estimate;
  readonly steps: readonly LoadStep[];
}

const SHARES = [0.1, 0.3, 0.5, 0.7, 0.9, 1.1] as const;
const WORKERS = 64;
const CUSTOMERS = 4_000;
const ENTRIES = 10;

/** A stage with customers who each have a case, and who comes next. */
export async function onPeopledStage<Result>(
  tell: Tell,
  run: (stage: Stage, next: () => string) => Promise<Result>,
): Promise<Result> {
  return inPlace(async (place) => {
    const directory = `${place}/peopled`;
    const press = await modelIn(place, ENTRIES);
    const onProgress = (done: number): void => tell(`filling in ${CUSTOMERS} cases`, done, CUSTOMERS);
    await press({ directory, from: 1, to: CUSTOMERS + 1, onProgress });
    const stage = await Stage.open(directory);
    let come = 0;
    const result = await run(stage, () => customer(1 + (come++ % CUSTOMERS)));
    await stage.close();
    return result;
  });
}

/** Finds the saturation, then offers shares of it in turns. */
export async function benchLoad(options: {
  readonly rounds: number;
  readonly seconds: number;
  readonly tell: Tell;
}): Promise<LoadFigures> {
  const { rounds, seconds, tell } = options;
  return onPeopledStage(tell, async (stage, next) => {
    const rates: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      tell('load: as many as go', round, rounds + 1);
      const rate = await saturate(stage, next, seconds);
      // The first round warms up.
      if (round > 0) rates.push(rate);
    }
    const saturationPerSecond = medianOf(rates);
    const taken = new Map(SHARES.map((share) => [share, [] as Offered[]]));
    for (let round = 0; round < rounds; round += 1) {
      for (const [index, [share, own]] of [...taken].entries()) {
        tell('load: shares of it', round * SHARES.length + index, rounds * SHARES.length);
        const perSecond = saturationPerSecond.value * share;
        own.push(await offer({ stage, next, perSecond, seconds, random: seeded(round * 100 + index) }));
      }
    }
    const steps = [...taken].map(([share, own]) => ({
      share,
      offeredPerSecond: saturationPerSecond.value * share,
      briefedPerSecond: figureOf(own.map(({ briefedPerSecond }) => briefedPerSecond)),
      p50Ms: figureOf(own.map(({ latencies }) => quantile(latencies, 0.5))),
      p99Ms: figureOf(own.map(({ latencies }) => quantile(latencies, 0.99))),
    }));
    return { saturationPerSecond, steps };
  });
}

async function saturate(stage: Stage, next: () => string, seconds: number): Promise<number> {
  const startMs = performance.now();
  let contacts = 0;
  const work = async (): Promise<void> => {
    while (performance.now() - startMs < seconds * 1_000) {
      const { line } = await stage.start(next());
      await stage.say(line, 1);
      await line.leave('done');
      contacts += 1;
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
  // What is left behind counts: a rate that lets the log grow is not sustained.
  await stage.settled();
  return contacts / ((performance.now() - startMs) / 1_000);
}

interface Offered {
  readonly briefedPerSecond: number;
  readonly latencies: readonly number[];
}

/** Contacts come at random times, so many a second, also while others still wait; latency counts from when one was due. */
export async function offer(options: {
  readonly stage: Stage;
  readonly next: () => string;
  readonly perSecond: number;
  readonly seconds: number;
  readonly random: () => number;
}): Promise<Offered> {
  const { stage, next, perSecond, seconds, random } = options;
  const latencies: number[] = [];
  const come = async (dueMs: number): Promise<void> => {
    const { line } = await stage.start(next());
    latencies.push(performance.now() - dueMs);
    await stage.say(line, 1);
    await line.leave('done');
  };
  const startMs = performance.now();
  const coming: Promise<void>[] = [];
  let dueMs = startMs;
  for (;;) {
    dueMs -= (Math.log(1 - random()) * 1_000) / perSecond;
    if (dueMs > startMs + seconds * 1_000) break;
    const earlyMs = dueMs - performance.now();
    if (earlyMs > 0) await sleep(earlyMs);
    coming.push(come(dueMs));
  }
  await Promise.all(coming);
  const elapsedMs = Math.max(performance.now() - startMs, seconds * 1_000);
  await stage.settled();
  return { briefedPerSecond: latencies.length / (elapsedMs / 1_000), latencies };
}
