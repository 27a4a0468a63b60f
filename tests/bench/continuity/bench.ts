/**
 * `pnpm bench:continuity [folder] [--tasks 0,17] [--seed S] [--at-once N] [--json FILE]`: plays the tasks of a folder over two or three
 * contacts each, on a mesh with its real sockets. Exit 1 where a database is wrong, something known was asked again, something was
 * done twice, or anything of one customer reached another. What it does stands in docs/bench.md.
 */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Presets, SingleBar } from 'cli-progress';
import { playTasks } from './play.ts';
import { isSound, reportOf, textOf } from './report.ts';
import { readShop } from './shop.ts';

const FOLDER = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'corpora', 'support-tasks');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    tasks: { type: 'string' },
    seed: { type: 'string', default: '1' },
    'at-once': { type: 'string', default: '8' },
    json: { type: 'string' },
  },
});

function refuse(sentence: string): never {
  console.error(sentence);
  process.exit(2);
}

function wholeNumber(name: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) refuse(`--${name} must be a whole number, 1 or more.`);
  return Number(text);
}

const folder = resolve(positionals[0] ?? FOLDER);
if (!existsSync(join(folder, 'retail-tasks.json')))
  refuse(`There are no tasks in ${folder}: name the folder that has them.`);
const seed = wholeNumber('seed', values.seed);
const atOnce = wholeNumber('at-once', values['at-once']);
const { database, tasks: all } = readShop(folder);
const only = values.tasks?.split(',');
const tasks = all.filter(({ id }) => only === undefined || only.includes(id));
if (tasks.length === 0) refuse('None of these tasks is in the folder.');

const startMs = performance.now();
const bar = new SingleBar(
  { format: '{bar} {value}/{total} tasks | {failed} failed', noTTYOutput: true, notTTYSchedule: 10_000 },
  Presets.shades_classic,
);
let failed = 0;
bar.start(tasks.length, 0, { failed });
const played = await playTasks({
  database,
  tasks,
  seed,
  atOnce,
  onDone: ({ isRight, askedAgain, doubles, leaks, problem }) => {
    if (!isRight || askedAgain.length + doubles.length + leaks.length > 0 || problem !== undefined) failed += 1;
    bar.increment({ failed });
  },
});
bar.stop();
const command = ['pnpm bench:continuity', ...process.argv.slice(2)].join(' ');
const report = reportOf(played, { command, seed, seconds: (performance.now() - startMs) / 1000 });
console.log(textOf(report));
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
process.exit(isSound(report) ? 0 : 1);
