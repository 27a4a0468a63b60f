import {
  type Attributes,
  type Context,
  type HrTime,
  ROOT_CONTEXT,
  SpanKind,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import type { Message } from '@throughline/kernel/envelope';
import { TIMER_FIRED } from '@throughline/kernel/processor';
import type { Cause } from '@throughline/kernel/telemetry';
import { NO_SPAN, type TraceContext, traceContextOf } from '@throughline/kernel/trace';
import * as attributes from './attributes.ts';
import type { GivenIds } from './given-ids.ts';

/** What carries the messages, for `messaging.system`. */
export type MessagingSystem = 'kafka' | 'throughline';

/** Makes the span of a message that is in the log: from when the work on it began until `untilMs`, epoch milliseconds. */
export type SpanMaker = (message: Message, cause: Cause, untilMs: number, system: MessagingSystem) => void;

/** @param ids those of the provider: they have to be the message's own */
export function createSpanMaker(tracers: TracerProvider, ids: GivenIds): SpanMaker {
  return (message, cause, untilMs, system) => {
    const own = traceContextOf(message.traceparent);
    if (own === undefined) return;
    const [service = '', partition] = message.source.split('/');
    const parent = parentOf(own, cause);
    const kind = kindOf(message, parent);
    const options = {
      kind,
      startTime: timeOf(Math.min(cause.sinceMs, untilMs)),
      attributes: attributesOf(message, { service, partition, kind, system }),
    };
    const name = `${service} ${message.type}`;
    ids.during(own, () => tracers.getTracer(service).startSpan(name, options, contextOf(parent))).end(timeOf(untilMs));
  };
}

/** Undefined where the trace begins with this message. */
function parentOf(own: TraceContext, cause: Cause): TraceContext | undefined {
  const parent = traceContextOf(cause.traceparent);
  return parent === undefined || parent.spanId === NO_SPAN || parent.traceId !== own.traceId ? undefined : parent;
}

const contextOf = (parent: TraceContext | undefined): Context =>
  parent === undefined
    ? ROOT_CONTEXT
    : trace.setSpanContext(ROOT_CONTEXT, {
        traceId: parent.traceId,
        spanId: parent.spanId,
        traceFlags: Number.parseInt(parent.flags, 16),
        isRemote: true,
      });

/** What comes from outside is served, what a processor makes of an input is consumed, everything else is produced. */
function kindOf(message: Message, parent: TraceContext | undefined): SpanKind {
  if (message.sequence !== undefined) return SpanKind.CONSUMER;
  return parent === undefined && message.type !== TIMER_FIRED ? SpanKind.SERVER : SpanKind.PRODUCER;
}

function attributesOf(
  message: Message,
  by: { service: string; partition: string | undefined; kind: SpanKind; system: MessagingSystem },
): Attributes {
  const isConsumer = by.kind === SpanKind.CONSUMER;
  return {
    [attributes.SYSTEM]: by.system,
    [attributes.OPERATION_TYPE]: isConsumer ? 'process' : 'send',
    [attributes.OPERATION_NAME]: isConsumer ? 'decide' : 'append',
    [attributes.DESTINATION]: message.topic,
    [attributes.MESSAGE_ID]: message.id,
    [attributes.MESSAGE_TYPE]: message.type,
    [attributes.CASE_ID]: idIn(message, 'caseId', 'case_'),
    [attributes.CONTACT_ID]: idIn(message, 'contactId', 'ctc_'),
    [attributes.CONSUMER_GROUP]: isConsumer ? by.service : undefined,
    [attributes.INPUT_PARTITION]: isConsumer ? by.partition : undefined,
  };
}

/** Only what looks like an id of ours leaves. */
function idIn({ body }: Message, field: 'caseId' | 'contactId', prefix: string): string | undefined {
  const id = (body as Readonly<Record<string, unknown>> | null | undefined)?.[field];
  return typeof id === 'string' && id.startsWith(prefix) ? id : undefined;
}

/** Seconds and nanoseconds: a bare number would be taken for one since the process started where it is small. */
const timeOf = (epochMs: number): HrTime => [Math.floor(epochMs / 1_000), Math.round((epochMs % 1_000) * 1_000_000)];
