import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engines } from '@throughline/engines/engines';
import type { LogRecord } from '@throughline/kernel/ports';
import { openPlatform, type Platform } from '@throughline/platform/platform';
import { readProcessSettings } from '@throughline/platform/settings';
import { realClock, realRandom } from '@throughline/platform/world';
import type { CaseEvent } from '@throughline/schemas/generated/messages';
import { CASE_EVENTS, TOPICS } from '@throughline/schemas/topics';
import { createLogger } from '@throughline/telemetry/logging';
import { hostToken } from '../../../scripts/demo/host-token.ts';
import { MailClient } from '../../../scripts/demo/mail-client.ts';
import { stageEnvironment } from '../../../scripts/demo/stage.ts';
import { type ProcessMesh, type Running, startProcesses } from '../../../scripts/mesh/processes.ts';
import { ShopBackend, takesRefunds } from '../../flow/backend.ts';
import { freePort } from '../../flow/ports.ts';
import { ownEngines } from '../running.ts';
import { badRecords } from './bad-records.ts';
import { Relay } from './relay.ts';

const READY_MAX_MS = 120_000;
const LOOK_EVERY_MS = 200;
/** After the last answer nothing more is to come: so long without a new event is the end of it. */
const QUIET_MS = 2_000;
const READ_AT_ONCE = 500;
const PARKED = TOPICS.flatMap(({ name }) => (name.includes('.parked.') ? [name] : []));

/** Engines and a mesh on them, every service as two processes, with the world around it. */
export class Fleet {
  readonly engines: Engines;
  readonly mesh: ProcessMesh;
  readonly mail: MailClient;
  readonly shop: ShopBackend;
  /** What lies between everybody and the store. */
  readonly wayToStore: Relay;
  /** Sees the topics as anybody may who holds the keys. */
  readonly platform: Platform;
  /** What the processes have said, for the message of a test that fails. */
  readonly lines: string[];
  /** Ids of the inputs that nobody can read. */
  readonly unreadable = new Set<string>();
  readonly #environment: Readonly<Record<string, string>>;
  readonly #events: CaseEvent[] = [];
  readonly #parked = new Set<string>();
  /** Where each partition of a topic is to be read from. */
  readonly #read = new Map<string, number[]>();

  private constructor(parts: {
    engines: Engines;
    mesh: ProcessMesh;
    mail: MailClient;
    shop: ShopBackend;
    wayToStore: Relay;
    platform: Platform;
    lines: string[];
    environment: Readonly<Record<string, string>>;
  }) {
    this.engines = parts.engines;
    this.mesh = parts.mesh;
    this.mail = parts.mail;
    this.shop = parts.shop;
    this.wayToStore = parts.wayToStore;
    this.platform = parts.platform;
    this.lines = parts.lines;
    this.#environment = parts.environment;
  }

  static async open(): Promise<Fleet> {
    const engines = await ownEngines();
    const mail = await MailClient.open('provider.example');
    const shop = await ShopBackend.open(takesRefunds);
    const wayToStore = await Relay.open(engines.mongo.url);
    const directory = mkdtempSync(join(tmpdir(), 'throughline-fleet-'));
    const environment = {
      PATH: process.env.PATH ?? '',
      ...stageEnvironment(directory, mail.url),
      THROUGHLINE_HTTP_PORT: String(await freePort()),
      THROUGHLINE_ACTIONS: shop.actionsFile,
      THROUGHLINE_MASTER_KEY: Buffer.from(realRandom(32)).toString('base64'),
      KAFKA_BROKERS: engines.kafka.brokers,
      SCHEMA_REGISTRY_URL: engines.registry.url,
      MONGO_URL: wayToStore.url,
    };
    const lines: string[] = [];
    const mesh = await startProcesses({
      environment,
      workingDirectory: directory,
      instances: 2,
      printer: (name) => (line) => lines.push(`${name}: ${line}`),
      progress: () => undefined,
    });
    const platform = await openPlatform({
      name: 'tests',
      settings: readProcessSettings(environment),
      clock: realClock,
      random: realRandom,
      reporter: createLogger({ service: 'tests', level: 'silent' }),
      onFatal: (reason) => lines.push(`tests: ${reason.message}`),
    });
    const fleet = new Fleet({ engines, mesh, mail, shop, wayToStore, platform, lines, environment });
    await fleet.ready();
    return fleet;
  }

  get url(): string {
    return this.mesh.url;
  }

  hostToken(externalId: string): Promise<string> {
    return hostToken(this.#environment.THROUGHLINE_CHAT_HOST_SECRET ?? '', externalId);
  }

  get twilioAuthToken(): string {
    return this.#environment.THROUGHLINE_TWILIO_AUTH_TOKEN ?? '';
  }

  /** The processes of one service. */
  of(service: Running['service']): readonly Running[] {
    return this.mesh.processes.filter((running) => running.service === service);
  }

  async ready(): Promise<void> {
    await this.#eventually('every service to be ready', async () => {
      const waitingFor = await this.mesh.waitingFor();
      return waitingFor.length === 0 ? true : waitingFor.join();
    });
  }

  /** Puts bad records among the inputs. */
  async spoil(wave: number): Promise<void> {
    const records = badRecords(this.platform.codec, wave);
    await this.platform.log.append(records);
    for (const { headers } of records) this.unreadable.add(headers.ce_id ?? '');
  }

  /** Everything in case.events, each partition in its order, once nothing more of it comes. */
  async events(): Promise<readonly CaseEvent[]> {
    await this.#quiet();
    const news = await this.#newsOf(CASE_EVENTS);
    this.#events.push(...news.map((record) => this.platform.codec.decode(record) as CaseEvent));
    return this.#events;
  }

  /** Ids of the records that were parked. */
  async parked(): Promise<ReadonlySet<string>> {
    const copies = (await Promise.all(PARKED.map((topic) => this.#newsOf(topic)))).flat();
    for (const { headers } of copies) this.#parked.add(headers.ce_id ?? 'without an id');
    return this.#parked;
  }

  async #quiet(): Promise<void> {
    const ends = async (): Promise<string> =>
      (await Promise.all([CASE_EVENTS, ...PARKED].map((topic) => this.platform.log.ends(topic)))).join();
    let former = await ends();
    for (let sinceMs = Date.now(); Date.now() - sinceMs < QUIET_MS; ) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      const now = await ends();
      if (now !== former) [former, sinceMs] = [now, Date.now()];
    }
  }

  /** What a topic has that was not read yet, at hand to be decoded. */
  async #newsOf(topic: string): Promise<readonly LogRecord[]> {
    const { log, codec } = this.platform;
    const all: LogRecord[] = [];
    const read = this.#read.get(topic) ?? [];
    this.#read.set(topic, read);
    for (const partition of (await log.ends(topic)).keys()) {
      for (;;) {
        const records = await log.read(topic, partition, read[partition] ?? 0, READ_AT_ONCE);
        const last = records.at(-1);
        if (last === undefined) break;
        await codec.prepare(records);
        all.push(...records);
        read[partition] = last.offset + 1;
      }
    }
    return all;
  }

  async api(path: string, init: RequestInit = {}): Promise<unknown> {
    const response = await fetch(`${this.url}${path}`, {
      ...init,
      headers: { ...init.headers, authorization: `Bearer ${this.mesh.operatorToken}` },
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return response.json();
  }

  async close(): Promise<void> {
    await this.platform.close();
    await this.mesh.stop();
    await this.mail.close();
    this.shop.close();
    this.wayToStore.close();
    await this.engines.stop();
    rmSync(this.#environment.THROUGHLINE_DATA_DIR ?? '', { recursive: true, force: true });
  }

  /** `look` gives true, or what is missing. */
  async #eventually(what: string, look: () => Promise<true | string>): Promise<void> {
    const deadlineMs = Date.now() + READY_MAX_MS;
    for (;;) {
      const missing = await look();
      if (missing === true) return;
      if (Date.now() > deadlineMs)
        throw new Error(`Waited ${READY_MAX_MS} ms for ${what}: ${missing}\n${this.lines.slice(-40).join('\n')}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }
}
