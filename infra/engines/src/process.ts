import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { absence } from './programs.ts';

const LOOK_EVERY_MS = 50;

/** Starts a process that outlives this one, its output appended to a file. Gives its pid. */
export async function startProcess(program: string, args: readonly string[], log: string): Promise<number> {
  const output = await open(log, 'a');
  try {
    const child = spawn(program, args, { detached: true, stdio: ['ignore', output.fd, output.fd] });
    await new Promise((resolve, reject) => {
      child.on('spawn', resolve).on('error', () => reject(new Error(absence(program))));
    });
    child.unref();
    if (child.pid === undefined) throw new Error(`\`${program}\` got no process.`);
    return child.pid;
  } finally {
    await output.close();
  }
}

/**
 * Whether this pid is a process with `mark` among its arguments. A pid alone proves nothing: once its process is gone,
 * the system gives the number to another, which is not ours to stop.
 */
export function isRunning(pid: number, mark: string): boolean {
  return argumentsOf(pid).includes(mark);
}

/** Sends a signal; to a process that is gone, none. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** Empty for a process that is gone, or dead and not yet collected. */
function argumentsOf(pid: number): string {
  if (process.platform !== 'linux') {
    return spawnSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '';
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** Whether a process that ran is over, its ports and files free again; its arguments are gone before that. */
export function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform === 'linux' && isUncollected(pid);
  } catch {
    return true;
  }
}

/** Dead with all of its threads, and nobody asked how it ended. */
const isUncollected = (pid: number): boolean =>
  / Z [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, 'utf8')) && readdirSync(`/proc/${pid}/task`).length === 1;

/** Looks again and again until it is so; false when the patience is over first. */
export async function waitUntil(look: () => boolean | Promise<boolean>, patienceMs: number): Promise<boolean> {
  const deadlineMs = performance.now() + patienceMs;
  while (!(await look())) {
    if (performance.now() > deadlineMs) return false;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return true;
}
