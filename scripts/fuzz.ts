/**
 * `pnpm fuzz [--door <door>] [--inputs N] [--for 60m] [--seed S] [--corpora <folder>]`: feeds every door, or the one that is
 * named, with bad input. Ends at the first finding, with exit 1 and the command that makes it happen again.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Presets, SingleBar } from 'cli-progress';
import { DOORS } from '../tests/fuzz/doors.ts';
import { fuzzDoor, printed } from '../tests/fuzz/fuzzing.ts';
import { OWN_SEEDS, readCorpora } from '../tests/fuzz/seeds.ts';

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };
const SEED_MAX = 2 ** 30;

const { values } = parseArgs({
  options: {
    door: { type: 'string' },
    inputs: { type: 'string' },
    for: { type: 'string' },
    seed: { type: 'string' },
    corpora: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

function refuse(sentence: string): never {
  console.error(sentence);
  process.exit(2);
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) refuse(`--${name} must be a whole number.`);
  return Number(text);
}

function milliseconds(text: string): number {
  const [, count = '', unit = ''] = /^(\d+)([smh])$/.exec(text) ?? [];
  return Number(count) * (UNIT_MS[unit] ?? refuse('--for must be a time such as 90s, 60m or 1h.'));
}

if (values.help) {
  console.log('pnpm fuzz [--door <door>] [--inputs N] [--for 60m] [--seed S] [--corpora <folder>]\n');
  for (const { name, about } of DOORS) console.log(`  ${name.padEnd(10)} ${about}`);
  process.exit(0);
}
const doors = DOORS.filter(({ name }) => values.door === undefined || name === values.door);
if (doors.length === 0) refuse(`There is no door ${values.door}: ${DOORS.map(({ name }) => name).join(', ')}.`);
const forMs = values.for === undefined ? undefined : milliseconds(values.for);
const seed = values.seed === undefined ? randomInt(SEED_MAX) : wholeNumber('seed', values.seed);
const seeds = values.corpora === undefined ? OWN_SEEDS : readCorpora(values.corpora);
/** Each door gets its share of the inputs, or of the time. A seed alone means: what that seed names. */
function inputsOf(inputsPerOpening: number): number {
  if (values.inputs !== undefined) return Math.ceil(wholeNumber('inputs', values.inputs) / doors.length);
  return forMs === undefined ? inputsPerOpening * (values.seed === undefined ? 10 : 1) : Number.MAX_SAFE_INTEGER;
}

let total = 0;
for (const { name, inputsPerOpening } of doors) {
  const inputs = inputsOf(inputsPerOpening);
  const share = forMs === undefined ? undefined : forMs / doors.length;
  const startMs = performance.now();
  const bar = new SingleBar(
    { format: `${name.padEnd(10)} [{bar}] {value} inputs, {rate}/s`, noTTYOutput: false, hideCursor: true },
    Presets.shades_classic,
  );
  bar.start(share === undefined ? inputs : 1_000, 0, { rate: 0 });
  const outcome = await fuzzDoor({
    door: name,
    seed,
    inputs,
    seeds,
    ...(share === undefined ? {} : { forMs: share }),
    onProgress: (fed) => {
      const seconds = (performance.now() - startMs) / 1000;
      if (share !== undefined) bar.setTotal(Math.max(fed, Math.round((fed * share) / 1000 / seconds)));
      bar.update(fed, { rate: Math.round(fed / seconds) });
    },
  });
  bar.stop();
  total += outcome.inputs;
  const seconds = (performance.now() - startMs) / 1000;
  console.log(
    `${name}: ${outcome.inputs} inputs in ${seconds.toFixed(1)} s (${Math.round(outcome.inputs / seconds)}/s)`,
  );
  if (outcome.finding !== undefined) {
    console.error(printed(outcome, inputsPerOpening));
    process.exit(1);
  }
}
console.log(`${total} inputs from seed ${seed}: every one was taken or refused, and every door went on.`);
