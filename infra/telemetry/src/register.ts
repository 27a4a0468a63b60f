/**
 * For `node --import @throughline/telemetry/register`: exports traces and metrics by OTLP as the usual OTEL_* variables say.
 * Where none of them names an endpoint, nothing is loaded and nothing is exported.
 */
import { getBooleanFromEnv, getStringFromEnv } from '@opentelemetry/core';
import { exportBy } from './exporting.ts';

const ENDPOINTS = [
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT',
];

if (getBooleanFromEnv('OTEL_SDK_DISABLED') !== true && ENDPOINTS.some((name) => getStringFromEnv(name) !== undefined)) {
  const { startSdk } = await import('./sdk.ts');
  exportBy(startSdk());
}
