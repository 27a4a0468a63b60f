import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { prepareEngines } from '@throughline/platform/deploying';
import { realClock } from '@throughline/platform/world';
import { expect } from 'chai';
import { keepingReporter } from '../contract/embedded-place.ts';
import { freePort } from '../flow/ports.ts';
import { until } from '../flow/until.ts';
import { type MongoPlace, openMongoPlace } from './mongo-place.ts';
import { runningEngines } from './running.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const SERVICE = 'case-state';
const BUILD_TIMEOUT_MS = 360_000;

/** What its Dockerfile does, without Docker. */
describe('a service that was built for an image', function () {
  this.timeout(BUILD_TIMEOUT_MS);
  let folder: string;
  let place: MongoPlace;
  let child: ChildProcess | undefined;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'throughline-built-'));
    await promisify(execFile)(process.execPath, ['scripts/build.ts', SERVICE, join(folder, 'service')], { cwd: ROOT });
    place = await openMongoPlace();
  });
  after(async () => {
    child?.kill('SIGKILL');
    await place?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const files = (pattern: string): readonly string[] => globSync(pattern, { cwd: join(folder, 'service') });

  it('has no source, no test and nothing that only developers use', async () => {
    expect(files('dist/main.js')).to.have.length(1);
    expect(files('{src,node_modules/.pnpm/@throughline+*/node_modules/@throughline/*/src}')).to.deep.equal([]);
    expect(files('{.,node_modules/.pnpm/@throughline+*/node_modules/@throughline/*}/dist/**/*.test.js')).to.deep.equal(
      [],
    );
    const { devDependencies } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
      readonly devDependencies: Readonly<Record<string, string>>;
    };
    const tools = ['mocha', 'chai', 'fast-check', 'typescript', '@biomejs/biome', 'playwright-core', 'c8'];
    expect(Object.keys(devDependencies)).to.include.members(tools);
    const shipped = tools.filter((name) => files(`node_modules/.pnpm/${name.replace('/', '+')}@*`).length > 0);
    expect(shipped).to.deep.equal([]);
  });

  it('runs with Node alone, is ready, and drains on SIGTERM', async () => {
    const { kafka, registry, mongo } = await runningEngines();
    const environment = {
      KAFKA_BROKERS: kafka.brokers,
      SCHEMA_REGISTRY_URL: registry.url,
      MONGO_URL: new URL(`/${place.connection().database.databaseName}`, mongo.url).href,
      THROUGHLINE_MASTER_KEY: randomBytes(32).toString('hex'),
      THROUGHLINE_ADMIN_TOKEN: randomBytes(16).toString('hex'),
      THROUGHLINE_HTTP_PORT: String(await freePort()),
      THROUGHLINE_LOG_LEVEL: 'error',
    };
    await prepareEngines({
      settings: {
        kafka: { brokers: [kafka.brokers], security: { ssl: false } },
        registryUrl: registry.url,
        mongoUrl: environment.MONGO_URL,
      },
      processors: [SERVICE],
      clock: realClock,
      reporter: keepingReporter(),
    });
    // As the Dockerfile's last line has it.
    const started = spawn(process.execPath, ['--import', '@throughline/telemetry/register', 'dist/main.js'], {
      cwd: join(folder, 'service'),
      env: environment,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    child = started;
    const isReady = () =>
      fetch(`http://127.0.0.1:${environment.THROUGHLINE_HTTP_PORT}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      );
    await until('it to be ready', isReady);
    const ended = once(started, 'exit');
    started.kill('SIGTERM');
    expect(await ended).to.deep.equal([0, null]);
  });
});
