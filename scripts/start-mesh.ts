/**
 * `pnpm start:mesh [--instances N]`: every service as its own process on the real engines, behind one address. Stays until it is
 * told to stop.
 */
import { OPERATOR_TOKEN_FILE } from '@throughline/mesh/operator-token';
import { variablesOf } from '@throughline/platform/variables';
import { Command, InvalidArgumentError } from 'commander';
import { printerOf } from './mesh/lines.ts';
import { type ProcessMesh, startProcesses } from './mesh/processes.ts';

const READY_LOOK_MS = 250;
/** After so long without being ready, what is missing is said. */
const READY_SAY_MS = 30_000;

const { instances } = new Command('start:mesh')
  .description('Runs every service as a process of its own, on Kafka, a schema registry and MongoDB.')
  .option('--instances <number>', 'of every service', countOf, 1)
  .parse()
  .opts<{ instances: number }>();

try {
  const mesh = await startProcesses({
    environment: process.env,
    workingDirectory: process.cwd(),
    instances,
    printer: (name, index) => printerOf(name, index, process.stdout),
    progress: (line) => console.log(line),
  });
  let isStopping = false;
  const stop = (): void => {
    // Told again, the processes end at once, and so does this.
    if (isStopping) for (const { process: one } of mesh.processes) one.kill();
    if (isStopping) return;
    isStopping = true;
    mesh.stop().then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  // As its services hear of its own end, it hears of whoever started it, and needs nobody to read it either.
  for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
  if (variablesOf(process.env).read('THROUGHLINE_STOP_WITH_INPUT'))
    process.stdin.once('close', () => isStopping || stop()).resume();
  await readiness(mesh, () => isStopping);
  if (!isStopping) console.log(description(mesh));
} catch (refusal) {
  console.error(`Throughline cannot start: ${refusal instanceof Error ? refusal.message : 'unknown reason'}
The engines of this machine are started by \`pnpm engines up\`; others are named by KAFKA_BROKERS, SCHEMA_REGISTRY_URL and MONGO_URL.`);
  process.exit(1);
}

function countOf(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('Give a whole number from 1 on.');
  return count;
}

async function readiness(mesh: ProcessMesh, isOver: () => boolean): Promise<void> {
  let sayMs = Date.now() + READY_SAY_MS;
  for (;;) {
    const waitingFor = await mesh.waitingFor();
    if (waitingFor.length === 0 || isOver()) return;
    if (Date.now() > sayMs) {
      console.log(`Not ready yet: ${waitingFor.join(', ')}.`);
      sayMs = Date.now() + READY_SAY_MS;
    }
    await new Promise((resolve) => setTimeout(resolve, READY_LOOK_MS));
  }
}

function description({ url, smtp, operatorToken, settings, processes }: ProcessMesh): string {
  const voice =
    settings.twilioAuthToken === undefined
      ? 'off until THROUGHLINE_TWILIO_AUTH_TOKEN is set'
      : `${settings.publicUrl ?? url}/voice/incoming`;
  return `
Throughline is up: ${processes.length} processes.

  chat       ${url}/chat
  voice      ${voice}
  mail       ${smtp.map(({ host, port }) => `${host}:${port}`).join(', ')} (SMTP)
  operators  ${url}/api  Authorization: Bearer ${operatorToken}
             (also in ${settings.dataDirectory}/${OPERATOR_TOKEN_FILE})
  health     ${url}/readyz  ${url}/readyz/<service>  ${url}/metrics/<service>
  data       ${settings.dataDirectory} (keys, tokens), the rest in Kafka and MongoDB

${processes.map(({ name, url: own, process: { pid } }) => `  ${name.padEnd(22)} pid ${pid}  ${own}`).join('\n')}

Ctrl-C stops them; what was acknowledged is kept.
`;
}
