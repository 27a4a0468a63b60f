import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type KafkaEngine, startKafka } from '@throughline/engines/kafka';
import { run } from '@throughline/engines/programs';
import { expect } from 'chai';
import { KEYS } from '../contract/log-setting.ts';
import { freePorts } from './running.ts';

const CLIENT = join(import.meta.dirname, 'secured-client.ts');
const PASSWORD = 'quite-secret';

describe('the log on a broker that asks for TLS and a password', function () {
  this.timeout(90_000);
  let directory: string;
  let kafka: KafkaEngine;
  let brokers: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'throughline-secured-'));
    const { kafka: port, kafkaController: controllerPort, registry: secured } = await freePorts();
    brokers = `127.0.0.1:${secured}`;
    const more = securedListener({ port, controllerPort, secured, keys: await makeKeys(directory) });
    kafka = await startKafka({ directory, port, controllerPort, more, progress: () => undefined });
    process.on('exit', killLeftOver);
  });
  after(async () => {
    await kafka?.stop();
    process.off('exit', killLeftOver);
    await rm(directory, { recursive: true, force: true });
  });
  /** A run that is cut short passes by `after`, and the broker would live on. */
  const killLeftOver = (): void => {
    process.kill(kafka.pid, 'SIGKILL');
  };

  /** What a process says that uses the log with these settings: Node trusts an authority more only from its start on. */
  async function use(change: NodeJS.ProcessEnv = {}): Promise<unknown> {
    const env = {
      PATH: process.env.PATH,
      KAFKA_BROKERS: brokers,
      KAFKA_SSL: 'true',
      KAFKA_SASL_MECHANISM: 'plain',
      KAFKA_SASL_USERNAME: 'mesh',
      KAFKA_SASL_PASSWORD: PASSWORD,
      NODE_EXTRA_CA_CERTS: join(directory, 'authority.pem'),
      ...change,
    };
    const { stdout } = await promisify(execFile)(process.execPath, [CLIENT], { env });
    return JSON.parse(stdout);
  }

  it('makes topics, appends, follows and joins a group there', async () => {
    expect(await use()).to.deep.equal({ tail: [...KEYS].sort(), member: [...KEYS].sort() });
  });

  for (const [what, change] of Object.entries({
    'a wrong password': { KAFKA_SASL_PASSWORD: 'wrong' },
    'no authority that it trusts': { NODE_EXTRA_CA_CERTS: '' },
    'no TLS': { KAFKA_SSL: '', KAFKA_SASL_MECHANISM: '', KAFKA_SASL_USERNAME: '', KAFKA_SASL_PASSWORD: '' },
  })) {
    it(`is refused with ${what}, in one sentence without the password`, async () => {
      const said = JSON.stringify(await use(change));
      expect(said).to.match(/Kafka cannot be reached at [^ ]+ \(.+\): check .*KAFKA_SSL and KAFKA_SASL_MECHANISM/);
      expect(said).not.to.include(PASSWORD).and.not.to.include('wrong');
    });
  }
});

/** A key pair for 127.0.0.1 that signs itself; gives its key store. */
async function makeKeys(directory: string): Promise<string> {
  const store = join(directory, 'keys.p12');
  const at = ['-alias', 'broker', '-keystore', store, '-storetype', 'PKCS12', '-storepass', PASSWORD];
  const forWhom = ['-keyalg', 'EC', '-dname', 'CN=localhost', '-ext', 'san=ip:127.0.0.1'];
  await run('keytool', ['-genkeypair', ...at, ...forWhom]);
  await writeFile(join(directory, 'authority.pem'), await run('keytool', ['-exportcert', '-rfc', ...at]));
  return store;
}

/** Beside the open listener, over which the broker talks to itself and is asked whether it is up. */
const securedListener = (of: { port: number; controllerPort: number; secured: number; keys: string }): string => `\
listeners=PLAINTEXT://127.0.0.1:${of.port},SECURED://127.0.0.1:${of.secured},CONTROLLER://127.0.0.1:${of.controllerPort}
advertised.listeners=PLAINTEXT://127.0.0.1:${of.port},SECURED://127.0.0.1:${of.secured}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,SECURED:SASL_SSL,CONTROLLER:PLAINTEXT
sasl.enabled.mechanisms=PLAIN
listener.name.secured.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_mesh="${PASSWORD}";
ssl.keystore.type=PKCS12
ssl.keystore.location=${of.keys}
ssl.keystore.password=${PASSWORD}
`;
