import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { pathToFileURL } from 'node:url';
import { ProxyTracerProvider, trace } from '@opentelemetry/api';
import { getNumberFromEnv, getStringFromEnv } from '@opentelemetry/core';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import {
  defaultResource,
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from '@opentelemetry/resources';
import { PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import type { Exporting } from './exporting.ts';
import { GivenIds } from './given-ids.ts';
import { createSpanMaker } from './spans.ts';

/** How long a flush may take, and with it the end of a process whose collector does not answer. */
export const FLUSH_MAX_MS = 2_000;
const METRICS_EVERY_MS = 60_000;
const METRICS_TIMEOUT_MS = 30_000;

/** Where OTLP of this kind goes; undefined where nobody has said so. */
export const endpointOf = (signal: 'TRACES' | 'METRICS'): string | undefined =>
  getStringFromEnv(`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`) ?? getStringFromEnv('OTEL_EXPORTER_OTLP_ENDPOINT');

/**
 * Starts the OpenTelemetry SDK as OTEL_* say. It instruments no library: each message is one span already, with a parent that is
 * right across topics, and what instrumentations put on spans besides (URLs with their query, command lines) may hold secrets.
 */
export function startSdk(): Exporting {
  const ids = new GivenIds();
  const resource = resourceOfThis();
  const sdk = new NodeSDK({
    resource,
    autoDetectResources: false,
    idGenerator: ids,
    metricReaders: [],
    logRecordProcessors: [],
    ...(endpointOf('TRACES') === undefined ? { spanProcessors: [] } : {}),
  });
  sdk.start();
  const tracers = trace.getTracerProvider();
  const provider = tracers instanceof ProxyTracerProvider ? tracers.getDelegate() : tracers;
  return {
    resource,
    makeSpan: provider instanceof TracerProvider ? createSpanMaker(provider, ids) : undefined,
    metricReader: () => (endpointOf('METRICS') === undefined ? undefined : metricReader()),
    async flush() {
      // Spans that nobody takes are lost; the stop of a service is not held up by them.
      if (provider instanceof TracerProvider)
        await provider.forceFlush({ timeoutMillis: FLUSH_MAX_MS }).catch(() => undefined);
    },
  };
}

/** What a process is called where OTEL_SERVICE_NAME does not say it: as the package of the program that it runs. */
export function serviceNameOf(program: string | undefined): string {
  const manifest = program === undefined ? undefined : findPackageJSON(pathToFileURL(program));
  if (manifest === undefined) return 'throughline';
  const { name = 'throughline' } = JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string };
  return name.split('/').at(-1) ?? name;
}

/** Without the detectors of host and process: a command line is nobody's business. */
const resourceOfThis = (): Resource =>
  defaultResource()
    .merge(resourceFromAttributes({ 'service.name': serviceNameOf(process.argv[1]) }))
    .merge(detectResources({ detectors: [envDetector, serviceInstanceIdDetector] }));

function metricReader(): PeriodicExportingMetricReader {
  const exportIntervalMillis = getNumberFromEnv('OTEL_METRIC_EXPORT_INTERVAL') ?? METRICS_EVERY_MS;
  return new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter(),
    exportIntervalMillis,
    exportTimeoutMillis: Math.min(exportIntervalMillis, METRICS_TIMEOUT_MS),
  });
}
