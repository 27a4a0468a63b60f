import type { Attributes } from '@opentelemetry/api';
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { BUCKETS_SECONDS, type LabelsOf, METRICS, type Metric, type MetricName, type NameOf } from './catalogue.ts';
import { exporting } from './exporting.ts';

/** The metrics of one process: recorded once, read at `/metrics` and exported by OTLP where that is set up. */
export interface Metrics {
  count<Name extends NameOf<'counter'>>(name: Name, labels: LabelsOf<Name>): void;
  time<Name extends NameOf<'histogram'>>(name: Name, seconds: number, labels: LabelsOf<Name>): void;
  /** `read` is asked for all there is whenever metrics are read. */
  gauge<Name extends NameOf<'gauge'>>(name: Name, read: () => Iterable<readonly [LabelsOf<Name>, number]>): void;
  /** The Prometheus text. */
  text(): Promise<string>;
  readonly contentType: string;
  /** Exports what has not been exported yet, for 2 s at most. */
  close(): Promise<void>;
}

const CLOSE_MAX_MS = 2_000;

export function createMetrics(): Metrics {
  const scrape = new Scrape();
  const { resource, metricReader } = exporting() ?? {};
  const exported = metricReader?.();
  const provider = new MeterProvider({
    readers: exported === undefined ? [scrape] : [scrape, exported],
    ...(resource === undefined ? {} : { resource }),
  });
  const meter = provider.getMeter('throughline');
  const counters = mapOf('counter', ({ name, help }) => meter.createCounter(name, { description: help }));
  const histograms = mapOf('histogram', ({ name, help }) =>
    meter.createHistogram(name, {
      description: help,
      unit: 's',
      advice: { explicitBucketBoundaries: BUCKETS_SECONDS },
    }),
  );
  const gauges = mapOf('gauge', ({ name, help }) => meter.createObservableGauge(name, { description: help }));
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);
  return {
    count: (name, labels) => counters.get(name)?.add(1, labels),
    time: (name, seconds, labels) => histograms.get(name)?.record(seconds, labels),
    gauge(name, read) {
      gauges.get(name)?.addCallback((result) => {
        for (const [labels, value] of read()) result.observe(value, labels satisfies Attributes);
      });
    },
    async text() {
      const { resourceMetrics } = await scrape.collect();
      return `${serializer.serialize(resourceMetrics)}\n`;
    },
    contentType: 'text/plain; version=0.0.4; charset=utf-8',
    async close() {
      // A collector that does not answer holds up no stop.
      await provider.shutdown({ timeoutMillis: CLOSE_MAX_MS }).catch(() => undefined);
    },
  };
}

function mapOf<Instrument>(
  kind: Metric['kind'],
  create: (metric: Metric) => Instrument,
): ReadonlyMap<MetricName, Instrument> {
  const names = (Object.keys(METRICS) as MetricName[]).filter((name) => METRICS[name].kind === kind);
  return new Map(names.map((name) => [name, create(METRICS[name])]));
}

/** Read when somebody asks, and by nobody else. */
class Scrape extends MetricReader {
  protected async onForceFlush(): Promise<void> {}
  protected async onShutdown(): Promise<void> {}
}
