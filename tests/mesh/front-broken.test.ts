import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { createFront, type Front } from '@throughline/front/front';
import { expect } from 'chai';
import { WebSocket } from 'ws';
import { until } from '../flow/until.ts';
import { Echo, listen } from './echo.ts';

const SPOKEN_BYTES = 100_000;
const SPOKEN_TIMES = 100;

/** What breaks in the middle ends what it was part of, and nothing else: an error that nobody hears fails the test, as it would end the front. */
describe('the front, when one side is killed in the middle', () => {
  const chats = [new Echo('chat 1'), new Echo('chat 2')] as const;
  let front: Front;
  let port: number;

  beforeEach(async () => {
    const [one, two] = await Promise.all(chats.map((chat) => chat.open()));
    front = createFront(new Map([['chat-gateway', [one ?? '', two ?? '']]]));
    port = await listen(front.server);
    await until('it to be ready', async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok);
  });
  afterEach(async () => {
    await front.close();
    for (const echo of chats) {
      echo.close();
      echo.requests.splice(0);
    }
  });

  const asking = (path: string): ClientRequest => {
    const asked = request({ host: '127.0.0.1', port, path, method: 'POST' });
    asked.on('error', () => undefined);
    return asked;
  };
  const answerTo = (asked: ClientRequest): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => asked.once('response', resolve).once('error', reject));
  /** Rejects where the answer breaks off. */
  const bodyOf = async (answer: IncomingMessage): Promise<string> => {
    let body = '';
    for await (const chunk of answer.setEncoding('utf8')) body += chunk;
    return body;
  };
  const taken = (): Promise<Echo> =>
    until('a service to be asked', async () => chats.find(({ requests }) => requests.length > 0));
  /** Through the front, whose other instance has nothing to do with what broke. */
  const isServed = async (): Promise<void> => {
    for (const chat of chats) if (chat.requests.length > 0) chat.close();
    expect(await bodyOf(await answerTo(asking('/chat').end('next')))).to.contain('"body":"next"');
  };
  const opened = (): Promise<WebSocket> =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/chat/socket`, ['throughline.v1']);
      socket.once('open', () => resolve(socket)).on('error', reject);
    });
  /** Says so much that there is something on its way on every connection when it breaks. */
  const speak = (socket: WebSocket): void => {
    for (let time = 0; time < SPOKEN_TIMES; time += 1) socket.send('x'.repeat(SPOKEN_BYTES), () => undefined);
  };

  for (const how of ['reset', 'end'] as const) {
    it(`closes a WebSocket whose service is gone (${how})`, async () => {
      const socket = await opened();
      const closed = new Promise((resolve) => socket.once('close', resolve));
      speak(socket);
      (await taken()).kill(how);
      await closed;
      await isServed();
    });

    it(`says that the service is away to whom it did not answer (${how})`, async () => {
      const asked = asking('/chat/never');
      asked.write('x'.repeat(SPOKEN_BYTES));
      const answered = answerTo(asked);
      (await taken()).kill(how);
      const answer = await answered;
      expect(answer.statusCode).to.equal(503);
      expect(await bodyOf(answer)).to.contain('"code":"service-away"');
      asked.destroy();
      await isServed();
    });

    it(`breaks an answer off that the service did not bring to its end (${how})`, async () => {
      const answer = await answerTo(asking('/chat/slowly').end());
      const begun = Promise.withResolvers<void>();
      answer.once('data', () => begun.resolve());
      const end = bodyOf(answer).then(
        () => 'whole',
        () => 'broken off',
      );
      await begun.promise;
      (await taken()).kill(how);
      expect(await end).to.equal('broken off');
      await isServed();
    });
  }

  it('lets go of a WebSocket whose client is gone', async () => {
    const socket = await opened();
    speak(socket);
    await new Promise((resolve) => socket.once('message', resolve));
    socket.terminate();
    await isServed();
  });

  for (const path of ['/chat/never', '/chat/slowly']) {
    it(`takes a client that goes away from ${path} for nobody's fault`, async () => {
      const asked = asking(path);
      asked.write('x'.repeat(SPOKEN_BYTES));
      await taken();
      asked.destroy();
      await isServed();
    });
  }
});
