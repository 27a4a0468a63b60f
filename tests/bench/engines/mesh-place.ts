import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engines, startEngines } from '@throughline/engines/engines';
import { createSwitchboard } from '@throughline/gateway/switchboard';
import { createEdge } from '@throughline/kernel/edge';
import { openPlatform } from '@throughline/platform/platform';
import { readProcessSettings } from '@throughline/platform/settings';
import { realClock, realRandom } from '@throughline/platform/world';
import type { CaseEvent, Turn } from '@throughline/schemas/generated/messages';
import { CASE_EVENTS } from '@throughline/schemas/topics';
import { stageEnvironment } from '../../../scripts/demo/stage.ts';
import { startProcesses } from '../../../scripts/mesh/processes.ts';
import { freePort } from '../../flow/ports.ts';
import { startedOf } from '../stage.ts';
import { bulkOf } from './bulk.ts';
import { loudReporter, pause } from './place.ts';

/** One contact as its gateway sees it, in milliseconds. */
export interface ContactTimes {
  /** From the start of the contact to its briefing. */
  readonly briefingMs: number;
  /** From the acknowledgement of its turn to the entry that everybody can read, on case.events.v1. */
  readonly readableMs: number;
}

/** Every service as a process of its own on engines of its own, and a gateway more: this process. */
export interface MeshPlace {
  readonly engines: Engines;
  /** What runs, by name, for its processor time. */
  readonly pids: ReadonlyMap<string, number>;
  /** A contact of this customer: it comes, says one thing, and leaves. */
  play(externalId: string): Promise<ContactTimes>;
  /** Fills the store with the rows that so many cases more would have; resolves to how many rows that were. */
  grow(fromCases: number, toCases: number, tell: (what: string) => void): Promise<number>;
  close(): Promise<void>;
}

const TRACE = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
const LOOK_EVERY_MS = 250;

export async function openMeshPlace(options: { readonly tell: (what: string) => void }): Promise<MeshPlace> {
  const { tell } = options;
  const reporter = loudReporter();
  const directory = await mkdtemp(join(tmpdir(), 'throughline-bench-'));
  const [kafka, kafkaController, registry, mongo] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const engines = await startEngines({ directory, ports: { kafka, kafkaController, registry, mongo }, progress: tell });
  const environment = {
    PATH: process.env.PATH ?? '',
    ...stageEnvironment(directory, 'smtp://127.0.0.1:9'),
    THROUGHLINE_MASTER_KEY: Buffer.from(realRandom(32)).toString('base64'),
    KAFKA_BROKERS: engines.kafka.brokers,
    SCHEMA_REGISTRY_URL: engines.registry.url,
    MONGO_URL: engines.mongo.url,
  };
  const mesh = await startProcesses({
    environment,
    workingDirectory: directory,
    instances: 1,
    printer: (name) => (line) => tell(`${name}: ${line}`),
    progress: () => undefined,
  });
  const platform = await openPlatform({
    name: 'bench',
    settings: readProcessSettings(environment),
    clock: realClock,
    random: realRandom,
    reporter,
    onFatal: (reason) => reporter.error('log.fatal', { reason: reason.message }),
  });
  const edge = createEdge({ ...platform, source: 'bench' });
  const switchboard = createSwitchboard({ ...platform, edge, service: 'bench', busy: () => false });
  const readable = new Map<string, () => void>();
  const tail = await platform.log.tail(CASE_EVENTS, (record) => {
    void heard(record).catch((error: unknown) => reporter.error('not-read', { reason: String(error) }));
  });
  async function heard(record: Parameters<typeof platform.codec.decode>[0]): Promise<void> {
    if (record.headers.ce_type !== 'InteractionAdded') return;
    await platform.codec.prepare([record]);
    const event = platform.codec.decode(record) as CaseEvent;
    if (event.type === 'InteractionAdded') readable.get(event.body.contactId)?.();
  }
  while ((await mesh.waitingFor()).length > 0) await pause(LOOK_EVERY_MS);
  let made = 0;

  return {
    engines,
    pids: new Map([
      ...mesh.processes.map(({ name, process: { pid } }) => [name, pid ?? 0] as const),
      ['kafka', engines.kafka.pid] as const,
      ['registry', engines.registry.pid] as const,
      ['store', engines.mongo.pid] as const,
      ['this process', process.pid] as const,
    ]),
    async play(externalId) {
      made += 1;
      const contactId = `ctc_bench${String(made).padStart(20, '0')}`;
      const startMs = performance.now();
      const briefed = Promise.withResolvers<number>();
      const read = Promise.withResolvers<number>();
      readable.set(contactId, () => read.resolve(performance.now()));
      const nothing = (): void => undefined;
      const line = await switchboard.connect(startedOf(contactId, externalId), TRACE, {
        said: nothing,
        missed: nothing,
        holding: nothing,
        held: nothing,
        home: () => briefed.resolve(performance.now()),
      });
      const briefingMs = (await briefed.promise) - startMs;
      await line.say(turnOf(contactId));
      const acknowledgedMs = performance.now();
      const readableMs = Math.max(0, (await read.promise) - acknowledgedMs);
      readable.delete(contactId);
      await line.leave('left');
      return { briefingMs, readableMs };
    },
    grow: (fromCases, toCases, tellMore) =>
      bulkOf({ url: engines.mongo.url, reporter }, { fromCases, toCases, tell: tellMore }),
    async close() {
      await tail.close();
      await switchboard.close();
      await mesh.stop();
      await platform.close();
      await engines.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

const turnOf = (contactId: string): Turn => ({
  inputId: `inp_${contactId}`,
  text: 'It has still not come, and I would like to know why.',
  kind: 'written',
  atMs: realClock.nowMs(),
  codeProofs: [],
  masked: [],
  attachments: [],
});
