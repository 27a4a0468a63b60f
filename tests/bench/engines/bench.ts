/**
 * `pnpm bench:engines [--rounds N] [--only plain|local|mesh] [--json FILE] [--profile]`: the kernel on Kafka, with MongoDB's protocol
 * and with the local store, and all services as processes, against what is there without them, in one run on engines of its own. A report, not a test: it judges
 * nothing. What the figures mean stands in docs/bench-engines.md.
 */
import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import type { Estimate } from '../statistics.ts';
import { type AgainstPlain, benchAgainstPlain } from './against-plain.ts';
import { type Figure, figureText } from './figures.ts';
import { benchLocalHop, type LocalHop } from './local-hop.ts';
import { benchMesh, type MeshFigures, type MeshReport } from './mesh.ts';
import { type BenchPlace, openPlace } from './place.ts';
import { profiled, type SelfTime } from './profile.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    only: { type: 'string' },
    json: { type: 'string', default: 'bench-engines.json' },
    profile: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) refuse('--rounds must be a whole number, 1 or more.');
if (values.only !== undefined && !['plain', 'local', 'mesh'].includes(values.only)) {
  refuse('--only must be plain, local or mesh.');
}

const tell = (what: string): void => console.error(what);
const loadBefore = loadavg();
/** What is open: cut short, the bench leaves no engine behind. */
const open = new Set<{ close(): Promise<void> }>();
let closing: Promise<void> = Promise.resolve();
/** Whoever asks waits for all: what is measured fails once its engines go, and must not end the process before they are gone. */
const closeAll = (): Promise<void> => {
  closing = closing.then(async () => {
    for (const one of [...open].reverse()) {
      open.delete(one);
      await one.close();
    }
  });
  return closing;
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => closeAll().finally(() => process.exit(1)));
}

/** On engines that are there for this part alone: one that idles takes its share of the machine too. */
async function onEngines<Result>(run: (place: BenchPlace) => Promise<Result>): Promise<Result> {
  const place = await openPlace(tell);
  open.add(place);
  const result = await run(place);
  await closeAll();
  return result;
}

const conditions = { node: process.version, cores: cpus().length, rounds, profiled: values.profile, loadBefore };
const report: Record<string, unknown> = { ...conditions };
console.log(`Node ${process.version}, ${cpus().length} cores, load before ${loadBefore[0]?.toFixed(1)}`);
console.log(`Medians of ${rounds} interleaved rounds (the lowest to the highest), engines on the same machine`);
try {
  await part('plain', () => onEngines((place) => benchAgainstPlain(place, { rounds, tell })), plainText);
  await part('local', () => onEngines((place) => benchLocalHop(place, { rounds, tell })), localText);
  await part('mesh', () => benchMesh({ rounds, tell, opened: (place) => open.add(place) }), meshText);
} finally {
  await closeAll();
}
process.exit(0);

/** One part, if it is asked for. Its figures are there as soon as it has ended, whatever becomes of the next. */
async function part<Result>(name: string, run: () => Promise<Result>, text: (result: Result) => string): Promise<void> {
  if (values.only !== undefined && values.only !== name) return;
  const { result, top } = values.profile ? await profiled(run) : { result: await run(), top: [] };
  report[name] = { result, top };
  await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
  console.log(text(result), profileText(top));
}

function plainText(figures: AgainstPlain): string {
  const line = (name: string, figure: Figure, digits: number): string =>
    `  ${name.padEnd(44)}${figureText(figure, digits)}`;
  return [
    '\nA hop on Kafka and MongoDB’s protocol, records/s',
    line('the kernel', figures.kernelPerSecond, 0),
    line('a plain loop with the same writes', figures.plainPerSecond, 0),
    line('kafkajs alone: consume and produce', figures.rawPerSecond, 0),
    line('kernel to plain loop (asked: 0.80 or more)', figures.kernelToPlain, 2),
    line('kernel to kafkajs alone', figures.kernelToRaw, 2),
  ].join('\n');
}

function localText({ perSecond, p50Ms, p99Ms }: LocalHop): string {
  return [
    '\nA hop on Kafka and local SQLite, 400 bytes in and out, 10,000 keys',
    `  records/s          ${figureText(perSecond, 0)}   Kafka Streams, commits every 10 ms: 11,000 to 13,500`,
    `  p99 at 200/s, ms   ${figureText(p99Ms, 1)}   Kafka Streams: 34 to 40 (asked: 17 or less)`,
    `  p50 at 200/s, ms   ${figureText(p50Ms, 1)}`,
  ].join('\n');
}

function meshText({ alone, few, many, rawP99Ms, readableToRaw, growth }: MeshReport): string {
  const figures = (title: string, figure: MeshFigures): readonly string[] => [
    `  ${title}, ${figure.cases.toLocaleString('en')} cases`,
    `    contact start to briefing, ms      p50 ${figureText(figure.briefingP50Ms, 1)}, p99 ${figureText(figure.briefingP99Ms, 1)}`,
    `    acknowledged to readable, ms       p50 ${figureText(figure.readableP50Ms, 1)}, p99 ${figureText(figure.readableP99Ms, 1)}`,
    `    share of a core: ${figure.cpu.map(({ name, share }) => `${name} ${(share * 100).toFixed(0)} %`).join(', ')}`,
  ];
  const grown = (name: string, { value, low, high }: Estimate): string =>
    `    ${name.padEnd(35)}${value.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;
  return [
    '\nAll services and engines, 30 contacts a second (asked: start to briefing p99 60 ms or less)',
    ...figures('one mesh alone', alone),
    `    kafkajs, produce to consume, ms    p99 ${figureText(rawP99Ms, 1)}`,
    `    acknowledged to readable over it   ${figureText(readableToRaw, 2)} (asked: 3 or less)`,
    ...figures('two in turns', few),
    ...figures('two in turns', many),
    '  the many cases to the few, with 95 % intervals (asked: 1.15 or less)',
    grown('contact start to briefing, p50', growth.briefingP50),
    grown('contact start to briefing, p99', growth.briefingP99),
    grown('acknowledged to readable, p50', growth.readableP50),
    grown('acknowledged to readable, p99', growth.readableP99),
  ].join('\n');
}

function profileText(top: readonly SelfTime[]): string {
  if (top.length === 0) return '';
  const lines = top.map(({ name, share }) => `  ${(share * 100).toFixed(1).padStart(5)} %  ${name}`);
  return `\n  where the time of this process went\n${lines.join('\n')}`;
}

function refuse(what: string): never {
  console.error(what);
  process.exit(2);
}
