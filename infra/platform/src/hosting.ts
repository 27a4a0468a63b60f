import { createHttpServer, listen } from '@throughline/http/server';
import { showGauges } from '@throughline/service/gauges';
import { BEHIND_THE_DOORS, createLagMeter } from '@throughline/service/lag';
import { repeat } from '@throughline/service/repeat';
import { type Foundation, groupsOf, putToWork, type Service } from '@throughline/service/service';
import { openTelemetry } from '@throughline/telemetry/telemetry';

/** What a service is composed with. */
export type On = Foundation & {
  /** Whether new contacts are to be told to come back in a moment. */
  readonly busy: () => boolean;
};

export interface HostingOptions {
  readonly on: Foundation;
  readonly build: (on: On) => Service | Promise<Service>;
  readonly http: { readonly host: string; readonly port: number };
  /** Without one nothing is for operators here. */
  readonly operatorToken: string | undefined;
  /** Rejects with a sentence where the store is not prepared for the documents of these processors. */
  readonly checkStore: (processors: readonly string[]) => Promise<void>;
  /** The engines that do not answer now. */
  readonly unreachable: () => Promise<readonly string[]>;
}

/** One service at work in this process. */
export interface Hosted {
  readonly httpPort: number;
  /** What it is not ready for yet; empty: ready. */
  waitingFor(): Promise<readonly string[]>;
  /** Takes no more, lets what is under way end, leaves its groups. What it stands on stays open. */
  stop(): Promise<void>;
}

/** A group that was no further behind than this has caught up: what is left is the traffic of a moment. */
const CAUGHT_UP_RECORDS = 1_000;
/** How long requests that are being answered may take at a stop. */
const REQUESTS_MAX_MS = 4_000;
const IDLE_LOOK_MS = 20;
const UNREACHABLE_MAX_MS = 2_000;

/** Puts a service to work, with what every process has: `/livez`, `/readyz`, `/metrics`. Rejects, before any of it, where the store is not prepared. */
export async function hostService(options: HostingOptions): Promise<Hosted> {
  const { operatorToken, http } = options;
  const { clock, reporter } = options.on;
  const telemetry = openTelemetry({ clock, system: 'kafka' });
  const on = { ...options.on, telemetry };
  const service = await options.build({ ...on, busy: () => lag.busy() });
  await options.checkStore((service.processors ?? []).map(({ name }) => name));
  const groups = groupsOf(service);
  const isDoor = service.doors !== undefined || service.listen !== undefined;
  const lag = createLagMeter({ ...on, groups: isDoor ? [...groups, ...BEHIND_THE_DOORS] : groups });
  const atWork = await putToWork(on, service);
  showGauges(telemetry.metrics, lag, [service]);
  let behind = groups;
  let isStopping = false;

  async function waitingFor(): Promise<readonly string[]> {
    behind = behind.filter(({ group }) => (lag.of(group) ?? Number.POSITIVE_INFINITY) > CAUGHT_UP_RECORDS);
    const unreachable = await within(clock, UNREACHABLE_MAX_MS, options.unreachable(), ['engines']);
    return [
      ...(isStopping ? ['stopping'] : []),
      ...unreachable,
      ...atWork.waitingFor().map((group) => `partitions of ${group}`),
      ...behind.map(({ group }) => `${group} to catch up`),
      ...((service.ready?.() ?? true) ? [] : ['the events of cases']),
    ];
  }

  const server = createHttpServer({
    doors: service.doors ?? [],
    upgrades: service.upgrades ?? [],
    operators: operatorToken === undefined ? undefined : { token: operatorToken, routers: service.operators ?? [] },
    described: service.described ?? [],
    metrics: telemetry.metrics,
    waitingFor,
    report: (error) => reporter.error('http.failed', { error: error instanceof Error ? error.name : 'unknown' }),
  });
  const httpPort = await listen(server, http.port, http.host, 'THROUGHLINE_HTTP_PORT');
  await service.listen?.();

  return {
    httpPort,
    waitingFor,
    async stop() {
      isStopping = true;
      const answered = new Promise<void>((resolve) => server.close(() => resolve()));
      // A connection is idle as soon as its answer is out, and would stay open for the next request.
      const idle = repeat(clock, IDLE_LOOK_MS, async () => server.closeIdleConnections());
      await service.leave?.();
      // Before the consumers stop: an answer may be what they are working on.
      await within(clock, REQUESTS_MAX_MS, answered, undefined);
      await idle.close();
      server.closeAllConnections();
      await lag.close();
      await atWork.close();
      await service.close?.();
      await telemetry.close();
    },
  };
}

/** What it resolves to, or `otherwise` once the time is over. */
function within<T>(clock: Foundation['clock'], limitMs: number, work: Promise<T>, otherwise: T): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(limitMs, () => resolve(otherwise));
    work.then(resolve, reject).finally(cancel);
  });
}
