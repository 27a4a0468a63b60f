import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { isGone, isRunning, signal, startProcess, waitUntil } from './process.ts';
import { lastLines, type Progress } from './programs.ts';

/** One engine as a process of its own. Its port and its data are the same after every start. */
export interface Engine {
  /** Of the process that runs now, or that ran last. */
  readonly pid: number;
  /** Lets it end in order; resolves when it is gone. Does nothing where it does not run. */
  stop(): Promise<void>;
  /** Resolves when it answers. Does nothing where it runs. */
  start(): Promise<void>;
  /** SIGKILL: it ends at once and writes nothing more; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGSTOP: it keeps its connections and does nothing. */
  pause(): void;
  /** SIGCONT: it goes on. */
  resume(): void;
}

/** What one kind of engine is told apart by. */
export interface EngineKind {
  /** For people, e.g. `Kafka 4.4.0`. */
  readonly title: string;
  /** Where it keeps its data, its log and its pid; its process names this directory in its arguments. */
  readonly directory: string;
  /** On 127.0.0.1, taken by it alone. */
  readonly ports: readonly number[];
  command(): Promise<{ readonly program: string; readonly args: readonly string[] }>;
  /** Whether it answers a question in its own protocol. */
  answers(): Promise<boolean>;
}

const START_PATIENCE_MS = 60_000;
const STOP_PATIENCE_MS = 20_000;

/**
 * Starts an engine, or takes over the one that already runs from this directory. Rejects with the end of its log where
 * it does not come up, and then nothing of it runs.
 */
export async function runEngine(kind: EngineKind, progress: Progress): Promise<Engine> {
  const { directory, title, ports } = kind;
  await mkdir(directory, { recursive: true });
  let pid = (await runningPid(directory)) ?? 0;
  const runs = (): boolean => isRunning(pid, directory);
  const start = async (): Promise<void> => {
    if (runs()) return;
    for (const port of ports) await expectFree(port, title);
    progress(`${title}: starting`);
    const { program, args } = await kind.command();
    pid = await startProcess(program, args, logOf(directory));
    await writeFile(pidFileOf(directory), `${pid}\n`);
    const fault = await faultAfterStart(kind, runs);
    if (fault === undefined) return;
    await endIn(directory, 'SIGKILL');
    throw new Error(fault);
  };
  if (runs() && !(await kind.answers())) {
    throw new Error(`${title} runs (process ${pid}) and does not answer on port ${ports[0]}: stop it first.`);
  }
  await start();
  return {
    get pid() {
      return pid;
    },
    start,
    stop: () => endIn(directory, 'SIGTERM'),
    kill: () => endIn(directory, 'SIGKILL'),
    pause: () => {
      if (runs()) signal(pid, 'SIGSTOP');
    },
    resume: () => {
      if (runs()) signal(pid, 'SIGCONT');
    },
  };
}

/** The process that runs from an engine's directory; undefined where none does. */
export async function runningPid(directory: string): Promise<number | undefined> {
  const text = await readFile(pidFileOf(directory), 'utf8').catch(() => '');
  const pid = Number(text.trim());
  return pid > 0 && isRunning(pid, directory) ? pid : undefined;
}

/**
 * Ends the process that runs from an engine's directory; resolves when it is gone. One that does not hear SIGTERM is
 * killed. Does nothing where none runs.
 */
export async function endIn(directory: string, name: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  const pid = await runningPid(directory);
  if (pid !== undefined) {
    signal(pid, name);
    signal(pid, 'SIGCONT'); // A paused process hears nothing else.
    const gone = await waitUntil(() => isGone(pid), STOP_PATIENCE_MS);
    if (!gone && name === 'SIGTERM') return endIn(directory, 'SIGKILL');
    if (!gone) throw new Error(`Process ${pid} cannot be ended.`);
  }
  await rm(pidFileOf(directory), { force: true });
}

export const logOf = (directory: string): string => join(directory, 'engine.log');

const pidFileOf = (directory: string): string => join(directory, 'pid');

/** Why it is not up, with the end of its log; undefined once it answers. */
async function faultAfterStart(kind: EngineKind, runs: () => boolean): Promise<string | undefined> {
  const answered = await waitUntil(async () => !runs() || (await kind.answers()), START_PATIENCE_MS);
  if (answered && runs()) return undefined;
  const log = logOf(kind.directory);
  const how = answered ? 'ended at once' : `does not answer after ${START_PATIENCE_MS / 1000} s`;
  return `${kind.title} ${how}. The end of ${log}:\n${lastLines(await readFile(log, 'utf8'))}`;
}

/** What already listens there would answer in the engine's place. */
async function expectFree(port: number, title: string): Promise<void> {
  const server = createServer();
  const listening = once(server, 'listening');
  server.listen(port, '127.0.0.1');
  await listening.catch(() => {
    throw new Error(
      `Port ${port} of 127.0.0.1 is taken, so ${title} cannot have it: stop what listens there, or choose another.`,
    );
  });
  server.close();
  await once(server, 'close');
}
