/** `pnpm engines up|down|status`: Kafka, a schema registry and MongoDB's protocol on 127.0.0.1, for development. */
import { DEFAULT_PORTS, type EnginePorts, startEngines } from '@throughline/engines/engines';
import { kafkaAnswers } from '@throughline/engines/kafka';
import { mongoAnswers } from '@throughline/engines/mongo';
import { registryAnswers } from '@throughline/engines/registry';
import { standing, stopStanding } from '@throughline/engines/standing';
import { Command, InvalidArgumentError } from 'commander';
import { composeDown, composeUp, dockerAnswers } from './engines/docker.ts';
import { cacheDirectory, enginesDirectory, forgetPorts, keepPorts, keptPorts } from './engines/place.ts';
import { printedProgress } from './engines/progress.ts';
import { print, table } from './operator/print.ts';

type Asked = Partial<Pick<EnginePorts, 'kafka' | 'registry' | 'mongo'>>;

interface Status {
  readonly name: string;
  readonly address: string;
  readonly answers: boolean;
  /** Null where it does not run, or runs in a container. */
  readonly pid: number | null;
  readonly log: string | null;
}

const program = new Command('engines')
  .description("Runs Kafka, a schema registry and MongoDB's protocol on 127.0.0.1, for development.")
  .showHelpAfterError();

program
  .command('up')
  .description('Starts them: with Docker Compose where a Docker engine answers, else with Java, Maven and Go.')
  .option('--kafka <port>', `Kafka's port (default: ${DEFAULT_PORTS.kafka}); the one behind it is taken too`, port)
  .option('--registry <port>', `the schema registry's port (default: ${DEFAULT_PORTS.registry})`, port)
  .option('--mongo <port>', `MongoDB's port (default: ${DEFAULT_PORTS.mongo})`, port)
  .action(up);
program
  .command('down')
  .description('Stops them. Their data stays: delete the data directory to forget it.')
  .action(async () => {
    const stopped = await stopStanding(enginesDirectory);
    if (stopped.length === 0 && (await dockerAnswers())) await composeDown();
    else console.log(stopped.length === 0 ? 'No engine was up.' : `Stopped ${stopped.join(', ')}.`);
    await forgetPorts();
  });
program
  .command('status')
  .description('Asks each of them; exit 1 if one does not answer.')
  .option('--json', 'print data as JSON')
  .action(async ({ json }: { readonly json?: boolean }) => show(await statuses(), json === true));

async function up(asked: Asked): Promise<void> {
  const ports = { ...((await keptPorts()) ?? DEFAULT_PORTS), ...asked };
  const all: EnginePorts = { ...ports, kafkaController: ports.kafka + 1 };
  const running = (await standing(enginesDirectory)).filter((engine) => engine.running).length;
  if (running === 0 && (await dockerAnswers())) {
    await composeUp(all);
  } else {
    const { progress, end } = printedProgress();
    const place = { directory: enginesDirectory, ports: all, cache: cacheDirectory, progress };
    await startEngines(place).finally(end);
  }
  await keepPorts(all);
  console.log(running === 3 ? 'The engines are up already.' : 'The engines are up; `pnpm engines down` stops them.');
  show(await statuses(), false);
}

async function statuses(): Promise<readonly Status[]> {
  const ports = (await keptPorts()) ?? DEFAULT_PORTS;
  const brokers = `127.0.0.1:${ports.kafka}`;
  const registry = `http://127.0.0.1:${ports.registry}`;
  const mongo = `mongodb://127.0.0.1:${ports.mongo}/throughline`;
  const looks = {
    kafka: { address: brokers, answers: kafkaAnswers(brokers) },
    registry: { address: registry, answers: registryAnswers(registry) },
    mongo: { address: mongo, answers: mongoAnswers(mongo) },
  };
  const processes = await standing(enginesDirectory);
  return Promise.all(
    processes.map(async ({ name, pid, log }) => ({
      name,
      address: looks[name].address,
      answers: await looks[name].answers,
      pid,
      log: pid === null ? null : log,
    })),
  );
}

function show(found: readonly Status[], json: boolean): void {
  print(found, json, () =>
    table(
      ['engine', 'address', '', 'process', 'log'],
      found.map(({ name, address, answers, pid, log }) => [
        name,
        address,
        answers ? 'answers' : 'does not answer',
        String(pid ?? ''),
        log ?? '',
      ]),
    ),
  );
  if (found.some(({ answers }) => !answers)) process.exitCode = 1;
}

function port(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0 && number < 65_535) return number;
  throw new InvalidArgumentError('It must be a port: a whole number from 1 to 65534.');
}

try {
  await program.parseAsync();
} catch (refusal) {
  console.error(refusal instanceof Error ? refusal.message : 'It did not work.');
  process.exitCode = 1;
}
