/**
 * `pnpm bench [--only log,cases,entries,load] [--quick] [--rounds N] [--soak 30m] [--json FILE] [--flame FILE]`: one report on the
 * embedded default. A report, not a test: it judges nothing but the two limits on growth. What the figures mean stands in
 * docs/bench.md.
 */
import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { Presets, SingleBar } from 'cli-progress';
import { svgOf } from './charts.ts';
import { benchCases, benchEntries, type Tell } from './curves.ts';
import { withFlame } from './flame.ts';
import { benchLoad } from './load.ts';
import { benchLog } from './log.ts';
import { chartsOf, type Report, textOf } from './report.ts';
import { benchSoak, durationMs } from './soak.ts';

const PARTS = ['log', 'cases', 'entries', 'load'] as const;
const FULL = { rounds: 12, cases: [1e3, 1e4, 1e5, 1e6], entries: [10, 100, 1_000, 10_000], seconds: 5 };
const QUICK = { rounds: 3, cases: [100, 1_000], entries: [10, 300], seconds: 1 };

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    soak: { type: 'string' },
    json: { type: 'string' },
    flame: { type: 'string' },
  },
});

function refuse(sentence: string): never {
  console.error(sentence);
  process.exit(2);
}

const size = values.quick ? QUICK : FULL;
const rounds = Number(values.rounds ?? size.rounds);
if (!Number.isInteger(rounds) || rounds < 1) refuse('--rounds must be a whole number, 1 or more.');
const soakMs = values.soak === undefined ? undefined : durationMs(values.soak);
if (values.soak !== undefined && soakMs === undefined) refuse('--soak must be a time such as 90s, 30m or 1h.');
if (values.json !== undefined && !values.json.endsWith('.json')) refuse('--json must name a file that ends in .json.');
// A soak that is asked for is all that is asked for, unless other parts are named.
const only = values.only?.split(',') ?? (soakMs === undefined ? PARTS : []);
for (const name of only) {
  if (!PARTS.some((part) => part === name)) refuse(`There is no part ${name}: ${PARTS.join(', ')}.`);
}

let bar: SingleBar | undefined;
let saying = '';
const tell: Tell = (what, done, of) => {
  if (what !== saying && !process.stderr.isTTY) console.error(what);
  saying = what;
  bar ??= new SingleBar({ format: '{bar} {value}/{total} | {what}', clearOnComplete: true }, Presets.shades_classic);
  if (!bar.isActive) bar.start(of, done, { what });
  bar.setTotal(of);
  bar.update(done, { what });
};

const part = async <Result>(
  name: (typeof PARTS)[number],
  run: () => Promise<Result>,
): Promise<{ [key: string]: Result }> => (only.includes(name) ? { [name]: await run() } : {});

const [loadBefore = 0] = loadavg();
const measured = await withFlame(values.flame, async () => ({
  ...(await part('log', async () => {
    tell('the log against a bare file', 0, 1);
    return benchLog({ rounds });
  })),
  ...(await part('cases', () => benchCases({ rounds, sizes: size.cases, tell }))),
  ...(await part('entries', () => benchEntries({ rounds, sizes: size.entries, tell }))),
  ...(await part('load', () => benchLoad({ rounds: Math.min(rounds, 5), seconds: size.seconds, tell }))),
  ...(soakMs === undefined ? {} : { soak: await benchSoak({ ms: soakMs, tell }) }),
}));
bar?.stop();
const [loadAfter = 0] = loadavg();
const command = ['pnpm bench', ...process.argv.slice(2)].join(' ');
const report: Report = {
  command,
  node: process.version,
  cores: cpus().length,
  loadBefore,
  loadAfter,
  rounds,
  ...measured,
};
console.log(textOf(report));
if (values.json !== undefined) {
  await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
  for (const [name, chart] of Object.entries(chartsOf(report))) {
    await writeFile(values.json.replace(/\.json$/, `-${name}.svg`), await svgOf(chart));
  }
}
