import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { freePort } from '../../scripts/mesh/free-port.ts';
import { until } from '../flow/until.ts';

const DRAINER = join(import.meta.dirname, 'drainer.ts');
const PARENT = join(import.meta.dirname, 'parent.ts');
const FRONT = join(import.meta.dirname, '..', '..', 'infra', 'front', 'src', 'main.ts');

describe('a process that is told to stop', () => {
  const started: ChildProcess[] = [];
  const pids: number[] = [];
  let directory: string;
  let drained: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'throughline-stopping-'));
    drained = join(directory, 'drained');
  });
  afterEach(() => {
    for (const child of started.splice(0)) child.kill('SIGKILL');
    for (const pid of pids.splice(0)) if (lives(pid)) process.kill(pid, 'SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  });

  /** A process whose first line has the number that the test asks for. */
  async function start(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    const child = spawn(process.execPath, args, {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { PATH: process.env.PATH, ...environment },
    });
    started.push(child);
    const ended = once(child, 'exit');
    const said: string[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => said.push(line));
    const pid = await until(
      'it to say its number',
      async () => Number(/\d+$/.exec(said[0] ?? '')?.[0] ?? 0) || undefined,
    );
    pids.push(pid);
    return { child, pid, said, ended };
  }

  it('drains when its standard input ends, where that is asked for', async () => {
    const { child, ended } = await start([DRAINER, drained, 'with-input']);
    child.stdin?.end();
    expect(await ended).to.deep.equal([0, null]);
    expect(existsSync(drained)).to.equal(true);
  });

  it('does not mind how its standard input is where that is not asked for, and drains on SIGTERM', async () => {
    const { child, ended } = await start([DRAINER, drained]);
    child.stdin?.end();
    await once(child.stdin ?? child, 'close');
    expect(child.exitCode).to.equal(null);
    child.kill('SIGTERM');
    expect(await ended).to.deep.equal([0, null]);
    expect(existsSync(drained)).to.equal(true);
  });

  it('drains when who looked after it was killed, with nobody left to read what it says', async () => {
    const { child, pid, said } = await start([PARENT, process.execPath, DRAINER, drained, 'with-input']);
    await until('the process to be up', async () => said.includes(`up ${pid}`));
    child.kill('SIGKILL');
    await until('the process to have drained', async () => existsSync(drained));
  });

  it('is the front, which does not outlive the mesh that was killed', async () => {
    const port = await freePort();
    const { child } = await start([PARENT, process.execPath, FRONT], {
      THROUGHLINE_HTTP_PORT: String(port),
      THROUGHLINE_SERVICES: 'audit=http://127.0.0.1:1',
      THROUGHLINE_STOP_WITH_INPUT: 'true',
    });
    const answers = () =>
      fetch(`http://127.0.0.1:${port}/livez`).then(
        ({ ok }) => ok,
        () => false,
      );
    await until('the front to answer', answers);
    child.kill('SIGKILL');
    await until('the front to be gone', async () => !(await answers()));
  });
});

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
