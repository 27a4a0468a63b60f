import { createHash } from 'node:crypto';

/** The W3C trace context of what `id` caused: the same trace, a span of its own that follows from the id. */
export function childOf(traceparent: string, id: string): string {
  const [version = '00', trace = '0'.repeat(32), , flags = '01'] = traceparent.split('-');
  return `${version}-${trace}-${createHash('sha256').update(id).digest('hex').slice(0, 16)}-${flags}`;
}

/** The trace id in a trace context. */
export const traceIdOf = (traceparent: string): string => traceparent.split('-')[1] ?? '';
