import { quantile } from '../engines/figures.ts';
import type { Played, TaskResult } from './play.ts';

/** Smallest, median and largest. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export interface ContinuityReport {
  readonly command: string;
  readonly seed: number;
  readonly seconds: number;
  readonly tasks: number;
  readonly right: number;
  readonly askedAgain: number;
  readonly doubles: number;
  readonly leaks: number;
  readonly unfinished: number;
  readonly strays: number;
  readonly said: number;
  readonly taken: number;
  readonly contacts: Readonly<Record<string, number>>;
  readonly writes: number;
  /** Requests for a write that the backend knew already, and answers that it lost. */
  readonly retries: number;
  readonly lost: number;
  readonly entriesGiven: Spread;
  readonly bytes: Spread;
  /** The longest that a customer waited for words, a backend that is slow or has to be asked again included. */
  readonly slowestMs: number;
  readonly byTask: readonly (TaskResult & { readonly entriesGiven: Spread; readonly bytes: Spread })[];
}

export function reportOf(
  played: Played,
  run: { readonly command: string; readonly seed: number; readonly seconds: number },
): ContinuityReport {
  const tasks = [...played.tasks].sort((one, other) => one.taskId.localeCompare(other.taskId, 'en', { numeric: true }));
  const sum = (of: (task: TaskResult) => number): number => tasks.reduce((total, task) => total + of(task), 0);
  const contacts: Record<string, number> = {};
  for (const { way } of tasks.flatMap((task) => task.contacts)) contacts[way] = (contacts[way] ?? 0) + 1;
  return {
    ...run,
    tasks: tasks.length,
    right: sum(({ isRight }) => Number(isRight)),
    askedAgain: sum(({ askedAgain }) => askedAgain.length),
    doubles: sum(({ doubles }) => doubles.length),
    leaks: sum(({ leaks }) => leaks.length),
    unfinished: sum(({ problem }) => Number(problem !== undefined)),
    strays: played.strays.length,
    said: played.said,
    taken: played.taken,
    contacts,
    writes: sum(({ writes }) => writes),
    retries: sum(({ retries }) => retries),
    lost: played.lost,
    ...sizesOf(tasks),
    slowestMs: Math.max(0, ...tasks.flatMap((task) => task.contacts).map(({ slowestMs }) => slowestMs)),
    byTask: tasks.map((task) => ({ ...task, ...sizesOf([task]) })),
  };
}

/** Whether everything held that the bench is there to show. */
export const isSound = (report: ContinuityReport): boolean =>
  report.tasks > 0 &&
  report.right === report.tasks &&
  report.taken === report.said &&
  report.askedAgain + report.doubles + report.leaks + report.unfinished + report.strays === 0;

export function textOf(report: ContinuityReport): string {
  const { tasks, contacts, seconds, seed } = report;
  const ways = Object.entries(contacts).map(([way, count]) => `${count} ${way}`);
  return [
    `${tasks} tasks over ${Object.values(contacts).reduce((sum, count) => sum + count, 0)} contacts (${ways.sort().join(', ')}) in ${seconds.toFixed(0)} s, seed ${seed}`,
    '',
    ...report.byTask.flatMap(linesOf),
    '',
    `right database      ${report.right} of ${tasks}`,
    `asked again         ${report.askedAgain}`,
    `done twice          ${report.doubles}, of ${report.writes} writes with ${report.retries} requests more for them; ${report.lost} answers of the backend were lost`,
    `turns               ${report.said} said, ${report.taken} taken`,
    `of other customers  ${report.leaks}`,
    `unfinished          ${report.unfinished}`,
    `in no task          ${report.strays}`,
    `briefings           ${spread(report.entriesGiven)} entries given, ${spread(report.bytes)} bytes (smallest / median / largest)`,
    `slowest answer      ${(report.slowestMs / 1000).toFixed(1)} s`,
  ].join('\n');
}

function linesOf(task: ContinuityReport['byTask'][number]): readonly string[] {
  const { taskId, contacts, isRight, askedAgain, doubles, leaks, problem, entriesGiven, bytes } = task;
  const faults = [
    ...(isRight ? [] : ['the database is wrong']),
    ...askedAgain.map((what) => `asked again: ${what}`),
    ...doubles.map((what) => `done twice: ${what}`),
    ...leaks.map((what) => `of another customer: ${what}`),
    ...(problem === undefined ? [] : [problem]),
  ];
  const ways = contacts.map(({ way }) => way).join(', ');
  return [
    `task ${taskId.padStart(3)}  ${faults.length === 0 ? 'ok    ' : 'FAILED'}  ${task.writes} writes, ${ways}; briefings ${spread(entriesGiven)} entries, ${spread(bytes)} bytes`,
    ...contacts.map(
      ({ way, firstWords }) =>
        `            ${way.padEnd(12)} ${firstWords.replace(/\s+/g, ' ') || '(gone before an answer)'}`,
    ),
    ...faults.map((fault) => `            ${fault}`),
  ];
}

const spread = ({ min, median, max }: Spread): string => `${min} / ${median} / ${max}`;

function sizesOf(tasks: readonly TaskResult[]): { readonly entriesGiven: Spread; readonly bytes: Spread } {
  const briefings = tasks.flatMap((task) => task.briefings);
  return {
    entriesGiven: spreadOf(briefings.map(({ given }) => given)),
    bytes: spreadOf(briefings.map(({ bytes }) => bytes)),
  };
}

function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) return { min: 0, median: 0, max: 0 };
  return { min: quantile(values, 0), median: quantile(values, 0.5), max: quantile(values, 1) };
}
