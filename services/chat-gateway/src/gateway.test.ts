import { aWhile, until } from '@throughline/gateway/testing/stage';
import { expect } from 'chai';
import { ChatPlace } from './testing/chat-place.ts';

const DAY_MS = 24 * 60 * 60_000;

describe('chat gateway', () => {
  let place: ChatPlace;

  beforeEach(async () => {
    place = new ChatPlace();
    await place.listen();
  });
  afterEach(() => place.close());

  const started = () => place.stage.cases.inputsOf('ContactStarted').map((input) => input.body);
  const evidence = (index: number) =>
    started()[index]?.evidence.map(({ method, grade, identifier }) => `${method} ${grade} ${identifier.type}`);

  const began = (body?: unknown) => place.begin(body);

  describe('sessions', () => {
    it('begins a new one with nothing shown, and knows it again when it comes back', async () => {
      const first = await began();
      const second = await began({ sessionToken: first.sessionToken });
      expect(second.contactId).to.match(/^ctc_/).and.not.equal(first.contactId);
      expect([evidence(0), evidence(1)]).to.deep.equal([['session proven session'], ['session proven session']]);
      expect(started()[1]?.evidence[0]?.identifier).to.deep.equal(started()[0]?.evidence[0]?.identifier);
    });

    it('takes a fresh host token as proof of the account, and its addresses as hints', async () => {
      await began({ hostToken: await place.hostToken({ email: 'Ines@Post.example', phone: 'no number' }) });
      expect(evidence(0)).to.deep.equal(['host-token proven account', 'session proven session', 'hint none email']);
      expect(started()[0]?.evidence[0]?.identifier.value).to.equal('crm-1');
    });

    it('gives a signed-in session that comes back without a login a new, anonymous one', async () => {
      const first = await began({ hostToken: await place.hostToken() });
      await began({ sessionToken: first.sessionToken });
      expect(evidence(1)).to.deep.equal(['session proven session']);
      expect(started()[1]?.evidence[0]?.identifier.value).not.to.equal(started()[0]?.evidence[1]?.identifier.value);
    });

    it('keeps a signed-in session for a fresh login of the same customer only', async () => {
      const { sessionToken } = await began({ hostToken: await place.hostToken() });
      await began({ sessionToken, hostToken: await place.hostToken() });
      await began({ sessionToken, hostToken: await place.hostToken({ sub: 'crm-2' }) });
      expect(evidence(1)).to.deep.equal(['host-token proven account', 'session proven session']);
      expect(evidence(2)).to.deep.equal(['host-token proven account', 'session proven session']);
    });

    for (const [what, token] of [
      ['signed with another secret', (p: ChatPlace) => p.hostToken({}, 'another secret')],
      ['expired', (p: ChatPlace) => p.hostToken({ exp: p.stage.clock.nowMs() / 1000 - 60 })],
      ['without exp', (p: ChatPlace) => p.hostToken({ exp: undefined })],
      ['valid for too long', (p: ChatPlace) => p.hostToken({ exp: p.stage.clock.nowMs() / 1000 + 3600 })],
      ['without sub', (p: ChatPlace) => p.hostToken({ sub: undefined })],
      ['of algorithm none', async (p: ChatPlace) => unsigned(await p.hostToken())],
      ['that is none', async () => 'nonsense'],
    ] as const) {
      it(`refuses a host token ${what} with 401`, async () => {
        const { status, type, json } = await place.post({ hostToken: await token(place) });
        expect(status).to.equal(401);
        expect(type).to.match(/^application\/problem\+json/);
        expect(json.title).to.match(/host token/);
      });
    }

    it('refuses forged, foreign and expired session tokens with 401', async () => {
      const { sessionToken } = await place.session();
      const host = await place.hostToken();
      for (const token of [`${sessionToken}x`, unsigned(sessionToken), host, ''])
        expect((await place.post({ sessionToken: token })).status, token).to.equal(401);
      place.stage.clock.advance(31 * DAY_MS);
      expect((await place.post({ sessionToken })).status).to.equal(401);
    });

    it('answers what is no request with 400, and what is too large with 413', async () => {
      for (const body of ['{', '[]', '{"unknown":1}', '{"hostToken":7}']) {
        const { status, type } = await place.post(body);
        expect(status, body).to.equal(400);
        expect(type).to.match(/^application\/problem\+json/);
      }
      expect((await place.post({ sessionToken: 'x'.repeat(17_000) })).status).to.equal(413);
    });
  });

  describe('the socket', () => {
    it('is refused without a token, with a bad one, and without the protocol', async () => {
      const { sessionToken } = await place.session();
      const refusal = (token: string, protocols?: string[]) =>
        place.open(token, protocols).then(
          () => 'opened',
          (error: Error) => error.message,
        );
      expect(await refusal('', ['throughline.v1'])).to.equal('401');
      expect(await refusal('forged')).to.equal('401');
      expect(await refusal('', [`token.${sessionToken}`])).to.equal('400');
    });

    it('selects the protocol and never the token', async () => {
      const { client } = await began();
      expect(client.socket.protocol).to.equal('throughline.v1');
    });

    it('acknowledges what was said once the log has it, and not before', async () => {
      const { client, contactId } = await began();
      place.stage.log.refuses = true;
      client.send({ type: 'say', id: 'a', text: 'Hello' });
      const [problem] = await client.got('problem');
      expect(problem).to.include({ code: 'not-kept', id: 'a' });
      expect(client.of('ack')).to.deep.equal([]);
      place.stage.log.refuses = false;
      client.send({ type: 'say', id: 'a', text: 'Hello' });
      expect(await client.got('ack')).to.deep.equal([{ type: 'ack', id: 'a' }]);
      expect(place.stage.cases.turnsOf(contactId)).to.deep.equal(['Hello']);
    });

    it('shows answers, and what was said on another tab', async () => {
      const { client, sessionToken, contactId } = await began();
      const other = await place.open(sessionToken);
      await until('both are on', () => started().length === 2);
      client.send({ type: 'say', id: 'a', text: 'Hello' });
      const [answer] = await client.got('said');
      expect(answer).to.include({
        from: 'agent',
        text: 'You said: Hello',
        caseId: place.stage.cases.caseOf(contactId),
      });
      expect(answer?.at).to.match(/^\d{4}-\d\d-\d\dT/);
      await other.got('said', 2);
      expect(other.of('said').map((frame) => frame.from)).to.deep.equal(['customer', 'agent']);
      expect(client.of('said')).to.have.length(1);
    });

    it('takes a say sent again, on the same or another connection, once', async () => {
      const { client, sessionToken, contactId } = await began();
      client.send({ type: 'say', id: 'a', text: 'Hello' });
      client.send({ type: 'say', id: 'a', text: 'Hello' });
      await client.got('ack', 2);
      await client.drop();
      const again = await place.open(sessionToken);
      again.send({ type: 'say', id: 'a', text: 'Hello' });
      await again.got('ack');
      expect(place.stage.cases.turnsOf(contactId)).to.deep.equal(['Hello']);
    });

    it('gives a connection that resumes what it missed, once and in order', async () => {
      const { client, sessionToken, contactId } = await began();
      await until('the contact is known', () => place.stage.switchboard.size() === 1);
      place.stage.cases.reply(contactId, 'One');
      const [one] = await client.got('said');
      await client.drop();
      await until('the line is off', () => place.stage.switchboard.size() === 0);
      place.stage.cases.reply(contactId, 'Two');
      place.stage.cases.reply(contactId, 'Three');
      await aWhile();
      const again = await place.open(sessionToken);
      again.send({ type: 'resume', after: one?.id });
      await again.got('said', 2);
      await aWhile();
      expect(again.of('said').map((frame) => frame.text)).to.deep.equal(['Two', 'Three']);
    });

    it('tells the case what was delivered', async () => {
      const { client, contactId } = await began();
      await aWhile();
      const entryId = place.stage.cases.reply(contactId, 'One');
      await client.got('said');
      await until('it is told', () => place.stage.cases.inputsOf('Delivered').length === 1);
      expect(place.stage.cases.inputsOf('Delivered')[0]?.body).to.include({ entryId, outcome: 'delivered' });
    });

    it('answers frames that cannot be read with a problem and stays open', async () => {
      const { client } = await began();
      const frames = [
        ['{', 'malformed-frame'],
        ['[]', 'malformed-frame'],
        [{ type: 'dance' }, 'unknown-frame'],
        [{ type: 'say', text: 'x' }, 'bad-id'],
        [{ type: 'say', id: 'x'.repeat(129), text: 'x' }, 'bad-id'],
        [{ type: 'say', id: 'a', text: '  ' }, 'empty-text'],
        [{ type: 'say', id: 'a', text: '€'.repeat(22_000) }, 'text-too-long'],
        [{ type: 'resume', after: null }, 'resume-first'],
      ] as const;
      for (const [frame] of frames) client.send(frame);
      const problems = await client.got('problem', frames.length);
      expect(problems.map((problem) => problem.code)).to.deep.equal(frames.map(([, code]) => code));
      client.send({ type: 'say', id: 'b', text: 'Still here' });
      await client.got('ack');
    });

    it('closes on a frame that is far too large, and lets the client come back', async () => {
      const { client, sessionToken } = await began();
      client.send({ type: 'say', id: 'a', text: 'x'.repeat(2_000_000) });
      await until('it is closed', () => client.closed !== undefined);
      expect(client.closed).to.equal(1009);
      const again = await place.open(sessionToken);
      again.send({ type: 'say', id: 'b', text: 'Hello' });
      await again.got('ack');
    });

    it('leaves when the customer does', async () => {
      const { client } = await began();
      client.send({ type: 'leave' });
      await until('it is closed', () => client.closed !== undefined);
      expect(client.of('notice').map((frame) => frame.code)).to.deep.equal(['ended']);
      expect(place.stage.cases.inputsOf('ContactLeft').map((input) => input.body.reason)).to.deep.equal(['left']);
    });

    it('stayed open when its contact had idled, and whoever spoke next had what the last one had earned (law 5)', async () => {
      const { client, contactId } = await began();
      const { cases } = place.stage;
      cases.emit(cases.caseOf(contactId), 'ContactEnded', { contactId, channel: 'chat', reason: 'idle' });
      await until('it is told and closed', () => client.of('notice')[0]?.code === 'ended' && client.closed === 1000);
    });

    it('lets no more leaves wait than turns, which waited without bound while the case was silent', async () => {
      place.stage.cases.asleep = true;
      const { client } = await began();
      for (let times = 0; times < 70; times += 1) client.send({ type: 'leave' });
      const problems = await client.got('problem', 6);
      expect(problems.map(({ code }) => code)).to.deep.equal(Array(6).fill('too-fast'));
      place.stage.cases.wake();
      await until('it is closed', () => client.closed !== undefined);
      expect(place.stage.cases.inputsOf('ContactLeft')).to.have.length.above(0);
    });

    it('says that it is busy, and lets go', async () => {
      place.stage.busy = true;
      const { sessionToken } = await place.session();
      const client = await place.open(sessionToken);
      await until('it is closed', () => client.closed !== undefined);
      expect(client.of('notice').map((frame) => frame.code)).to.deep.equal(['busy']);
      expect(client.closed).to.equal(1013);
    });

    it('says a holding sentence after two seconds of silence', async () => {
      place.stage.cases.replies = false;
      const { client } = await began();
      client.send({ type: 'say', id: 'a', text: 'Hello' });
      await client.got('ack');
      place.stage.clock.advance(2000);
      expect((await client.got('notice')).map((frame) => frame.code)).to.deep.equal(['holding']);
    });

    it('does not let a signed-in conversation be taken up a day later without a login', async () => {
      const { sessionToken } = await began({ hostToken: await place.hostToken() });
      place.stage.clock.advance(DAY_MS);
      const refusal = await place.open(sessionToken).catch((error: Error) => error.message);
      expect(refusal).to.equal('401');
    });
  });

  it('serves a page that loads nothing from elsewhere, and the widget for any site', async () => {
    const page = await fetch(`http://${place.address}/chat`);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).to.include("default-src 'none'").and.include("script-src 'self'").and.not.include('unsafe');
    expect(await page.text())
      .to.include('<throughline-chat>')
      .and.not.match(/https?:/);
    const widget = await fetch(`http://${place.address}/chat/widget.js`);
    expect(widget.headers.get('content-type')).to.match(/^text\/javascript/);
    expect(widget.headers.get('access-control-allow-origin')).to.equal('*');
    const script = await widget.text();
    expect(script).to.include("customElements.define('throughline-chat'");
    const imported = [...script.matchAll(/from '\.\/([\w.-]+)'/g)].map(([, name]) => name);
    expect(imported).not.to.deep.equal([]);
    for (const name of imported) {
      const module = await fetch(`http://${place.address}/chat/${name}`);
      expect([module.status, module.headers.get('access-control-allow-origin')], name).to.deep.equal([200, '*']);
    }
  });

  it('lets the pages of any site ask for a session, without their cookies', async () => {
    const address = `http://${place.address}/chat/sessions`;
    const headers = { Origin: 'https://shop.example', 'Content-Type': 'application/json' };
    const asked = await fetch(address, {
      method: 'OPTIONS',
      headers: {
        ...headers,
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'content-type',
      },
    });
    expect(asked.status).to.equal(204);
    expect(asked.headers.get('access-control-allow-methods')).to.equal('POST');
    expect(asked.headers.get('access-control-allow-headers')).to.equal('Content-Type');
    const begun = await fetch(address, { method: 'POST', headers, body: '{}' });
    const refused = await fetch(address, { method: 'POST', headers, body: '{"hostToken":"no"}' });
    const malformed = await fetch(address, { method: 'POST', headers, body: '{' });
    expect([begun.status, refused.status, malformed.status]).to.deep.equal([201, 401, 400]);
    for (const answer of [asked, begun, refused, malformed]) {
      expect(answer.headers.get('access-control-allow-origin')).to.equal('*');
      expect(answer.headers.get('access-control-allow-credentials')).to.equal(null);
    }
  });
});

it('a chat gateway without a host secret says that host tokens are not set up', async () => {
  const place = new ChatPlace('');
  await place.listen();
  const { status, json } = await place.post({ hostToken: await place.hostToken() });
  await place.close();
  expect([status, json.code]).to.deep.equal([401, 'host-tokens-not-set-up']);
});

/** The same claims, with algorithm none and no signature. */
function unsigned(token: string): string {
  const header = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
  return `${header}.${token.split('.')[1]}.`;
}
