import { hash } from 'node:crypto';

/** What a W3C trace context names. */
export interface TraceContext {
  readonly traceId: string;
  /** `NO_SPAN` where the trace begins with whatever comes next. */
  readonly spanId: string;
  /** Two hex digits; the last bit says sampled. */
  readonly flags: string;
}

export const NO_SPAN = '0'.repeat(16);
const NO_TRACE = '0'.repeat(32);
const SAMPLED = '01';
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})/;

/** Undefined where the text is no trace context, or one without a trace. */
export function traceContextOf(traceparent: string): TraceContext | undefined {
  const [, traceId = NO_TRACE, spanId = NO_SPAN, flags = SAMPLED] = TRACEPARENT.exec(traceparent) ?? [];
  return traceId === NO_TRACE ? undefined : { traceId, spanId, flags };
}

/**
 * The trace context of the message `id` that `traceparent` caused: the same trace, a span of its own that follows from the id.
 * Where the cause has no trace, one begins that follows from the id as well, so that saying it again is the same span.
 */
export function childOf(traceparent: string, id: string): string {
  const named = hash('sha256', id);
  const { traceId = named.slice(32), flags = SAMPLED } = traceContextOf(traceparent) ?? {};
  return `00-${traceId}-${named.slice(0, 16)}-${flags}`;
}

/** The trace context of a cause that nothing came before. */
export const beginningOf = (traceId: string): string => `00-${traceId}-${NO_SPAN}-${SAMPLED}`;

/** The trace id in a trace context; empty where there is none. */
export const traceIdOf = (traceparent: string): string => traceContextOf(traceparent)?.traceId ?? '';
