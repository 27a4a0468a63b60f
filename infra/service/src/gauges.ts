import type { Metrics } from '@throughline/telemetry/metrics';
import type { LagMeter } from './lag.ts';
import type { Service } from './service.ts';

/** Shows how far the groups are behind and how many contacts are on, whenever metrics are read. */
export function showGauges(metrics: Metrics, lag: LagMeter, services: readonly Service[]): void {
  metrics.gauge('lag', () =>
    lag
      .current()
      .map(({ group, topic, partition, records }) => [{ group, topic, partition: String(partition) }, records]),
  );
  metrics.gauge('connections', () =>
    services.flatMap(({ contacts }) => (contacts ? [[{ channel: contacts.channel }, contacts.count()] as const] : [])),
  );
}
