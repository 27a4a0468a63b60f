import type { Clock } from '@throughline/kernel/ports';
import type { Telemetry } from '@throughline/kernel/telemetry';
import { countEvent } from './counting.ts';
import { exporting } from './exporting.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import type { MessagingSystem } from './spans.ts';

/** What a process tells of itself. */
export interface ProcessTelemetry extends Telemetry {
  readonly metrics: Metrics;
  /** Exports what has not been exported yet; resolves after 2 s at the latest, whether or not anybody takes it. */
  close(): Promise<void>;
}

/** Spans and metrics of what the kernel tells. `system`: what carries the messages. */
export function openTelemetry(options: { readonly clock: Clock; readonly system: MessagingSystem }): ProcessTelemetry {
  const { clock, system } = options;
  const metrics = createMetrics();
  const exported = exporting();
  return {
    metrics,
    nowMs: () => clock.nowMs(),
    emitted(message, cause) {
      const nowMs = clock.nowMs();
      countEvent(metrics, message, nowMs);
      exported?.makeSpan?.(message, cause, nowMs, system);
    },
    handled(message, handler) {
      // Who observes records takes what it finds in their headers: no closed set.
      const type = message.body === undefined ? 'record' : message.type;
      const seconds = Math.max(0, clock.nowMs() - message.timeMs) / 1_000;
      metrics.time('handled', seconds, { group: handler, type });
    },
    parked: (group) => metrics.count('parked', { group }),
    fenced: (group) => metrics.count('fenced', { group }),
    async close() {
      await Promise.all([metrics.close(), exported?.flush()]);
    },
  };
}
