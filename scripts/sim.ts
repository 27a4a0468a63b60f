/**
 * `pnpm sim --histories N [--seed S] [--faults crash,takeover] [--table]` plays histories from the seeds S, S+1, … on all cores and ends
 * with exit 1 where a law does not hold: with the shortest history that shrinking found, and the command that replays it.
 * `pnpm sim:replay <seed> [--faults …] [--strikes …] [--limits …] [--hash]` prints every step of one.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Presets, SingleBar } from 'cli-progress';
import { coverageTable, STRIKES_MIN, thinCells } from '../tests/sim/coverage.ts';
import { FAULT_NAMES, type Fault, STRUCK_BY_STEP, type StrikeName } from '../tests/sim/faults.ts';
import { type Made, playHistory } from '../tests/sim/history.ts';
import { playMany, type Summary } from '../tests/sim/playing.ts';
import { replayCommand, shrink } from '../tests/sim/shrink.ts';

const SEED_MAX = 2 ** 30;
/** Of so many that are violated, a shorter history is looked for. */
const SHRUNK_MAX = 3;

const { values } = parseArgs({
  options: {
    histories: { type: 'string', default: '100' },
    seed: { type: 'string' },
    workers: { type: 'string' },
    faults: { type: 'string' },
    table: { type: 'boolean', default: false },
    replay: { type: 'string' },
    strikes: { type: 'string' },
    limits: { type: 'string' },
    hash: { type: 'boolean', default: false },
  },
});

function refuse(sentence: string): never {
  console.error(sentence);
  process.exit(2);
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,10}$/.test(text)) refuse(`--${name} must be a whole number.`);
  return Number(text);
}

function faultNamed(name: string): Fault {
  return FAULT_NAMES.find((fault) => fault === name) ?? refuse(`There is no fault ${name}: ${FAULT_NAMES.join(', ')}.`);
}

function strikeNamed(text: string): StrikeName {
  const [, fault = '', step = '', times = ''] = /^([^@]+)@([^#]+)#(\d+)$/.exec(text) ?? [];
  return `${faultNamed(fault)}@${step}#${Number(times)}`;
}

const split = (text: string | undefined): readonly string[] | undefined => text?.split(',').filter(Boolean);

function madeAsAsked(): Made {
  const faults = split(values.faults)?.map(faultNamed);
  const strikes = split(values.strikes)?.map(strikeNamed);
  const limits = split(values.limits)?.map((limit): [string, number] => {
    const [name = '', count = ''] = limit.split('=');
    return [name, wholeNumber('limits', count)];
  });
  return {
    ...(faults === undefined ? {} : { faults }),
    ...(strikes === undefined ? {} : { strikes }),
    ...(limits === undefined ? {} : { limits: Object.fromEntries(limits) }),
  };
}

async function replay(seed: number, made: Made): Promise<boolean> {
  const history = await playHistory(seed, made);
  console.log(values.hash ? history.hash : [...history.trace, `hash ${history.hash}`].join('\n'));
  if (history.violation !== undefined) console.error(history.violation);
  return history.violation === undefined;
}

async function playAll(histories: number, firstSeed: number, made: Made): Promise<boolean> {
  const bar = new SingleBar(
    { format: '{bar} {value}/{total} histories | {rate}/s | {eta_formatted} to go', noTTYOutput: false },
    Presets.shades_classic,
  );
  const startMs = performance.now();
  const seconds = (): number => (performance.now() - startMs) / 1000;
  bar.start(histories, 0, { rate: 0 });
  const summary = await playMany({
    firstSeed,
    histories,
    made,
    ...(values.workers === undefined ? {} : { workers: wholeNumber('workers', values.workers) }),
    onProgress: (done) => bar.update(done, { rate: (done / seconds()).toFixed(1) }),
  });
  bar.stop();
  tell(summary, firstSeed, seconds(), made);
  for (const violated of summary.violated.slice(0, SHRUNK_MAX)) await explain(violated);
  for (const { seed, violation } of summary.violated.slice(SHRUNK_MAX)) {
    console.error(`${violation}\n  replay: pnpm sim:replay ${seed}`);
  }
  return summary.violated.length === 0;
}

function tell(summary: Summary, firstSeed: number, seconds: number, made: Made): void {
  const { histories, steps, stepsMin, cells, hash, violated } = summary;
  if (values.table) console.log(coverageTable(cells));
  const strikes = [...cells.values()].reduce((sum, times) => sum + times, 0);
  const thin = thinCells(cells, made.faults ?? STRUCK_BY_STEP);
  console.log(
    `${histories} histories from seed ${firstSeed} in ${seconds.toFixed(1)} s (${(histories / seconds).toFixed(1)}/s), ` +
      `${Math.round(steps / histories)} steps each on average and ${stepsMin} at least; ${strikes} strikes of faults.`,
  );
  console.log(`${thin.length} faults at a step of the kernel have struck there less than ${STRIKES_MIN} times.`);
  if (values.table)
    for (const { fault, step, times } of thin) console.log(`${String(times).padStart(8)}  ${fault}@${step}`);
  console.log(`hash ${hash}, ${violated.length} violated`);
}

async function explain({ seed, violation, struck }: Summary['violated'][number]): Promise<void> {
  console.error(`\n${violation}\n  seed ${seed}, struck by ${struck.join(', ') || 'nothing'}`);
  const shrunk = await shrink({ seed, struck: struck.map(strikeNamed) }, playHistory);
  if (shrunk === undefined) {
    console.error(`  It is not violated by these strikes alone.\n  replay: pnpm sim:replay ${seed}`);
    return;
  }
  const { history, made, tries } = shrunk;
  console.error(
    `  The shortest history found in ${tries} tries has ${history.steps} steps and ${made.strikes.length} strikes:`,
  );
  console.error(`  ${history.violation}\n  replay: ${replayCommand(seed, made)}`);
}

const made = madeAsAsked();
const seed = values.seed === undefined ? randomInt(SEED_MAX) : wholeNumber('seed', values.seed);
const holds =
  values.replay === undefined
    ? await playAll(wholeNumber('histories', values.histories), seed, made)
    : await replay(wholeNumber('replay', values.replay), made);
process.exit(holds ? 0 : 1);
