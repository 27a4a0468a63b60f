import type { DemoBackend } from '@throughline/agent/demo-backend';
import type { Model } from '@throughline/agent/model';
import { createHttpServer, listen } from '@throughline/http/server';
import type { Clock, Random } from '@throughline/kernel/ports';
import { goOn, type Reach } from '@throughline/kernel/steps';
import { weakSecrets } from '@throughline/platform/variables';
import { realClock, realRandom } from '@throughline/platform/world';
import { showGauges } from '@throughline/service/gauges';
import { createLagMeter } from '@throughline/service/lag';
import { type AtWork, groupsOf, putToWork } from '@throughline/service/service';
import { createLogger } from '@throughline/telemetry/logging';
import { openTelemetry } from '@throughline/telemetry/telemetry';
import { openBackend } from './backend.ts';
import { openEngines } from './engines.ts';
import { operatorToken } from './operator-token.ts';
import { openServices } from './services.ts';
import type { Settings } from './settings.ts';

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

/** What a start is given besides its settings; tests stop the world with `reach`, and `model` sits in the agent's chair instead of the playbooks. */
export interface MeshOptions {
  readonly reach?: Reach;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly model?: Model;
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
  const telemetry = openTelemetry({ clock, system: 'throughline' });
  const on = { ...engines, clock, random, reporter, reach, telemetry };
  const token = operatorToken({ directory: settings.dataDirectory, set: settings.operatorToken, random });
  const backend = await openBackend(settings.actionsFile);
  let url = '';
  const { email, all } = await openServices({
    ...on,
    settings,
    actions: backend.actions,
    model: options.model,
    busy: () => lag.busy(),
    publicUrl: () => settings.publicUrl ?? url,
  });
  const groups = all.flatMap(groupsOf);
  const lag = createLagMeter({ ...on, groups });
  const atWork: AtWork[] = [];
  for (const service of all) atWork.push(await putToWork(on, service));
  showGauges(telemetry.metrics, lag, all);
  const ready = (): boolean =>
    atWork.every((one) => one.waitingFor().length === 0) && all.every((service) => service.ready?.() ?? true);
  const server = createHttpServer({
    doors: all.flatMap(({ doors = [] }) => doors),
    upgrades: all.flatMap(({ upgrades = [] }) => upgrades),
    operators: { token, routers: all.flatMap(({ operators = [] }) => operators) },
    described: all.flatMap(({ described = [] }) => described),
    metrics: telemetry.metrics,
    waitingFor: () => (ready() ? [] : ['services']),
    report: (error) => reporter.error('http.failed', { error: error instanceof Error ? error.name : 'unknown' }),
  });
  const port = await listen(server, settings.httpPort, settings.host, 'THROUGHLINE_HTTP_PORT');
  url = `http://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${port}`;
  const smtpPort = await email.listen();

  return {
    url,
    smtp: { host: settings.host, port: smtpPort },
    operatorToken: token,
    demoBackend: backend.demo,
    ready,
    async stop() {
      server.close();
      for (const service of all) await service.leave?.();
      server.closeAllConnections();
      const deadlineMs = clock.nowMs() + DRAIN_MAX_MS;
      while ((await lag.look()) > 0 && clock.nowMs() < deadlineMs) await pause(clock, DRAIN_LOOK_MS);
      await lag.close();
      // Last in the order of the flow first, so that what a reactor reports still finds its processor.
      for (const one of [...atWork].reverse()) await one.close();
      for (const service of all) await service.close?.();
      await backend.close();
      engines.close();
      await telemetry.close();
    },
  };
}

const pause = (clock: Clock, delayMs: number): Promise<void> =>
  new Promise((resolve) => {
    clock.after(delayMs, resolve);
  });
