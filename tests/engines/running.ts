import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '@throughline/engines/engine';
import { type EnginePorts, type Engines, startEngines } from '@throughline/engines/engines';
import { z } from 'zod';
import { freePort } from '../flow/ports.ts';

const STOP_TIMEOUT_MS = 60_000;

let running: Promise<Engines> | undefined;

// Who dies of a signal does nothing more; who exits ends what it has started.
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.once(signal, () => process.exit(code));

/**
 * Kafka, a schema registry and a server of MongoDB's protocol for this mocha process: started when they are first asked
 * for, stopped after its last test. Where THROUGHLINE_ENGINES says where engines are, as JSON
 * `{"kafka":"127.0.0.1:9092","registry":"http://…","mongo":"mongodb://…"}`, those are used and left alone.
 */
export function runningEngines(): Promise<Engines> {
  running ??=
    process.env.THROUGHLINE_ENGINES === undefined ? ownEngines() : sharedEngines(process.env.THROUGHLINE_ENGINES);
  return running;
}

after(async function () {
  this.timeout(STOP_TIMEOUT_MS);
  await running?.then(
    (engines) => engines.stop(),
    () => undefined, // Whoever asked for them has heard why they did not start.
  );
});

/** Engines for one test or suite that ends, pauses or fills them; whoever starts them stops them. */
export async function ownEngines(): Promise<Engines> {
  const directory = await mkdtemp(join(tmpdir(), 'throughline-engines-'));
  const started = await startEngines({ directory, ports: await freePorts(), progress: () => undefined });
  const all: readonly Engine[] = [started.kafka, started.registry, started.mongo];
  const killAll = (): void => {
    for (const { pid } of all) killLeftOver(pid);
  };
  // A run that is cut short passes by the hook, and the engines would live on.
  process.on('exit', killAll);
  return {
    ...started,
    stop: async () => {
      await started.stop();
      process.off('exit', killAll);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Ports that nobody has and nobody is given by chance, each another one. */
export async function freePorts(): Promise<EnginePorts> {
  const ports = new Set<number>();
  while (ports.size < 4) ports.add(await freePort());
  const [kafka = 0, kafkaController = 0, registry = 0, mongo = 0] = ports;
  return { kafka, kafkaController, registry, mongo };
}

function killLeftOver(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone, as it should be.
  }
}

const Addresses = z.object({ kafka: z.string(), registry: z.url(), mongo: z.url() });

/** Engines that somebody else runs: there to be used, not to be ended. */
async function sharedEngines(text: string): Promise<Engines> {
  const { kafka, registry, mongo } = Addresses.parse(JSON.parse(text));
  const notOurs = (): never => {
    throw new Error('These engines are shared (THROUGHLINE_ENGINES): take `ownEngines` to end or pause some.');
  };
  const engine: Engine = { pid: 0, stop: notOurs, start: notOurs, kill: notOurs, pause: notOurs, resume: notOurs };
  return {
    kafka: { ...engine, brokers: kafka },
    registry: { ...engine, url: registry },
    mongo: { ...engine, url: mongo },
    stop: async () => undefined,
  };
}
