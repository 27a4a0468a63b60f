import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engines } from '@throughline/engines/engines';
import { expect } from 'chai';
import { until } from '../flow/until.ts';
import { ownEngines } from './running.ts';

const SCRIPT = join(import.meta.dirname, '..', '..', 'scripts', 'start-mesh.ts');
const START_TIMEOUT_MS = 120_000;
const LOOK_EVERY_MS = 100;
const PROCESSES = 9;

describe('pnpm start:mesh', function () {
  this.timeout(START_TIMEOUT_MS);
  const directory = mkdtempSync(join(tmpdir(), 'throughline-start-mesh-'));
  let engines: Engines;
  let child: ChildProcess;
  let ended: Promise<unknown>;
  let addresses: readonly string[];

  before(async () => {
    engines = await ownEngines();
  });
  after(async () => {
    await engines?.stop();
    rmSync(directory, { recursive: true, force: true });
  });
  beforeEach(async () => {
    child = spawn(process.execPath, [SCRIPT], {
      cwd: directory,
      env: {
        PATH: process.env.PATH,
        KAFKA_BROKERS: engines.kafka.brokers,
        SCHEMA_REGISTRY_URL: engines.registry.url,
        MONGO_URL: engines.mongo.url,
        THROUGHLINE_DATA_DIR: directory,
        THROUGHLINE_HTTP_PORT: '0',
        THROUGHLINE_SMTP_PORT: '0',
        THROUGHLINE_STOP_WITH_INPUT: 'true',
      },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    ended = once(child, 'exit');
    let said = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    while (!said.includes('Ctrl-C stops them')) {
      if (child.exitCode !== null) throw new Error(`It did not start: ${said}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    addresses = [...said.matchAll(/ pid \d+ {2}(http:\S+)/g)].map(([, address = '']) => address);
    expect(addresses).to.have.length(PROCESSES);
    expect(await answering()).to.have.members(addresses);
  });
  afterEach(async () => {
    child.kill('SIGTERM');
    await ended;
  });

  const answering = async (): Promise<readonly string[]> => {
    const asked = addresses.map((address) =>
      fetch(`${address}/livez`).then(
        () => [address],
        () => [],
      ),
    );
    return (await Promise.all(asked)).flat();
  };
  const isSilent = () => until('every process to be gone', async () => (await answering()).length === 0);

  it('leaves no service behind when it is killed', async () => {
    child.kill('SIGKILL');
    await isSilent();
  });

  it('drains when its standard input ends, where that is asked for', async () => {
    child.stdin?.end();
    expect(await ended).to.deep.equal([0, null]);
    await isSilent();
  });
});
