import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Clock, Log, OutgoingRecord, Reporter } from '@throughline/kernel/ports';
import { createEmbeddedLog } from '@throughline/log-embedded/log';
import { openDatabase } from '@throughline/sqlite/database';

export interface LogFigure {
  readonly batch: number;
  /** Medians over the rounds, records per second. */
  readonly logPerSecond: number;
  readonly rawPerSecond: number;
  /** Median of the rounds' own ratios, log to raw; above 0.5 is what we ask for. */
  readonly ratio: number;
  readonly ratioLowest: number;
  readonly ratioHighest: number;
}

const TOPIC = { name: 'bench.log.v1', partitions: 8 };
const VALUE = Buffer.alloc(400, 'x');
/** Records per batch size and round: long enough to see past a single slow flush. */
const LOADS = [
  { batch: 1, records: 1000 },
  { batch: 100, records: 30_000 },
] as const;

const silent: Reporter = { info: () => undefined, warn: () => undefined, error: () => undefined };
const unusedClock: Clock = { nowMs: () => 0, after: () => () => undefined };

/**
 * Appends 400-byte records to the embedded log and, for comparison, writes the same bytes to a bare file with
 * fdatasync after each batch; in turns, so that a noisy machine disturbs both alike. The first round warms up.
 */
export async function benchLog({ rounds }: { readonly rounds: number }): Promise<readonly LogFigure[]> {
  const directory = mkdtempSync(join(tmpdir(), 'throughline-bench-'));
  const database = openDatabase({ directory });
  const raw = openSync(join(directory, 'raw'), 'w');
  try {
    const log = createEmbeddedLog({ database, topics: [TOPIC], clock: unusedClock, reporter: silent });
    const figures: LogFigure[] = [];
    for (const { batch, records } of LOADS) {
      const taken = [];
      for (let round = 0; round <= rounds; round += 1) {
        const batches = batchesOf(batch, records);
        const logPerSecond = await perSecond(records, () => appendAll(log, batches));
        const rawPerSecond = await perSecond(records, () => writeAll(raw, batches));
        if (round > 0) taken.push({ logPerSecond, rawPerSecond, ratio: logPerSecond / rawPerSecond });
      }
      figures.push(figureOf(batch, taken));
    }
    return figures;
  } finally {
    database.close();
    closeSync(raw);
    rmSync(directory, { recursive: true, force: true });
  }
}

function batchesOf(batch: number, records: number): OutgoingRecord[][] {
  return Array.from({ length: records / batch }, (_, first) =>
    Array.from({ length: batch }, (_unused, index) => ({
      topic: TOPIC.name,
      key: `case_${(first * batch + index) % 97}`,
      headers: { ce_id: `m${first * batch + index}`, ce_type: 'Said' },
      value: VALUE,
    })),
  );
}

async function appendAll(log: Log, batches: readonly OutgoingRecord[][]): Promise<void> {
  for (const batch of batches) await log.append(batch);
}

async function writeAll(file: number, batches: readonly OutgoingRecord[][]): Promise<void> {
  for (const batch of batches) {
    const parts = batch.flatMap(({ key, headers, value }) => [
      Buffer.from(key),
      Buffer.from(JSON.stringify(headers)),
      value,
    ]);
    writeSync(file, Buffer.concat(parts));
    fdatasyncSync(file);
  }
}

async function perSecond(records: number, run: () => Promise<void>): Promise<number> {
  const startMs = performance.now();
  await run();
  return records / ((performance.now() - startMs) / 1000);
}

type Taken = Pick<LogFigure, 'logPerSecond' | 'rawPerSecond' | 'ratio'>;

function figureOf(batch: number, taken: readonly Taken[]): LogFigure {
  const sorted = (name: keyof Taken): number[] => taken.map((each) => each[name]).sort((left, right) => left - right);
  const median = (name: keyof Taken): number => sorted(name)[Math.floor(taken.length / 2)] ?? 0;
  return {
    batch,
    logPerSecond: Math.round(median('logPerSecond')),
    rawPerSecond: Math.round(median('rawPerSecond')),
    ratio: median('ratio'),
    ratioLowest: sorted('ratio').at(0) ?? 0,
    ratioHighest: sorted('ratio').at(-1) ?? 0,
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const figures = await benchLog({ rounds: 7 });
  process.stdout.write(`${figures.map((figure) => JSON.stringify(figure)).join('\n')}\n`);
}
