import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DATABASE_FILE } from '@throughline/sqlite/database';
import { type Contestant, type GrowthFigure, measureGrowth } from './growth.ts';
import { Stage } from './stage.ts';
import { customer, macIn, playModel, stampCases } from './stamping.ts';
import { seeded } from './statistics.ts';

/** Tells what is going on, and how much of it is done. */
export type Tell = (what: string, done: number, of: number) => void;

export interface CurveOptions {
  readonly rounds: number;
  readonly sizes: readonly number[];
  readonly tell: Tell;
}

/** A growth curve, with what filling and opening took. */
export interface Curve {
  readonly figures: readonly GrowthFigure[];
  readonly filled: readonly {
    readonly size: number;
    readonly seconds: number;
    readonly openSeconds: number;
    readonly bytes: number;
  }[];
}

const VISITS = 20;
/** Entries of each case where the number of cases grows. */
const SHORT_CASE = 10;
/** Cases of one length: as many as come to it, or as few as a visit does not make noticeably longer. */
const casesOf = (entries: number, visitors: number): number =>
  entries <= 100 ? visitors : Math.max(40, 50_000 / entries);
const VISITORS_PER_ROUND = VISITS + 40;

/** What a contact and a turn cost where there are so many cases. One data directory for each number, all open at once. */
export async function benchCases({ rounds, sizes, tell }: CurveOptions): Promise<Curve> {
  return inPlace(async (place) => {
    const press = await modelIn(place, SHORT_CASE);
    const contestants: Contestant[] = [];
    const filled: Curve['filled'][number][] = [];
    for (const size of sizes) {
      const directory = join(place, `cases-${size}`);
      const tellFill = (done: number): void => tell(`filling in ${size} cases`, done, size);
      const seconds = await secondsOf(() => press({ directory, from: 1, to: size + 1, onProgress: tellFill }));
      const random = seeded(size);
      let stage: Stage | undefined;
      const openSeconds = await secondsOf(async () => {
        stage = await Stage.open(directory);
      });
      if (stage === undefined) continue;
      filled.push({ size, seconds, openSeconds, bytes: statSync(join(directory, DATABASE_FILE)).size });
      contestants.push({ size, stage, next: () => customer(1 + Math.floor(random() * size)) });
    }
    const onRound = (done: number, of: number): void => tell('cases: rounds', done, of);
    const figures = await measureGrowth(contestants, { rounds, visits: VISITS, directory: place, onRound });
    for (const { stage } of contestants) await stage.close();
    return { figures, filled };
  });
}

/** What a contact and a turn cost on cases of so many entries, side by side in one data directory. */
export async function benchEntries({ rounds, sizes, tell }: CurveOptions): Promise<Curve> {
  return inPlace(async (place) => {
    const directory = join(place, 'entries');
    const pools: { size: number; from: number; count: number }[] = [];
    let from = 1;
    for (const [index, size] of sizes.entries()) {
      tell(`playing and copying cases of ${size} entries`, index, sizes.length);
      const count = casesOf(size, VISITORS_PER_ROUND * (rounds + 1));
      const press = await modelIn(place, size);
      await press({ directory, from, to: from + count });
      pools.push({ size, from, count });
      from += count;
    }
    const stage = await Stage.open(directory);
    const contestants = pools.map(({ size, from: first, count }): Contestant => {
      let come = 0;
      return { size, stage, next: () => customer(first + (come++ % count)) };
    });
    const onRound = (done: number, of: number): void => tell('entries: rounds', done, of);
    const figures = await measureGrowth(contestants, { rounds, visits: VISITS, directory: place, onRound });
    await stage.close();
    return { figures, filled: [] };
  });
}

export type Press = (options: {
  directory: string;
  from: number;
  to: number;
  onProgress?: (done: number) => void;
}) => Promise<void>;

/** Plays a case of so many entries and gives what copies it into a data directory, made where it is not there. */
export async function modelIn(place: string, entries: number): Promise<Press> {
  const home = join(place, `model-${entries}`);
  mkdirSync(home, { mode: 0o700 });
  const model = await playModel(home, entries);
  const modelMac = await macIn(home);
  return async (options) => {
    await (await Stage.open(options.directory)).close();
    await stampCases({ ...options, model, modelMac });
  };
}

/** Runs in a directory of its own, which is gone afterwards. */
export async function inPlace<Result>(run: (place: string) => Promise<Result>): Promise<Result> {
  const place = mkdtempSync(join(tmpdir(), 'throughline-bench-'));
  try {
    return await run(place);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

async function secondsOf(run: () => Promise<void>): Promise<number> {
  const startMs = performance.now();
  await run();
  return (performance.now() - startMs) / 1_000;
}
