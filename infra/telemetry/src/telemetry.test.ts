import type { Message } from '@throughline/kernel/envelope';
import { expect } from 'chai';
import { openTelemetry, type ProcessTelemetry } from './telemetry.ts';

const CAUSE = { traceparent: '', sinceMs: 0 };

describe('the metrics of a process', () => {
  let nowMs = 0;
  let telemetry: ProcessTelemetry;
  beforeEach(() => {
    nowMs = 10_000;
    telemetry = openTelemetry({ clock: { nowMs: () => nowMs, after: () => () => undefined }, system: 'throughline' });
  });
  afterEach(() => telemetry.close());

  const emit = (type: string, body: unknown): void => telemetry.emitted({ ...message, type, body }, CAUSE);
  const lines = async (): Promise<readonly string[]> =>
    (await telemetry.metrics.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));

  const message: Message = {
    topic: 'case.events.v1',
    key: 'case_1',
    id: 'msg_1',
    type: 'CaseOpened',
    source: 'case-state/3',
    sequence: 1,
    subject: 'case_1',
    timeMs: 9_960,
    traceparent: '',
    body: {},
  };
  const briefed = (cause: string) => ({
    cause,
    channel: 'voice',
    disposition: 'resume',
    receipt: { withheld: [{ sensitivity: 'financial' }, { sensitivity: 'financial' }, { sensitivity: 'personal' }] },
  });

  it('count a contact once, with how long its first briefing took', async () => {
    emit('ContactBriefed', briefed('joined'));
    emit('ContactBriefed', briefed('turn'));
    expect(await lines()).to.include.members([
      'throughline_contacts_total{channel="voice",disposition="resume"} 1',
      'throughline_contact_briefing_seconds_count{channel="voice"} 1',
      'throughline_contact_briefing_seconds_sum{channel="voice"} 0.04',
      'throughline_contact_briefing_seconds_bucket{channel="voice",le="0.025"} 0',
      'throughline_contact_briefing_seconds_bucket{channel="voice",le="0.05"} 1',
    ]);
  });

  it('count what each briefing withholds', async () => {
    emit('ContactBriefed', briefed('turn'));
    expect(await lines()).to.include.members([
      'throughline_withheld_total{sensitivity="financial"} 2',
      'throughline_withheld_total{sensitivity="personal"} 1',
    ]);
  });

  it('count refused replies and step-ups by what came of them', async () => {
    emit('ReplyRefused', { reason: 'stale' });
    emit('StepUpStarted', { limited: false });
    emit('StepUpStarted', { limited: true });
    emit('StepUpEnded', { outcome: 'proven' });
    expect(await lines()).to.include.members([
      'throughline_replies_refused_total{reason="stale"} 1',
      'throughline_step_ups_total{outcome="started"} 1',
      'throughline_step_ups_total{outcome="limited"} 1',
      'throughline_step_ups_total{outcome="proven"} 1',
    ]);
  });

  it('measure each hop from the time of its message', async () => {
    telemetry.handled(message, 'agent');
    nowMs += 1_000;
    telemetry.handled(message, 'agent');
    expect(await lines()).to.include.members([
      'throughline_handled_seconds_count{group="agent",type="CaseOpened"} 2',
      'throughline_handled_seconds_sum{group="agent",type="CaseOpened"} 1.08',
    ]);
  });

  it('take no label from the header of a record that nobody has decoded', async () => {
    telemetry.handled({ ...message, type: 'whatever stands there', body: undefined }, 'audit-case');
    const text = await telemetry.metrics.text();
    expect(text).to.contain('throughline_handled_seconds_count{group="audit-case",type="record"} 1');
    expect(text).to.not.contain('whatever');
  });

  it('count what is parked and what is fenced', async () => {
    telemetry.parked('case-state');
    telemetry.fenced('agent');
    expect(await lines()).to.include.members([
      'throughline_parked_total{group="case-state"} 1',
      'throughline_fenced_total{group="agent"} 1',
    ]);
  });

  it('ask for gauges when they are read', async () => {
    let count = 2;
    telemetry.metrics.gauge('connections', () => [[{ channel: 'chat' }, count]]);
    expect(await lines()).to.include('throughline_connections{channel="chat"} 2');
    count = 5;
    expect(await lines()).to.include('throughline_connections{channel="chat"} 5');
  });

  it('say of each what it is', async () => {
    telemetry.parked('case-state');
    expect(await telemetry.metrics.text()).to.contain('# TYPE throughline_parked_total counter\n');
  });
});
