import { expect } from 'chai';
import { SignJWT, UnsecuredJWT } from 'jose';
import { WebSocket } from 'ws';
import { hostToken } from '../../scripts/demo/host-token.ts';
import { Stage } from '../../scripts/demo/stage.ts';
import { MARTA, ShopBackend, takesRefunds } from './backend.ts';

const SECRET = 'the-host-secret-of-these-tests';
const KB_64 = 64 * 1024;

describe('bad input on chat and the API gets a clear answer and loses nothing', () => {
  let shop: ShopBackend;
  let stage: Stage;
  before(async () => {
    shop = await ShopBackend.open(takesRefunds);
    stage = await Stage.open({
      THROUGHLINE_ACTIONS: shop.actionsFile,
      THROUGHLINE_CHAT_HOST_SECRET: SECRET,
      THROUGHLINE_LOG_LEVEL: 'silent',
    });
    await stage.importCustomers([MARTA]);
  });
  after(async () => {
    await stage.close();
    shop.close();
  });

  /** What a problem says to programs, after holding it to RFC 9457. */
  const problemOf = async (response: Response): Promise<readonly [number, string]> => {
    expect(response.headers.get('content-type')).to.match(/^application\/problem\+json/);
    const body = (await response.json()) as { status: number; code: string; type: string; title: string };
    expect(body.status).to.equal(response.status);
    expect(body.type).to.match(new RegExp(`/${body.code}$`));
    expect(body.title).to.match(/\w.*\.$/);
    return [response.status, body.code];
  };
  const session = (body: unknown): Promise<Response> =>
    fetch(`${stage.mesh.url}/chat/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });

  describe('a session', () => {
    const secret = new TextEncoder().encode(SECRET);
    const inS = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;
    const signed = (change: (jwt: SignJWT) => SignJWT, key = secret): Promise<string> =>
      change(new SignJWT({}).setProtectedHeader({ alg: 'HS256' }).setSubject('M-77').setIssuedAt()).sign(key);
    const unsecured = (): string => new UnsecuredJWT({}).setSubject('M-77').setExpirationTime('5m').encode();
    const refused: readonly (readonly [string, () => Promise<unknown> | unknown, number, string])[] = [
      ['JSON that breaks off', () => '{"hostToken":', 400, 'malformed-json'],
      ['a list', () => [], 400, 'bad-session-request'],
      ['a member that nobody knows', () => ({ token: 'x' }), 400, 'bad-session-request'],
      ['a forged session token', () => ({ sessionToken: 'a.b.c' }), 401, 'session-token-invalid'],
      [
        'a host token with another secret',
        async () => ({ hostToken: await hostToken('another-secret-of-somebody', 'M-77') }),
        401,
        'host-token-invalid',
      ],
      ['a host token with alg none', () => ({ hostToken: unsecured() }), 401, 'host-token-invalid'],
      [
        'a host token that has expired',
        async () => ({ hostToken: await signed((jwt) => jwt.setExpirationTime(inS(-60))) }),
        401,
        'host-token-expired',
      ],
      [
        'a host token that is good for an hour',
        async () => ({ hostToken: await signed((jwt) => jwt.setExpirationTime('1h')) }),
        401,
        'host-token-too-long',
      ],
      [
        'a host token without an end',
        async () => ({ hostToken: await signed((jwt) => jwt) }),
        401,
        'host-token-invalid',
      ],
      [
        'a host token of another algorithm',
        async () => ({
          hostToken: await new SignJWT({})
            .setProtectedHeader({ alg: 'HS512' })
            .setSubject('M-77')
            .setExpirationTime('5m')
            .sign(new TextEncoder().encode(SECRET.repeat(3))),
        }),
        401,
        'host-token-invalid',
      ],
      ['a body that is too large', () => ({ hostToken: 'x'.repeat(40_000) }), 413, 'too-large'],
    ];
    for (const [what, body, status, code] of refused) {
      it(`is refused to ${what}`, async () => {
        expect(await problemOf(await session(await body()))).to.deep.equal([status, code]);
      });
    }

    it('of a token that was changed by a letter opens no socket', async () => {
      const { sessionToken } = (await (await session({})).json()) as { sessionToken: string };
      const changed = sessionToken.replace(/^(.{40})(.)/, (_, head: string, letter: string) =>
        head.concat(letter === 'A' ? 'B' : 'A'),
      );
      const socket = new WebSocket(`${stage.mesh.url.replace('http', 'ws')}/chat/socket`, [
        'throughline.v1',
        `token.${changed}`,
      ]);
      const status = await new Promise((resolve) => {
        socket.once('unexpected-response', (_request, response) => resolve(response.statusCode));
        socket.once('open', () => resolve('open'));
      });
      socket.on('error', () => undefined).terminate();
      expect(status).to.equal(401);
    });
  });

  describe('a chat goes on', () => {
    const frames: readonly (readonly [string, string | Buffer | object, string])[] = [
      ['text that is no JSON', 'hello', 'malformed-frame'],
      ['a list', '[]', 'malformed-frame'],
      ['a binary frame', Buffer.from('{"type":"leave"}'), 'malformed-frame'],
      ['a frame of a type that nobody knows', { type: 'shout', text: 'HELLO' }, 'unknown-frame'],
      ['words without an id', { type: 'say', text: 'hello' }, 'bad-id'],
      ['words that are none', { type: 'say', id: 'x', text: ' ' }, 'empty-text'],
      ['words that are a number', { type: 'say', id: 'x', text: 7 }, 'empty-text'],
      ['one byte more than 64 kB', { type: 'say', id: 'x', text: 'a'.repeat(KB_64 + 1) }, 'text-too-long'],
      [
        'one byte more than 64 kB in letters of two',
        { type: 'say', id: 'x', text: `${'é'.repeat(KB_64 / 2)}a` },
        'text-too-long',
      ],
      ['a resume that comes late', { type: 'resume', after: null }, 'resume-first'],
    ];
    for (const [what, frame, code] of frames) {
      it(`after ${what}`, async () => {
        const chat = await stage.anonymous();
        await chat.say('Hello');
        const from = chat.frames.items.length;
        chat.send(frame);
        const problem = await chat.frames.next('the problem', ({ type }) => type === 'problem', from);
        expect(problem.code).to.equal(code);
        expect(problem.title).to.match(/\w.*\.$/);
        await chat.ask('Are you there?');
        chat.close();
      });
    }

    it('after exactly 64 kB of text', async () => {
      const chat = await stage.loggedIn('M-77');
      const text = 'a '.repeat(KB_64 / 2 - 1).concat('zz');
      const said = await chat.ask(text);
      const turns = async (): Promise<string> =>
        JSON.stringify(await stage.api(`/api/cases/${said.caseId}/thread?limit=500`));
      expect(await turns()).to.contain(text.slice(-1000));
      chat.close();
    });

    it('on another connection after a frame of 2 MB, which closes its own', async () => {
      const chat = await stage.loggedIn('M-77');
      const before = await chat.ask('Please refund order 10-4477.');
      const closed = chat.closed();
      chat.send({ type: 'say', id: 'big', text: 'a'.repeat(2_000_000) });
      expect(await closed).to.equal(1009);
      await chat.connect();
      const after = await chat.ask('Any news on my refund?');
      expect(after.caseId).to.equal(before.caseId);
      expect(after.text).to.match(/10-4477/);
      chat.close();
    });
  });

  describe('the API', () => {
    it('is nobody’s without the operator token', async () => {
      for (const authorization of ['', 'Bearer wrong', `Basic ${stage.mesh.operatorToken}`]) {
        const response = await fetch(`${stage.mesh.url}/api/cases`, { headers: { authorization } });
        expect(await problemOf(response)).to.deep.equal([401, 'operator-token-needed']);
      }
    });

    const asked: readonly (readonly [string, number, string])[] = [
      ['/api/cases/case_unknown', 404, 'case-unknown'],
      ['/api/cases/case_unknown/thread', 404, 'case-unknown'],
      ['/api/cases/..%2f..%2fetc', 404, 'case-unknown'],
      ['/api/contacts/ctc_unknown', 404, 'contact-unknown'],
      ['/api/customers/cus_unknown', 404, 'customer-unknown'],
      ['/api/audit/cases/case_unknown', 404, 'case-unknown'],
      ['/api/nothing', 404, 'no-such-page'],
      ['/api/cases?limit=0', 400, 'bad-query'],
      ['/api/cases?limit=501', 400, 'bad-query'],
      ['/api/cases?limit=ten', 400, 'bad-query'],
      ['/api/cases?status=lost', 400, 'bad-query'],
      ['/api/cases?cursor=a&cursor=b', 400, 'bad-query'],
      ['/api/cases?cursor=%F0%9F%98%80', 400, 'bad-query'],
      ['/api/cases/%E0%A4%A', 400, 'bad-request'],
      ['/api/customers', 400, 'identifier-needed'],
      ['/api/customers?identifier=nobody', 400, 'identifier-needed'],
    ];
    for (const [path, status, code] of asked) {
      it(`answers ${path} with ${status} ${code}`, async () => {
        expect(await problemOf(await stage.fetch(path))).to.deep.equal([status, code]);
      });
    }

    it('takes the good lines of an import and says of each bad one where it is and why', async () => {
      const good = JSON.stringify({ ...MARTA, externalId: 'M-78', identifiers: [] });
      const response = await stage.fetch('/api/customers/import', {
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson' },
        body: ['{', good, '[]', '{"externalId":""}', JSON.stringify({ ...MARTA, region: 'Utopia' }), good].join('\n'),
      });
      const counts = (await response.json()) as {
        accepted: number;
        rejected: number;
        errors: { line: number; reason: string }[];
      };
      expect([response.status, counts.accepted, counts.rejected]).to.deep.equal([200, 2, 4]);
      expect(counts.errors.map(({ line }) => line)).to.deep.equal([1, 3, 4, 5]);
      for (const { reason } of counts.errors) expect(reason).to.match(/\w/);
    });

    it('refuses a result of an action that it never asked for, and one that is none', async () => {
      const post = (path: string, body: string): Promise<Response> =>
        stage.fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      expect(await problemOf(await post('/api/actions/act_unknown/result', '{"status":"paid"}'))).to.deep.equal([
        404,
        'action-unknown',
      ]);
      expect(await problemOf(await post('/api/actions/act_unknown/result', '7'))).to.deep.equal([400, 'bad-result']);
      expect(await problemOf(await post('/api/actions/act_unknown/result', '{'))).to.deep.equal([
        400,
        'malformed-json',
      ]);
    });
  });
});
