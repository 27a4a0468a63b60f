import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock } from '@throughline/gateway/testing/fake-clock';
import { deriveId } from '@throughline/kernel/ids';
import type { CaseEvent, Delivered, MailDue, ReplyAccepted } from '@throughline/schemas/generated/messages';
import { expect } from 'chai';
import { SMTPServer } from 'smtp-server';
import { createDelivery, DEFERRED_MAX_MS } from './deliver.ts';
import { createFileOutbox, createSmtpOutbox, MailDeferred, MailRefused } from './outbox.ts';
import { type OutgoingMail, renderMail } from './render.ts';
import { writeRoute } from './route.ts';
import { clock, MailWorld, mac } from './testing/mail-world.ts';

const caseId = deriveId('case', 'one');
const envelope = {
  topic: 'case.events.v1',
  key: caseId,
  id: 'm',
  source: 'case-state/0',
  subject: caseId,
  timeMs: 0,
  traceparent: '00-a-b-01',
};
const route = writeRoute({
  to: 'ines@post.example',
  mailbox: 'support@help.example',
  subject: 'My order',
  messageId: '<1@post.example>',
  references: [],
  raw: 'aa',
});

function reply(changes: Partial<ReplyAccepted> = {}): CaseEvent {
  const entry = { caseId, number: 3, atMs: 1_000, contactId: deriveId('ctc', 'one'), channel: 'email' as const };
  const said = { entryId: deriveId('ent', 'one'), inputId: 'inp_1', from: 'agent' as const, text: 'It is on its way.' };
  const body: ReplyAccepted = {
    ...entry,
    ...said,
    sensitivity: 'status',
    assurance: 1,
    route,
    answerable: true,
    playbook: 'order',
    ...changes,
  };
  return { ...envelope, type: 'ReplyAccepted', body };
}

function code(to: string | null): CaseEvent {
  const about = { stepUpId: 'stp_1', claimId: null, customerId: null, channel: 'voice' as const, digits: '42' };
  const body: MailDue = {
    caseId,
    number: 4,
    atMs: 1_000,
    contactId: deriveId('ctc', 'one'),
    mailId: 'mail_1',
    kind: 'code',
    to,
    ...about,
  };
  return { ...envelope, type: 'MailDue', body };
}

describe('the delivery of mail', () => {
  const sent: OutgoingMail[] = [];
  let trouble: Error | undefined;
  const outbox = {
    async send(mail: OutgoingMail) {
      if (trouble !== undefined) throw trouble;
      sent.push(mail);
    },
  };
  const reactor = createDelivery({ mac, outbox, clock, mailDomain: 'help.example' });
  const reportOf = async (event: CaseEvent): Promise<Delivered> => (await reactor.handle(event))[0]?.body as Delivered;
  beforeEach(() => {
    sent.length = 0;
    trouble = undefined;
  });

  it('concerns replies by mail and mails that are due, and nothing else', () => {
    expect(reactor.wants(reply())).to.equal(true);
    expect(reactor.wants(code(null))).to.equal(true);
    expect(reactor.wants(reply({ channel: 'chat' }))).to.equal(false);
  });

  it('reports what was sent', async () => {
    expect(await reportOf(reply())).to.include({ entryId: deriveId('ent', 'one'), outcome: 'delivered' });
    expect(sent.map(({ to }) => to)).to.deep.equal(['ines@post.example']);
  });

  it('sends the same mail again when it is asked again, and reports under the same id', async () => {
    const [first] = await reactor.handle(reply());
    const [second] = await reactor.handle(reply());
    expect(sent[1]).to.deep.equal(sent[0]);
    expect(second?.id).to.equal(first?.id);
  });

  it('sends nothing to who may not be answered, and says so', async () => {
    expect(await reportOf(reply({ answerable: false }))).to.include({
      outcome: 'suppressed',
      detail: 'not-answerable',
    });
    expect(sent).to.have.length(0);
  });

  it('sends nothing where there is nobody to write to, and says so', async () => {
    expect(await reportOf(code(null))).to.include({ entryId: 'mail_1', outcome: 'suppressed' });
    expect(sent).to.have.length(0);
  });

  it('sends nothing that has been erased', async () => {
    for (const event of [reply({ text: '[erased]' }), reply({ route: '[erased]' }), code('[erased]')]) {
      expect(await reportOf(event)).to.include({ outcome: 'suppressed' });
    }
    expect(sent).to.have.length(0);
  });

  it('reports a mail that is refused for good', async () => {
    trouble = new MailRefused(550);
    expect(await reportOf(reply())).to.include({ outcome: 'undeliverable', detail: 'smtp-550' });
  });

  it('rejects on an outage, so that it is tried again', async () => {
    trouble = new Error('connection refused');
    const outcome = await reactor.handle(reply()).catch((error: unknown) => error);
    expect(outcome).to.equal(trouble);
  });

  it('gives up a recipient that is not taken for a minute: all mail of its partition waited behind one full mailbox', async () => {
    const time = new FakeClock();
    const patient = createDelivery({ mac, outbox, clock: time, mailDomain: 'help.example' });
    const outcomeOf = async (event: CaseEvent) => {
      const [report] = await patient.handle(event).catch(() => []);
      return (report?.body as Delivered | undefined)?.detail;
    };
    trouble = new MailDeferred(450);
    expect(await outcomeOf(reply())).to.equal(undefined);
    time.advance(DEFERRED_MAX_MS - 1);
    expect(await outcomeOf(reply())).to.equal(undefined);
    expect(await outcomeOf(code('ines@post.example')), 'another mail has its own minute').to.equal(undefined);
    time.advance(1);
    expect(await outcomeOf(reply())).to.equal('smtp-450');
    trouble = new Error('connection refused');
    expect(await outcomeOf(reply()), 'an outage is nobody’s fault').to.equal(undefined);
  });
});

describe('what a mail server says to a recipient', () => {
  const cases = [
    { says: '4.1.2 Recipient address rejected: Domain not found', status: 450, is: 'mail-deferred' },
    { says: '4.2.2 The mailbox is full', status: 452, is: 'mail-deferred' },
    { says: 'Mailbox unavailable', status: 450, is: 'mail-deferred' },
    { says: '4.3.1 Insufficient system storage', status: 452, is: 'EENVELOPE' },
    { says: 'Local error in processing', status: 451, is: 'EENVELOPE' },
    { says: '5.1.1 No such user', status: 550, is: 'mail-refused' },
  ];
  for (const { says, status, is } of cases)
    it(`is told apart: ${status} ${says}`, async () => {
      const server = new SMTPServer({
        authOptional: true,
        disabledCommands: ['STARTTLS'],
        onRcptTo: (_address, _session, done) => done(Object.assign(new Error(says), { responseCode: status })),
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.server.address() as AddressInfo;
      const mail = renderMail((code('ines@post.example') as { body: MailDue }).body, 'help.example', mac);
      const sending = createSmtpOutbox({ url: `smtp://127.0.0.1:${port}` }).send(mail as OutgoingMail);
      expect(await sending.catch(({ code: refusal }: { code: string }) => refusal)).to.equal(is);
      await new Promise<void>((resolve) => server.close(() => resolve()));
    });
});

describe('outgoing mail', () => {
  const mailFor = async (event: CaseEvent, outbox: { send(mail: OutgoingMail): Promise<void> }) =>
    createDelivery({ mac, outbox, clock, mailDomain: 'help.example' }).handle(event);

  it('is kept once as a file with one part of plain text, for its owner only', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'outbox-'));
    const outbox = createFileOutbox({ directory });
    await mailFor(code('ines@post.example'), outbox);
    await mailFor(code('ines@post.example'), outbox);
    const files = await readdir(directory);
    expect(files).to.have.length(1);
    const raw = await readFile(join(directory, files[0] ?? ''), 'utf8');
    expect((await stat(join(directory, files[0] ?? ''))).mode & 0o777).to.equal(0o600);
    expect(raw.match(/^Content-Type: .*/gm)).to.deep.equal(['Content-Type: text/plain; charset=utf-8']);
    expect(raw).to.include('Auto-Submitted: auto-generated').and.to.include('To: ines@post.example');
    await rm(directory, { recursive: true });
  });

  it('goes to a mail server, and is refused for good only where that says so of the mail', async () => {
    const server = await new MailWorld({ mailDomains: ['post.example'], trustedPeers: [] }).open();
    const outbox = createSmtpOutbox({ url: `smtp://127.0.0.1:${server.port}` });
    const [report] = await mailFor(reply(), outbox);
    expect(report?.body).to.include({ outcome: 'delivered' });
    const elsewhere = route.replace('ines@post.example', 'ines@other.example');
    const [refused] = await mailFor(reply({ route: elsewhere }), outbox);
    expect(refused?.body).to.include({ outcome: 'undeliverable', detail: 'smtp-550' });
    server.isBusy = true;
    const later = await mailFor(reply(), outbox).catch((error: unknown) => error);
    expect(later).to.be.instanceOf(Error).and.not.to.be.instanceOf(MailRefused);
    await server.close();
  });
});
