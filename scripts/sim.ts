/**
 * `pnpm sim --histories N [--seed S] [--faults crash,takeover]` plays histories from the seeds S, S+1, … and ends with exit 1 where a law
 * does not hold; `pnpm sim:replay <seed>` prints every step of one.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Presets, SingleBar } from 'cli-progress';
import { FAULT_NAMES, type Fault } from '../tests/sim/faults.ts';
import { type History, playHistory } from '../tests/sim/history.ts';

const SEED_MAX = 2 ** 30;
const HISTORIES = '100';

const { values } = parseArgs({
  options: {
    histories: { type: 'string', default: HISTORIES },
    seed: { type: 'string' },
    faults: { type: 'string' },
    replay: { type: 'string' },
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

const faults = values.faults?.split(',').map(faultNamed);
const faultsGiven = values.faults === undefined ? '' : ` --faults ${values.faults}`;

async function replay(seed: number): Promise<History> {
  const history = await playHistory(seed, faults);
  console.log(values.hash ? history.hash : [...history.trace, `hash ${history.hash}`].join('\n'));
  return history;
}

async function playMany(histories: number, firstSeed: number): Promise<readonly History[]> {
  const bar = new SingleBar({ format: '{bar} {value}/{total} histories | {rate}/s' }, Presets.shades_classic);
  const startMs = performance.now();
  const struck = new Map<string, number>();
  const violated: History[] = [];
  let steps = 0;
  bar.start(histories, 0, { rate: 0 });
  for (let done = 1; done <= histories; done += 1) {
    const history = await playHistory(firstSeed + done - 1, faults);
    steps += history.steps;
    if (history.violation !== undefined) violated.push(history);
    for (const [strike, times] of history.struck) struck.set(strike, (struck.get(strike) ?? 0) + times);
    bar.update(done, { rate: (done / ((performance.now() - startMs) / 1000)).toFixed(1) });
  }
  bar.stop();
  console.log(`${histories} histories from seed ${firstSeed}, ${Math.round(steps / histories)} steps each on average.`);
  for (const [strike, times] of [...struck].sort()) console.log(`${String(times).padStart(8)}  ${strike}`);
  return violated;
}

const violated =
  values.replay === undefined
    ? await playMany(
        wholeNumber('histories', values.histories),
        values.seed === undefined ? randomInt(SEED_MAX) : wholeNumber('seed', values.seed),
      )
    : [await replay(wholeNumber('replay', values.replay))].filter(({ violation }) => violation !== undefined);
for (const { seed, violation, faults: had } of violated) {
  console.error(`${violation}\n  faults: ${had.join(', ')}\n  replay: pnpm sim:replay ${seed}${faultsGiven}`);
}
process.exit(violated.length > 0 ? 1 : 0);
