import { SpanKind } from '@opentelemetry/api';
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Message } from '@throughline/kernel/envelope';
import { beginningOf, childOf, traceContextOf } from '@throughline/kernel/trace';
import { expect } from 'chai';
import { GivenIds } from './given-ids.ts';
import { createSpanMaker, type SpanMaker } from './spans.ts';

const BEGINNING = beginningOf('a'.repeat(32));
const STARTED = childOf(BEGINNING, 'msg_started');
const SECRET = '+12025550143';

const message = (extra: Partial<Message> = {}): Message => ({
  topic: 'case.events.v1',
  key: 'case_1',
  id: 'msg_briefed',
  type: 'ContactBriefed',
  source: 'case-state/3',
  sequence: 9,
  subject: 'case_1',
  timeMs: 1_000,
  traceparent: childOf(STARTED, 'msg_briefed'),
  body: { caseId: 'case_1', contactId: 'ctc_1', text: SECRET, from: SECRET },
  ...extra,
});

describe('the span of a message', () => {
  let exported: InMemorySpanExporter;
  let make: SpanMaker;
  beforeEach(() => {
    exported = new InMemorySpanExporter();
    const ids = new GivenIds();
    const spanProcessors = [new SimpleSpanProcessor({ exporter: exported })];
    make = createSpanMaker(new TracerProvider({ idGenerator: ids, spanProcessors }), ids);
  });

  const spanOf = (one: Message, traceparent: string, sinceMs = 1_000, untilMs = 1_012.5): ReadableSpan => {
    make(one, { traceparent, sinceMs }, untilMs, 'kafka');
    const span = exported.getFinishedSpans().at(-1);
    if (span === undefined) throw new Error('There is no span.');
    return span;
  };

  it('has the id that the message carries, and that of its cause as its parent', () => {
    const span = spanOf(message(), STARTED);
    const own = traceContextOf(message().traceparent);
    expect(span.spanContext()).to.include({ traceId: own?.traceId, spanId: own?.spanId });
    expect(span.parentSpanContext?.spanId).to.equal(traceContextOf(STARTED)?.spanId);
    expect(span.parentSpanContext?.isRemote).to.equal(true);
  });

  it('is the root where the message begins the trace', () => {
    const span = spanOf(message({ source: 'voice-gateway', traceparent: STARTED }), BEGINNING);
    expect(span.spanContext().traceId).to.equal('a'.repeat(32));
    expect(span.spanContext().spanId).to.equal(traceContextOf(STARTED)?.spanId);
    expect(span.parentSpanContext).to.equal(undefined);
  });

  it('lasts from when the work began until it was in the log', () => {
    const span = spanOf(message(), STARTED, 1_700_000_000_250, 1_700_000_000_262.5);
    expect(span.startTime).to.deep.equal([1_700_000_000, 250_000_000]);
    expect(span.endTime).to.deep.equal([1_700_000_000, 262_500_000]);
  });

  it('lasts no less than nothing where clocks differ', () => {
    const span = spanOf(message(), STARTED, 2_000, 1_000);
    expect(span.duration).to.deep.equal([0, 0]);
  });

  it('is named after who does what, and says it in the words of the conventions', () => {
    const span = spanOf(message(), STARTED);
    expect(span.name).to.equal('case-state ContactBriefed');
    expect(span.instrumentationScope.name).to.equal('case-state');
    expect(span.attributes).to.deep.equal({
      'messaging.system': 'kafka',
      'messaging.operation.type': 'process',
      'messaging.operation.name': 'decide',
      'messaging.destination.name': 'case.events.v1',
      'messaging.message.id': 'msg_briefed',
      'messaging.consumer.group.name': 'case-state',
      'throughline.message.type': 'ContactBriefed',
      'throughline.case.id': 'case_1',
      'throughline.contact.id': 'ctc_1',
      'throughline.input.partition': '3',
    });
  });

  it('holds nothing of a body but ids of ours', () => {
    const span = spanOf(message({ body: { caseId: SECRET, contactId: { from: SECRET }, text: SECRET } }), STARTED);
    expect(JSON.stringify([span.name, span.attributes])).to.not.contain(SECRET);
  });

  const { sequence: _, ...ofAnEdge } = message({ source: 'agent' });
  for (const [what, one, cause, kind] of [
    ['served, where it begins at a channel', ofAnEdge, BEGINNING, SpanKind.SERVER],
    ['produced, where an edge goes on', ofAnEdge, STARTED, SpanKind.PRODUCER],
    ['consumed, where a processor decided', message(), STARTED, SpanKind.CONSUMER],
    ['produced, where a timer fired', { ...ofAnEdge, type: 'TimerFired' }, '', SpanKind.PRODUCER],
  ] as const)
    it(`is ${what}`, () => expect(spanOf(one, cause).kind).to.equal(kind));

  it('is left out where the trace is not sampled', () => {
    const unsampled = STARTED.replace(/01$/, '00');
    make(
      message({ traceparent: childOf(unsampled, 'msg_briefed') }),
      { traceparent: unsampled, sinceMs: 1 },
      2,
      'kafka',
    );
    expect(exported.getFinishedSpans()).to.deep.equal([]);
  });
});

describe('given ids', () => {
  it('are random where none are given', () => {
    const ids = new GivenIds();
    ids.during({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), flags: '01' }, () => ids.generateSpanId());
    expect(ids.generateSpanId())
      .to.match(/^[0-9a-f]{16}$/)
      .and.to.not.equal('b'.repeat(16));
    expect(ids.generateTraceId()).to.not.equal('a'.repeat(32));
  });
});
