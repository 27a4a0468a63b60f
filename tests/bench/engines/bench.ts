/**
 * `pnpm bench:engines [--rounds N] [--only plain|local] [--json FILE] [--profile]`: the kernel on Kafka, with MongoDB's protocol
 * and with the local store, against what is there without it, in one run on engines of its own. A report, not a test: it judges
 * nothing. What the figures mean stands in docs/bench-engines.md.
 */
import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { type AgainstPlain, benchAgainstPlain } from './against-plain.ts';
import { type Figure, figureText } from './figures.ts';
import { benchLocalHop, type LocalHop } from './local-hop.ts';
import { openPlace } from './place.ts';
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
if (values.only !== undefined && !['plain', 'local'].includes(values.only)) refuse('--only must be plain or local.');

const tell = (what: string): void => console.error(what);
const loadBefore = loadavg();
const place = await openPlace(tell);
// Cut short, it leaves no engine behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => place.close().finally(() => process.exit(1)));
}
try {
  const plain = await part('plain', () => benchAgainstPlain(place, { rounds, tell }));
  const local = await part('local', () => benchLocalHop(place, { rounds, tell }));
  const conditions = { node: process.version, cores: cpus().length, rounds, profiled: values.profile, loadBefore };
  await writeFile(values.json, `${JSON.stringify({ ...conditions, plain, local }, null, 2)}\n`);
  console.log(`Node ${process.version}, ${cpus().length} cores, load before ${loadBefore[0]?.toFixed(1)}`);
  console.log(`Medians of ${rounds} interleaved rounds (the lowest to the highest), engines on the same machine`);
  if (plain) console.log(plainText(plain.result), profileText(plain.top));
  if (local) console.log(localText(local.result), profileText(local.top));
} finally {
  await place.close();
}
process.exit(0);

async function part<Result>(
  name: string,
  run: () => Promise<Result>,
): Promise<{ result: Result; top: readonly SelfTime[] } | undefined> {
  if (values.only !== undefined && values.only !== name) return undefined;
  return values.profile ? profiled(run) : { result: await run(), top: [] };
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

function profileText(top: readonly SelfTime[]): string {
  if (top.length === 0) return '';
  const lines = top.map(({ name, share }) => `  ${(share * 100).toFixed(1).padStart(5)} %  ${name}`);
  return `\n  where the time of this process went\n${lines.join('\n')}`;
}

function refuse(what: string): never {
  console.error(what);
  process.exit(2);
}
