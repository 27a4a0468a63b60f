import { createServer } from 'node:http';
import type { ActionSpec } from '@throughline/agent/actions';
import { createDemoBackend, DEMO_ACTIONS, type DemoBackend } from '@throughline/agent/demo-backend';
import { loadActions, unplayedActions } from '@throughline/agent/load-actions';
import { writeCheckpoint } from '@throughline/audit/verify';
import type { Clock, Random } from '@throughline/kernel/ports';
import { goOn, type Reach } from '@throughline/kernel/steps';
import { createLogger } from '@throughline/telemetry/logging';
import { createMetrics } from '@throughline/telemetry/metrics';
import express from 'express';
import { openEngines } from './engines.ts';
import { openGateways } from './gateways.ts';
import { createHttpServer, listen } from './http.ts';
import { createLagMeter } from './lag.ts';
import { observe } from './observing.ts';
import { operatorToken } from './operator-token.ts';
import { openOperators } from './operators.ts';
import { GROUPS, startServices } from './services.ts';
import { type Settings, weakSecrets } from './settings.ts';
import { realClock, realRandom } from './world.ts';

/** A running mesh. */
export interface Mesh {
  /** `http://host:port`, as it listens. */
  readonly url: string;
  readonly smtp: { readonly host: string; readonly port: number };
  readonly operatorToken: string;
  /** Present where no actions file is set. */
  readonly demoBackend: DemoBackend | undefined;
  ready(): boolean;
  /** Takes no more, lets what is under way come to its end (10 s at most), and closes. */
  stop(): Promise<void>;
}

/** How long a stop waits for what was acknowledged to be handled; what is left is taken up at the next start. */
const DRAIN_MAX_MS = 10_000;
const DRAIN_LOOK_MS = 20;
const CHECKPOINT_EVERY_MS = 5_000;

/** What a start is given besides its settings; tests stop the world with `reach`. */
export interface MeshOptions {
  readonly reach?: Reach;
  readonly clock?: Clock;
  readonly random?: Random;
}

/** Starts every service in this process. Rejects with a sentence for whoever starts it where that cannot be. */
export async function startMesh(settings: Settings, options: MeshOptions = {}): Promise<Mesh> {
  const { reach = goOn, clock = realClock, random = realRandom } = options;
  const reporter = createLogger({ service: 'throughline', level: settings.logLevel });
  for (const variable of weakSecrets(settings)) reporter.warn('secret.short', { variable });
  const engines = await openEngines({
    directory: settings.dataDirectory,
    masterKey: settings.masterKey,
    clock,
    random,
    reporter,
  });
  const { log, store, keyring, codec, blobs } = engines;
  const token = operatorToken({ directory: settings.dataDirectory, set: settings.operatorToken, random });
  const metrics = createMetrics();
  const lag = createLagMeter({ log, store, clock, groups: GROUPS });
  const backend = await openBackend(settings);
  for (const action of unplayedActions(backend.actions)) reporter.warn('action.unused', { action });
  const common = { log, store, keyring, codec, blobs, clock, random, reporter, reach };

  let url = '';
  const gateways = await openGateways({
    ...common,
    settings,
    busy: lag.busy,
    publicUrl: () => settings.publicUrl ?? url,
  });
  const services = await startServices({
    ...common,
    region: settings.region,
    actions: backend.actions,
    mail: gateways.mail,
  });
  const operators = await openOperators({ ...common, region: settings.region });
  const observer = await observe({ log, codec, metrics });
  const ready = (): boolean => services.ready() && gateways.ready();
  const server = createHttpServer({
    doors: gateways.routers,
    upgrades: gateways.upgrades,
    operators: operators.routers,
    operatorToken: token,
    metrics,
    ready,
    async refresh() {
      for (const { group, topic } of GROUPS) metrics.lag.set({ group, topic }, lag.current().get(group) ?? 0);
      for (const [channel, count] of gateways.connections()) metrics.connections.set({ channel }, count);
    },
    report: (error) => reporter.error('http.failed', { error: error instanceof Error ? error.name : 'unknown' }),
  });
  const port = await listen(server, settings.httpPort, settings.host, 'THROUGHLINE_HTTP_PORT');
  url = `http://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${port}`;
  const smtpPort = await gateways.listenForMail(settings.smtpPort, settings.host);
  const checkpoints = repeat(clock, CHECKPOINT_EVERY_MS, () => writeCheckpoint(blobs, operators.audited, keyring.mac));

  return {
    url,
    smtp: { host: settings.host, port: smtpPort },
    operatorToken: token,
    demoBackend: backend.demo,
    ready,
    async stop() {
      server.close();
      await gateways.close();
      server.closeAllConnections();
      const deadlineMs = clock.nowMs() + DRAIN_MAX_MS;
      while ((await lag.look()) > 0 && clock.nowMs() < deadlineMs) await pause(clock, DRAIN_LOOK_MS);
      lag.close();
      await checkpoints.close();
      await observer.close();
      await services.close();
      await operators.close();
      await backend.close();
      await writeCheckpoint(blobs, operators.audited, keyring.mac);
      engines.close();
    },
  };
}

const pause = (clock: Clock, delayMs: number): Promise<void> =>
  new Promise((resolve) => {
    clock.after(delayMs, resolve);
  });

/** Runs again and again, one at a time; a failure is tried again at the next turn. */
function repeat(clock: Clock, everyMs: number, run: () => Promise<void>): { close(): Promise<void> } {
  let cancel = (): void => undefined;
  let closed = false;
  let running: Promise<void> = Promise.resolve();
  const next = (): void => {
    cancel = clock.after(everyMs, () => {
      running = run()
        .catch(() => undefined)
        .finally(() => {
          if (!closed) next();
        });
    });
  };
  next();
  return {
    close() {
      closed = true;
      cancel();
      return running;
    },
  };
}

interface Backend {
  readonly actions: readonly ActionSpec[];
  readonly demo: DemoBackend | undefined;
  close(): Promise<void>;
}

/** The actions file's backend; without a file the demo's own, on a port of its own that only this machine reaches. */
async function openBackend(settings: Settings): Promise<Backend> {
  if (settings.actionsFile !== undefined) {
    return { actions: await loadActions(settings.actionsFile), demo: undefined, close: async () => undefined };
  }
  const demo = createDemoBackend();
  const server = createServer(express().use(demo.router));
  const port = await listen(server, 0, '127.0.0.1', 'The demo backend');
  return {
    actions: DEMO_ACTIONS(`http://127.0.0.1:${port}`),
    demo,
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
