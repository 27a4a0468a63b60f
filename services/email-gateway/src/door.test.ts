import { once } from 'node:events';
import { connect } from 'node:net';
import { FakeClock } from '@throughline/gateway/testing/fake-clock';
import { expect } from 'chai';
import { readRoute } from './route.ts';
import { MailWorld, mailOf } from './testing/mail-world.ts';

describe('the door of the e-mail channel', () => {
  let world: MailWorld;
  beforeEach(async () => {
    world = await new MailWorld().open();
  });
  afterEach(() => world.close());

  it('answers 250 once the contact is on the log and the raw mail is kept', async () => {
    expect(await world.deliver(mailOf())).to.equal(250);
    expect(world.contacts).to.have.length(1);
    const route = readRoute(world.contacts[0]?.route ?? null);
    expect(world.kept('mail', route?.raw)?.toString()).to.equal(mailOf());
  });

  it('answers 451 while the log is out, and takes the mail when it comes again', async () => {
    world.isLogOut = true;
    expect(await world.deliver(mailOf())).to.equal(451);
    world.isLogOut = false;
    expect(await world.deliver(mailOf())).to.equal(250);
  });

  it('answers 451 while the mesh is too far behind', async () => {
    world.isBusy = true;
    expect(await world.deliver(mailOf())).to.equal(451);
    expect(world.sent).to.have.length(0);
  });

  it('answers 550 for a domain that is not ours', async () => {
    expect(await world.deliver(mailOf(), { to: 'support@other.example' })).to.equal(550);
    expect(world.sent).to.have.length(0);
  });

  it('takes any domain where none is configured', async () => {
    const open = await new MailWorld({ mailDomains: [] }).open();
    expect(await open.deliver(mailOf(), { to: 'help@other.example' })).to.equal(250);
    await open.close();
  });

  it('gives the same mail the same ids when it is delivered twice', async () => {
    await world.deliver(mailOf());
    await world.deliver(mailOf());
    const [first, second] = world.sent;
    expect(first?.id).to.equal(second?.id);
    expect(world.contacts[0]?.turn?.inputId).to.equal(world.contacts[1]?.turn?.inputId);
  });

  it('announces the size limit and refuses a mail that says it is larger', async () => {
    const talk = await talkTo(world.port);
    expect(await talk('EHLO client.example')).to.include('SIZE 26214400');
    expect(await talk('MAIL FROM:<ines@post.example> SIZE=30000000')).to.match(/^552/);
    await talk('QUIT');
  });

  it('refuses a mail that is larger than it said, with 552', async () => {
    const talk = await talkTo(world.port);
    await talk('EHLO client.example');
    await talk('MAIL FROM:<ines@post.example> SIZE=1000');
    await talk('RCPT TO:<support@help.example>');
    await talk('DATA');
    const line = `${'x'.repeat(998)}\r\n`;
    expect(await talk(`${mailOf()}${line.repeat(26_500)}.`)).to.match(/^552/);
    expect(world.sent).to.have.length(0);
    await talk('QUIT');
  });

  it('answers 554 to a mail of more parts than it reads, and takes the next', async () => {
    const parts = '--b\r\nContent-Type: text/plain\r\n\r\nx\r\n'.repeat(5_000);
    const bomb = mailOf({ 'Content-Type': 'multipart/mixed; boundary=b' }, `${parts}--b--`);
    expect(await world.deliver(bomb)).to.equal(554);
    expect(await world.deliver(mailOf())).to.equal(250);
  });

  it('keeps attachments and names them in the turn', async () => {
    const body = [
      '--b',
      'Content-Type: text/plain',
      '',
      'See the photo.',
      '--b',
      'Content-Type: image/png; name=box.png',
      'Content-Disposition: attachment; filename=box.png',
      'Content-Transfer-Encoding: base64',
      '',
      'AAEC',
      '--b--',
    ];
    await world.deliver(
      mailOf({ 'MIME-Version': '1.0', 'Content-Type': 'multipart/mixed; boundary=b' }, body.join('\n')),
    );
    const [file] = world.contacts[0]?.turn?.attachments ?? [];
    expect(file).to.include({ name: 'box.png', mediaType: 'image/png', sizeBytes: 3 });
    expect([...(world.kept('attachment', file?.blob) ?? [])]).to.deep.equal([0, 1, 2]);
  });
});

describe('a client that takes its time', () => {
  const TEN_MINUTES_MS = 600_000;
  let clock: FakeClock;
  let world: MailWorld;
  beforeEach(async () => {
    clock = new FakeClock();
    world = await new MailWorld({ clock }).open();
  });
  afterEach(() => world.close());

  it('is cut off with 421 ten minutes after the connection opened, in the middle of a mail as well', async () => {
    const talk = await beginMail(world.port);
    clock.advance(TEN_MINUTES_MS - 1);
    const answer = talk('One more byte');
    clock.advance(1);
    expect(await answer).to.match(/^421/);
    expect(world.sent).to.have.length(0);
  });

  it('has ten minutes again once a mail of it is answered', async () => {
    const talk = await beginMail(world.port);
    clock.advance(TEN_MINUTES_MS - 1);
    expect(await talk(`${mailOf()}.`)).to.match(/^250/);
    clock.advance(TEN_MINUTES_MS - 1);
    expect(await talk('NOOP')).to.match(/^250/);
    const answer = talk('NOOP');
    clock.advance(1);
    expect(await answer).to.match(/^421/);
  });
});

async function beginMail(port: number): Promise<(line: string) => Promise<string>> {
  const talk = await talkTo(port);
  await talk('EHLO client.example');
  await talk('MAIL FROM:<ines@post.example>');
  await talk('RCPT TO:<support@help.example>');
  await talk('DATA');
  return talk;
}

/** A client that says what it likes: each call sends one line and resolves to the answer. */
async function talkTo(port: number): Promise<(line: string) => Promise<string>> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  let heard = '';
  socket.on('data', (text: string) => {
    heard += text;
  });
  const answer = async (): Promise<string> => {
    while (!/^\d{3} .*\r\n$/m.test(heard)) await once(socket, 'data');
    const whole = heard;
    heard = '';
    return whole;
  };
  await answer();
  return (line) => {
    socket.write(`${line}\r\n`);
    return answer();
  };
}
