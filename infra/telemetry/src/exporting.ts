import type { Resource } from '@opentelemetry/resources';
import type { MetricReader } from '@opentelemetry/sdk-metrics';
import type { SpanMaker } from './spans.ts';

/** Where the telemetry of this process goes besides `/metrics`. */
export interface Exporting {
  /** Who this is, by OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES. */
  readonly resource: Resource;
  /** Undefined where no spans are exported. */
  readonly makeSpan: SpanMaker | undefined;
  /** A new one for each set of metrics; undefined where no metrics are exported. */
  metricReader(): MetricReader | undefined;
  /** Sends what waits to be sent, for 2 s at most. */
  flush(): Promise<void>;
}

let current: Exporting | undefined;

/** What `register.ts` has set up for this process; undefined where nothing is exported. */
export const exporting = (): Exporting | undefined => current;

/** From now on telemetry is exported like this. */
export function exportBy(set: Exporting | undefined): void {
  current = set;
}
