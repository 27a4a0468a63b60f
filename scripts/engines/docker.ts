import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { EnginePorts } from '@throughline/engines/engines';

const COMPOSE_FILE = join(import.meta.dirname, '..', '..', 'infra', 'deploy', 'compose.yaml');
const SERVICES = ['kafka', 'registry', 'mongo'];
const LOOK_PATIENCE_MS = 10_000;

/** Whether a Docker engine answers and Compose is there; the client alone runs no container. */
export async function dockerAnswers(): Promise<boolean> {
  for (const args of [['info'], ['compose', 'version']]) {
    if ((await docker(args, { timeoutMs: LOOK_PATIENCE_MS })) !== 0) return false;
  }
  return true;
}

/** Starts the three engines of compose.yaml and waits until they are healthy. */
export async function composeUp(ports: EnginePorts): Promise<void> {
  const code = await docker(['compose', '--file', COMPOSE_FILE, 'up', '--detach', '--wait', ...SERVICES], {
    shown: true,
    environment: {
      KAFKA_PORT: String(ports.kafka),
      SCHEMA_REGISTRY_PORT: String(ports.registry),
      MONGO_PORT: String(ports.mongo),
    },
  });
  if (code !== 0) throw new Error('Docker Compose could not start the engines; what it printed says why.');
}

/** Stops everything of compose.yaml; the data stays in its volumes. */
export async function composeDown(): Promise<void> {
  const code = await docker(['compose', '--file', COMPOSE_FILE, 'down'], { shown: true });
  if (code !== 0) throw new Error('Docker Compose could not stop the engines; what it printed says why.');
}

interface Call {
  readonly shown?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** The exit code; null where it did not end by itself or is not installed. */
function docker(args: readonly string[], { shown = false, environment = {}, timeoutMs }: Call): Promise<number | null> {
  const child = spawn('docker', args, {
    stdio: shown ? 'inherit' : 'ignore',
    env: { ...process.env, ...environment },
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
  });
  return new Promise((resolve) => {
    child.on('error', () => resolve(null)).on('close', resolve);
  });
}
