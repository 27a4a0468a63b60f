import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { prepareEngines } from '@throughline/platform/deploying';
import { realClock } from '@throughline/platform/world';
import { applyIndexes } from '@throughline/store-mongo/indexes';
import { expect } from 'chai';
import { keepingReporter } from '../contract/embedded-place.ts';
import { until } from '../flow/until.ts';
import { type MongoPlace, openMongoPlace } from './mongo-place.ts';
import { runningEngines } from './running.ts';

const SERVICES = join(import.meta.dirname, '..', '..', 'services');
/** A service that has documents, and what they are called. */
const WITH_DOCUMENTS = [
  ['identity-resolution', ['identity-resolution']],
  ['case-state', ['case-state']],
  ['audit', ['audit-case', 'audit-identity']],
] as const;

describe('a service that starts on a database nobody has prepared', () => {
  let place: MongoPlace;
  let environment: NodeJS.ProcessEnv;
  const started: ChildProcess[] = [];

  before(async () => {
    const { kafka, registry, mongo } = await runningEngines();
    place = await openMongoPlace();
    environment = {
      PATH: process.env.PATH,
      KAFKA_BROKERS: kafka.brokers,
      SCHEMA_REGISTRY_URL: registry.url,
      MONGO_URL: new URL(`/${place.connection().database.databaseName}`, mongo.url).href,
      THROUGHLINE_MASTER_KEY: randomBytes(32).toString('hex'),
      THROUGHLINE_ADMIN_TOKEN: randomBytes(16).toString('hex'),
      THROUGHLINE_HTTP_PORT: '0',
    };
    const brokers = { brokers: [kafka.brokers], security: { ssl: false } };
    const settings = { kafka: brokers, registryUrl: registry.url, mongoUrl: environment.MONGO_URL ?? '' };
    await prepareEngines({ settings, processors: [], clock: realClock, reporter: keepingReporter() });
  });
  after(() => place.close());
  afterEach(async () => {
    for (const child of started.splice(0)) {
      if (child.exitCode !== null) continue;
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
  });

  const start = (service: string) => {
    const child = spawn(process.execPath, ['src/main.ts'], {
      cwd: join(SERVICES, service),
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    started.push(child);
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    return { child, said: () => said };
  };

  for (const [service, processors] of WITH_DOCUMENTS) {
    it(`is refused as ${service}, with the command that prepares it, and starts behind that`, async () => {
      const refused = start(service);
      await once(refused.child, 'close');
      expect(refused.child.exitCode).to.equal(1);
      expect(refused.said()).to.match(
        new RegExp(
          `${service} cannot start: The database lacks indexes .*documents.*\\bpnpm throughline store apply\\b`,
        ),
      );
      await applyIndexes({ connection: place.connection(), processors });
      const taken = start(service);
      await until('the service to start', async () => taken.said().includes('"service.started"'));
    });
  }
});
