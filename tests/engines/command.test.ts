import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isGone } from '@throughline/engines/process';
import { expect } from 'chai';
import { z } from 'zod';
import { freePorts } from './running.ts';

const root = join(import.meta.dirname, '..', '..');
const Status = z.array(z.object({ name: z.string(), answers: z.boolean(), pid: z.int().nullable() }));

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

describe('pnpm engines', () => {
  let directory = '';
  let ports: readonly string[] = [];

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'throughline-engines-'));
    const { kafka, registry, mongo } = await freePorts();
    ports = ['--kafka', String(kafka), '--registry', String(registry), '--mongo', String(mongo)];
  });
  after(async () => {
    await engines({}, 'down');
    await rm(directory, { recursive: true, force: true });
  });

  /** No Docker engine answers unless a test changes that, so that what is shown is the same on every machine. */
  async function engines(change: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<Ran> {
    const env = {
      ...process.env,
      THROUGHLINE_ENGINES_DIR: directory,
      DOCKER_HOST: `unix://${directory}/none`,
      ...change,
    };
    try {
      const { stdout, stderr } = await promisify(execFile)(process.execPath, ['scripts/engines.ts', ...args], {
        cwd: root,
        env,
      });
      return { code: 0, stdout, stderr };
    } catch (failure) {
      return z.object({ code: z.int(), stdout: z.string(), stderr: z.string() }).parse(failure);
    }
  }
  const status = async () => Status.parse(JSON.parse((await engines({}, 'status', '--json')).stdout));

  it('starts them, says a second time that they are up, and stops every process', async () => {
    const first = await engines({}, 'up', ...ports);
    expect(first.stderr).to.equal('');
    expect(first.stdout).to.contain('The engines are up;');
    const up = await status();
    expect(up.map(({ name, answers }) => `${name} ${answers}`)).to.have.members([
      'kafka true',
      'registry true',
      'mongo true',
    ]);

    const second = await engines({}, 'up');
    expect(second.stdout).to.contain('The engines are up already.');
    expect((await status()).map(({ pid }) => pid)).to.deep.equal(up.map(({ pid }) => pid));

    expect((await engines({}, 'down')).stdout).to.contain('Stopped');
    expect(up.map(({ pid }) => pid !== null && isGone(pid))).to.deep.equal([true, true, true]);
    expect((await engines({}, 'down')).stdout).to.contain('No engine was up.');
  });

  it('says which port is taken, and leaves nothing running', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(Number(ports.at(-1)), '127.0.0.1', resolve));
    const refused = await engines({}, 'up', ...ports);
    server.close();
    expect(refused.code).to.equal(1);
    expect(refused.stderr).to.contain(`Port ${ports.at(-1)} of 127.0.0.1 is taken`);
    expect(refused.stderr.trim().split('\n')).to.have.lengthOf(1);
    expect((await status()).map(({ pid }) => pid)).to.deep.equal([null, null, null]);
  });

  it('leaves them to Docker Compose where a Docker engine answers', async () => {
    const calls = join(directory, 'calls');
    await writeFile(join(directory, 'docker'), `#!/bin/sh\necho "$KAFKA_PORT $@" >> '${calls}'\n`, { mode: 0o755 });
    const PATH = `${directory}:${process.env.PATH}`;
    await engines({ PATH }, 'up', ...ports);
    await engines({ PATH }, 'down');
    const compose = (await readFile(calls, 'utf8')).split('\n').filter((call) => /compose\.yaml/.test(call));
    expect(compose.map((call) => call.replace(/--file .*compose\.yaml /, ''))).to.deep.equal([
      `${ports[1]} compose up --detach --wait kafka registry mongo`,
      ' compose down',
    ]);
    expect((await status()).map(({ pid }) => pid)).to.deep.equal([null, null, null]);
  });
});
