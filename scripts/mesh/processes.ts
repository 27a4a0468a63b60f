import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import type { DemoBackend } from '@throughline/agent/demo-backend';
import { loadOrCreateMasterKey } from '@throughline/keyring/master-key';
import { openBackend } from '@throughline/mesh/backend';
import { operatorToken } from '@throughline/mesh/operator-token';
import { readSettings, type Settings } from '@throughline/mesh/settings';
import { prepareEngines } from '@throughline/platform/deploying';
import { readProcessSettings } from '@throughline/platform/settings';
import type { Environment } from '@throughline/platform/variables';
import { realClock, realRandom } from '@throughline/platform/world';
import { makePrivateDirectory } from '@throughline/sqlite/directory';
import { createLogger } from '@throughline/telemetry/logging';
import { PROCESSORS } from '../operator/store.ts';
import { type Plan, type Planned, planOf } from './plan.ts';
import { Supervised } from './supervised.ts';

/** A mesh whose services are processes of their own, on this machine. */
export interface ProcessMesh extends Pick<Plan, 'url' | 'smtp'> {
  readonly operatorToken: string;
  /** Present where no actions file is set. */
  readonly demoBackend: DemoBackend | undefined;
  readonly settings: Settings;
  readonly processes: readonly Running[];
  /** What the processes are not ready for yet; empty: ready. */
  waitingFor(): Promise<readonly string[]>;
  /** Drains every process. */
  stop(): Promise<void>;
}

/** One process of it, which can be stopped, killed and started by itself. */
export interface Running extends Pick<Planned, 'name' | 'service' | 'url'> {
  readonly process: Supervised;
}

export interface ProcessMeshOptions {
  readonly environment: Environment;
  readonly workingDirectory: string;
  /** Of every service. */
  readonly instances: number;
  /** Gives the printer of a process's lines. */
  readonly printer: (name: string, index: number) => (line: string) => void;
  /** Hears what was made on the engines. */
  readonly progress: (line: string) => void;
}

const ROOT = join(import.meta.dirname, '..', '..');
/** How long the next process waits for one that does not become ready. */
const TURN_MAX_MS = 10_000;
const TURN_LOOK_MS = 100;
const ANSWER_MAX_MS = 3_000;

/** Prepares the engines and starts every service. Rejects with a sentence where that cannot be; then nothing of it runs. */
export async function startProcesses(options: ProcessMeshOptions): Promise<ProcessMesh> {
  const { environment, workingDirectory, instances, printer, progress } = options;
  const settings = readSettings(environment, workingDirectory);
  const { dataDirectory: directory } = settings;
  const shared = { ...environment, THROUGHLINE_MASTER_KEY: masterKeyOf(settings) };
  const reporter = createLogger({ service: 'throughline', level: 'error' });
  const made = await prepareEngines({
    settings: readProcessSettings(shared),
    processors: PROCESSORS,
    clock: realClock,
    reporter,
  });
  for (const line of made) progress(line);

  const token = operatorToken({ directory, set: settings.operatorToken, random: realRandom });
  const { url, smtp, processes: planned } = await planOf(settings, instances, token);
  const backend = await openBackend(settings.actionsFile);
  const forAll: Environment = {
    ...shared,
    THROUGHLINE_ADMIN_TOKEN: undefined,
    THROUGHLINE_DATA_DIR: directory,
    THROUGHLINE_STOP_WITH_INPUT: 'true',
    THROUGHLINE_PUBLIC_URL: settings.publicUrl ?? url,
    THROUGHLINE_ACTIONS: settings.actionsFile
      ? resolve(workingDirectory, settings.actionsFile)
      : demoActions(directory, backend.actions),
  };
  const processes = planned.map((one, index) => ({
    ...one,
    process: new Supervised({
      name: one.name,
      program: process.execPath,
      args: one.service === 'front' ? ['src/main.ts'] : ['--import', '@throughline/telemetry/register', 'src/main.ts'],
      directory: join(ROOT, one.service === 'front' ? 'infra' : 'services', one.service),
      environment: { ...forAll, ...one.environment },
      say: printer(one.name, index),
    }),
  }));
  let isStopping = false;
  const starting = startInTurn(processes, () => isStopping);

  return {
    url,
    smtp,
    operatorToken: token,
    demoBackend: backend.demo,
    settings,
    processes,
    waitingFor: async () => (await Promise.all(processes.map(waitingAt))).flat(),
    async stop() {
      isStopping = true;
      await starting;
      await Promise.all(processes.map((one) => one.process.stop()));
      await backend.close();
    },
  };
}

/** As set, else that of the data directory, which is made at the first start. */
function masterKeyOf({ dataDirectory: directory, masterKey }: Settings): string {
  makePrivateDirectory(directory);
  return masterKey ?? Buffer.from(loadOrCreateMasterKey({ directory, random: realRandom })).toString('base64');
}

/** The demo backend's actions, as the file that an agent reads. */
function demoActions(directory: string, actions: unknown): string {
  const file = join(directory, 'demo-actions.json');
  writeFileSync(file, JSON.stringify({ actions }, undefined, 2));
  return file;
}

/** As many at once as the machine has processors: more would only hold each other up, and the engines with them. */
async function startInTurn(processes: readonly Running[], isOver: () => boolean): Promise<void> {
  const waiting = [...processes];
  const startNext = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined && !isOver(); next = waiting.shift()) {
      next.process.start();
      const untilMs = Date.now() + TURN_MAX_MS;
      while (Date.now() < untilMs && !isOver() && (await waitingAt(next)).length > 0) await pause(TURN_LOOK_MS);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, startNext));
}

const pause = (delayMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, delayMs));

/** What one process is not ready for. */
async function waitingAt({ name, url }: Running): Promise<readonly string[]> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(ANSWER_MAX_MS) });
    const { waitingFor = [] } = (await response.json()) as { waitingFor?: readonly string[] };
    return waitingFor.map((what) => `${name}: ${what}`);
  } catch {
    return [name];
  }
}
