import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { isGone, isRunning, startProcess, waitUntil } from './process.ts';
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
  await mkdir(kind.directory, { recursive: true });
  let pid = (await pidIn(kind.directory)) ?? 0;
  const runs = (): boolean => isRunning(pid, kind.directory);
  const signal = (name: NodeJS.Signals): void => {
    if (runs()) process.kill(pid, name);
  };
  const start = async (): Promise<void> => {
    if (runs()) return;
    for (const port of kind.ports) await expectFree(port, kind.title);
    progress(`${kind.title}: starting`);
    const { program, args } = await kind.command();
    pid = await startProcess(program, args, logOf(kind.directory));
    await writeFile(pidFileOf(kind.directory), `${pid}\n`);
    const fault = await faultAfterStart(kind, runs);
    if (fault === undefined) return;
    await kill();
    throw new Error(fault);
  };
  const end = async (name: NodeJS.Signals): Promise<boolean> => {
    if (!runs()) return true;
    signal(name);
    signal('SIGCONT'); // A paused process hears nothing else.
    return waitUntil(() => isGone(pid), STOP_PATIENCE_MS);
  };
  const kill = async (): Promise<void> => {
    if (!(await end('SIGKILL'))) throw new Error(`${kind.title} (process ${pid}) cannot be ended.`);
    await rm(pidFileOf(kind.directory), { force: true });
  };
  const stop = async (): Promise<void> => {
    await end('SIGTERM');
    await kill();
  };
  if (runs() && !(await kind.answers())) {
    throw new Error(`${kind.title} runs (process ${pid}) and does not answer on port ${kind.ports[0]}: stop it first.`);
  }
  await start();
  return {
    get pid() {
      return pid;
    },
    start,
    stop,
    kill,
    pause: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),
  };
}

/** The process that runs from an engine's directory; undefined where none does. */
export async function runningPid(directory: string): Promise<number | undefined> {
  const pid = await pidIn(directory);
  return pid !== undefined && isRunning(pid, directory) ? pid : undefined;
}

export const logOf = (directory: string): string => join(directory, 'engine.log');

const pidFileOf = (directory: string): string => join(directory, 'pid');

async function pidIn(directory: string): Promise<number | undefined> {
  const text = await readFile(pidFileOf(directory), 'utf8').catch(() => '');
  return /^\d+$/.test(text.trim()) ? Number(text) : undefined;
}

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
