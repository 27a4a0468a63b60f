import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { Collector } from './collector.ts';
import { SAID } from './said.ts';

interface Played {
  readonly failed: readonly unknown[];
  readonly mails: readonly string[];
  readonly metrics: string;
  readonly traces: readonly string[];
}

/** The story in a process that starts and ends as `pnpm start` does, with these variables besides. */
async function play(variables: Readonly<Record<string, string>>): Promise<Played> {
  const story = join(import.meta.dirname, 'traced-story.ts');
  const child = spawn(process.execPath, ['--import', '@throughline/telemetry/register', story], {
    cwd: join(import.meta.dirname, '..', '..'),
    env: { PATH: process.env.PATH ?? '', ...variables },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  expect(code).to.equal(0);
  return JSON.parse(said) as Played;
}

describe('the traces of the story', () => {
  let collector: Collector;
  let played: Played;
  before(async () => {
    collector = await Collector.open();
    played = await play({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' });
  });
  after(() => collector.close());

  const waysTo = (name: string): readonly (readonly string[])[] =>
    collector.waysTo(name).map((way) => way.map((span) => span.name));

  const ANSWERED = ['case-state ContactBriefed', 'agent ReplyProposed', 'case-state ReplyAccepted'];
  const DONE = [
    ...['case-state ContactBriefed', 'agent ReplyProposed', 'case-state ActionRequested'],
    'actions ActionReported',
  ];

  it('lead a phone call from its first byte to what the caller hears, in one trace', () => {
    expect(waysTo('voice-gateway Delivered')).to.deep.include([
      'voice-gateway ContactStarted',
      'identity-resolution ContactJoined',
      ...ANSWERED,
      'voice-gateway Delivered',
    ]);
  });

  it('lead a turn on the chat through the backend that does what it asks, to its answer', () => {
    expect(waysTo('chat-gateway Delivered')).to.deep.include([
      'chat-gateway ContactStarted',
      'chat-gateway CustomerSaid',
      ...DONE,
      ...ANSWERED,
      'chat-gateway Delivered',
    ]);
  });

  it('lead a mail to the mail that answers it', () => {
    expect(waysTo('email-gateway Delivered')).to.deep.include([
      'email-gateway ContactStarted',
      'identity-resolution ContactJoined',
      ...DONE,
      ...ANSWERED,
      'email-gateway Delivered',
    ]);
  });

  it('lead a call that has to prove itself to the mail with its code', () => {
    expect(waysTo('email-gateway Delivered')).to.deep.include([
      ...['voice-gateway ContactStarted', 'voice-gateway CustomerSaid', 'case-state TurnOffered'],
      ...['identity-resolution MailRequested', 'case-state MailDue', 'email-gateway Delivered'],
    ]);
  });

  it('hold each span once, its parent in the same trace, and one root for each contact', () => {
    const spans = new Set(collector.spans.map(({ traceId, spanId }) => `${traceId}/${spanId}`));
    expect(spans.size).to.equal(collector.spans.length);
    expect(collector.orphans()).to.deep.equal([]);
    const roots = collector.spans.filter(({ parentSpanId }) => parentSpanId === '');
    expect(new Set(roots.map(({ traceId }) => traceId)).size).to.equal(
      new Set(collector.spans.map(({ traceId }) => traceId)).size,
    );
    const contacts = roots.filter(({ name }) => name.endsWith(' ContactStarted'));
    expect(contacts.length).to.be.greaterThanOrEqual(4);
    expect(new Set(contacts.map(({ traceId }) => traceId)).size).to.equal(contacts.length);
  });

  it('name the case, the contact and the topic, and nothing that was said', () => {
    const briefed = collector.spans.find(({ name }) => name === 'case-state ContactBriefed');
    expect(briefed?.attributes['throughline.case.id']).to.match(/^case_/);
    expect(briefed?.attributes['throughline.contact.id']).to.match(/^ctc_/);
    expect(briefed?.attributes['messaging.destination.name']).to.equal('case.events.v1');
    const code = /\b(\d{6})\b/.exec(played.mails.join('\n'))?.[1] ?? 'no code';
    const sent = collector.bodies.map(({ body }) => body).join('\n');
    for (const secret of [...SAID, `"${code}"`, ` ${code}`]) expect(sent).not.to.contain(secret);
  });

  it('are those that the audit trail names', () => {
    const known = new Set(collector.spans.map(({ traceId }) => traceId));
    expect(played.traces.length).to.be.greaterThan(0);
    expect(played.traces.filter((trace) => !known.has(trace))).to.deep.equal([]);
  });

  it('come with the metrics, as protobuf', () => {
    const metrics = collector.bodies.filter(({ path }) => path === '/v1/metrics');
    expect(new Set(metrics.map(({ contentType }) => contentType))).to.deep.equal(new Set(['application/x-protobuf']));
    expect(metrics.at(-1)?.body).to.contain('throughline_contacts_total').and.to.contain('service.name');
  });

  it('come with what /metrics tells: contacts, steps up, what was withheld, and each hop', () => {
    const value = (series: string): number =>
      Number(
        played.metrics
          .split('\n')
          .find((line) => line.startsWith(`${series} `))
          ?.split(' ')[1] ?? 0,
      );
    expect(value('throughline_contacts_total{channel="chat",disposition="opened"}')).to.equal(1);
    expect(value('throughline_contacts_total{channel="email",disposition="resumed"}')).to.equal(1);
    expect(value('throughline_contact_briefing_seconds_count{channel="chat"}')).to.equal(1);
    expect(value('throughline_step_ups_total{outcome="proven"}')).to.equal(1);
    expect(played.metrics).to.match(/^throughline_withheld_total\{.*\} [1-9]/m);
    for (const [group, type] of [
      ['identity-resolution', 'ContactStarted'],
      ['case-state', 'ContactJoined'],
      ['agent', 'ContactBriefed'],
      ['email-gateway', 'MailDue'],
      ['audit-case', 'record'],
    ])
      expect(value(`throughline_handled_seconds_count{group="${group}",type="${type}"}`), group).to.be.greaterThan(0);
    expect(played.metrics).to.match(
      /^throughline_lag_records\{group="case-state",topic="case.inputs.v1",partition="7"\} \d+$/m,
    );
  });

  it('change nothing of the story', () => {
    expect(played.failed).to.deep.equal([]);
  });
});

describe('a collector that is gone', () => {
  it('holds up nothing: the story is played, and the mesh stops', async () => {
    const collector = await Collector.open();
    const { url } = collector;
    collector.close();
    const { failed } = await play({ OTEL_EXPORTER_OTLP_ENDPOINT: url });
    expect(failed).to.deep.equal([]);
  });
});
