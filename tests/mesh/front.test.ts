import { createFront, type Front } from '@throughline/front/front';
import { expect } from 'chai';
import { WebSocket } from 'ws';
import { until } from '../flow/until.ts';
import { Echo, listen } from './echo.ts';

describe('the front', () => {
  const chats = [new Echo('chat 1'), new Echo('chat 2')] as const;
  const cases = new Echo('cases');
  let front: Front;
  let url: string;

  beforeEach(async () => {
    const [one, two] = await Promise.all(chats.map((chat) => chat.open()));
    front = createFront(
      new Map([
        ['chat-gateway', [one ?? '', two ?? '']],
        ['case-state', [await cases.open()]],
      ]),
    );
    url = `http://127.0.0.1:${await listen(front.server)}`;
    await until('it to be ready', async () => (await fetch(`${url}/readyz`)).ok);
  });
  afterEach(async () => {
    await front.close();
    for (const echo of [...chats, cases]) {
      echo.close();
      echo.requests.splice(0);
      echo.isReady = true;
    }
  });
  const asked = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${url}${path}`, init);
    return (await response.json()) as { by?: string; url?: string; body?: string; code?: string };
  };

  it('gives every path to the service that has it, as it came', async () => {
    const seen = await asked('/api/cases/case_1?cursor=a%2Fb');
    expect(seen).to.deep.include({ by: 'cases', url: '/api/cases/case_1?cursor=a%2Fb' });
    expect(cases.requests[0]?.headers.host).to.equal(new URL(url).host);
  });

  it('says who asks, and passes nothing on that a client says of where it comes from', async () => {
    const forged = { 'x-forwarded-for': '192.0.2.1', 'x-forwarded-host': 'shop.example', 'x-forwarded-proto': 'https' };
    await asked('/api/cases', { headers: forged });
    await spoken('/chat/socket', forged);
    const seen = [cases, ...chats].flatMap(({ requests }) => requests.map(({ headers }) => headers));
    expect(seen).to.have.length(2);
    for (const headers of seen) {
      expect(Object.keys(headers).filter((name) => name.startsWith('x-forwarded-'))).to.deep.equal(['x-forwarded-for']);
      expect(headers['x-forwarded-for']).to.equal('127.0.0.1');
    }
  });

  it('passes on what a proxy before it says, where that is trusted', async () => {
    const trusting = createFront(new Map([['case-state', [`http://127.0.0.1:${cases.port}`]]]), ['loopback']);
    try {
      const port = await listen(trusting.server);
      await fetch(`http://127.0.0.1:${port}/api/cases`, { headers: { 'x-forwarded-for': '203.0.113.9, 192.0.2.1' } });
      expect(cases.requests.map(({ headers }) => headers['x-forwarded-for'])).to.deep.equal(['192.0.2.1']);
    } finally {
      await trusting.close();
    }
  });

  it('passes bodies on, short and long', async () => {
    for (const length of [10, 300_000]) {
      const body = 'x'.repeat(length);
      expect((await asked('/chat/sessions', { method: 'POST', body })).body).to.have.length(length);
    }
  });

  it('has nothing where no service has anything', async () => {
    for (const path of [
      '/',
      '/apis',
      '/chatter',
      '/api/unknown',
      '/metrics',
      '/metrics/nobody',
      '/readyz/case-state/2',
    ])
      expect((await asked(path)).code, path).to.equal('no-such-page');
  });

  it('asks one instance for what it says of itself', async () => {
    expect(await asked('/metrics/case-state')).to.deep.include({ by: 'cases', url: '/metrics' });
    expect(await asked('/docs/chat-gateway/2')).to.deep.include({ by: 'chat 2', url: '/docs' });
  });

  it('takes instances by turns', async () => {
    const by = [await asked('/chat'), await asked('/chat'), await asked('/chat'), await asked('/chat')].map(
      (one) => one.by,
    );
    expect(by.filter((name) => name === 'chat 1')).to.have.length(2);
  });

  it('asks another instance where one has just gone, whatever is asked', async () => {
    chats[0].close();
    for (const body of ['a', 'b', 'c', 'd'])
      expect(await asked('/chat/sessions', { method: 'POST', body })).to.deep.include({ by: 'chat 2', body });
  });

  it('says that a service is away, and finds it again', async () => {
    cases.close();
    expect((await asked('/api/cases')).code).to.equal('service-away');
    expect(await (await fetch(`${url}/readyz`)).json()).to.deep.equal({ ready: false, waitingFor: ['case-state'] });
    await cases.open();
    await until('it to be ready again', async () => (await fetch(`${url}/readyz`)).ok);
    expect((await asked('/api/cases')).by).to.equal('cases');
  });

  it('prefers those that are ready', async () => {
    chats[0].isReady = false;
    await until('it to be noticed', async () => {
      const by = [await asked('/chat'), await asked('/chat')].map((one) => one.by);
      return by.every((name) => name === 'chat 2');
    });
  });

  it('broke off what was being answered when it was told to stop: that comes to its end first', async () => {
    const answered = asked('/api/cases/held');
    await until('the service to be asked', async () => cases.requests.length > 0);
    const closed = front.close();
    cases.release();
    expect((await answered).by).to.equal('cases');
    await closed;
    expect(await asked('/livez').catch(() => 'gone')).to.equal('gone');
  });

  const spoken = (path: string, headers: Readonly<Record<string, string>> = {}): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(`${url.replace('http', 'ws')}${path}`, ['throughline.v1', 'token.abc'], { headers });
      socket.once('open', () => socket.send(`hello in ${socket.protocol}`));
      socket.once('message', (data) => {
        resolve(String(data));
        socket.close();
      });
      socket.once('error', reject);
    });

  it('passes WebSockets on, with their subprotocols and host, to whoever is there', async () => {
    chats[1].close();
    for (const _ of [1, 2])
      expect(await spoken('/chat/socket')).to.equal(`chat 1 heard hello in throughline.v1 at ${new URL(url).host}`);
  });

  it("refuses a WebSocket that is nobody's, or whose service is away", async () => {
    chats[0].close();
    chats[1].close();
    for (const [path, status] of [
      ['/elsewhere', 404],
      ['/chat/socket', 503],
    ] as const) {
      const refused = await spoken(path).catch((error: Error) => error.message);
      expect(refused).to.equal(`Unexpected server response: ${status}`);
    }
  });
});
