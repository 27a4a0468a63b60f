import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { createHttpServer } from './server.ts';

describe('the HTTP of a process', () => {
  let server: Server;
  beforeEach(async () => {
    server = createHttpServer({
      doors: [],
      upgrades: [],
      operators: undefined,
      described: [],
      metrics: { text: async () => '', contentType: 'text/plain' },
      waitingFor: () => [],
      report: () => {},
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => server.close());

  const answerTo = (request: string): Promise<string> => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.end(request);
    return text(socket);
  };

  for (const [what, request, status] of [
    ['a head that is too long', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: a.example\r\n\r\n`, 431],
    ['what is no HTTP', 'EHLO mx.example\r\n\r\n', 400],
  ] as const) {
    it(`says what is wrong with ${what}, which was refused without a word`, async () => {
      const answer = await answerTo(request);
      expect(answer).to.match(new RegExp(`^HTTP/1\\.1 ${status} `));
      expect(answer).to.include('application/problem+json');
      const body = JSON.parse(answer.slice(answer.indexOf('{'))) as { status: number; code: string; detail: string };
      expect(body).to.include({ status, code: 'bad-request' });
      expect(body.detail).to.match(/\w.*\.$/);
    });
  }
});
