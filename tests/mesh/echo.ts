import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocketServer } from 'ws';

/** A service that says what it was asked, and speaks back on its WebSockets. */
export class Echo {
  readonly requests: Pick<IncomingMessage, 'method' | 'url' | 'headers'>[] = [];
  readonly #name: string;
  readonly #sockets = new Set<Socket>();
  isReady = true;
  port = 0;
  #server: Server | undefined;
  #held = Promise.withResolvers<void>();

  constructor(name: string) {
    this.#name = name;
  }

  async open(): Promise<string> {
    const server = createServer((request, response) => this.#answer(request, response));
    this.#server = server;
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    const sockets = new WebSocketServer({ noServer: true, handleProtocols: ([first]) => first ?? false });
    server.on('upgrade', (request, socket, head) => {
      this.#keep(request);
      sockets.handleUpgrade(request, socket, head, (webSocket) => {
        webSocket.on('error', () => undefined);
        webSocket.on('message', (data) =>
          webSocket.send(`${this.#name} heard ${String(data)} at ${request.headers.host}`),
        );
      });
    });
    this.port = await listen(server, this.port);
    return `http://127.0.0.1:${this.port}`;
  }

  /** To `…/slowly` it gives half an answer, from a `…/never` it reads no byte, a `…/held` waits for `release`. Everything else it answers whole. */
  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.on('error', () => undefined);
    if (request.url === '/readyz') {
      response.writeHead(this.isReady ? 200 : 503).end('{}');
      return;
    }
    this.#keep(request);
    if (request.url?.endsWith('/never')) return;
    if (request.url?.endsWith('/slowly')) {
      response.write('half of an answer');
      return;
    }
    if (request.url?.endsWith('/held')) await this.#held.promise;
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    response.end(JSON.stringify({ by: this.#name, url: request.url, body }));
  }

  release(): void {
    this.#held.resolve();
  }

  #keep({ method, url, headers }: IncomingMessage): void {
    this.requests.push({ method, url, headers });
  }

  /** Ends all connections as they are, like the system does for a process that was killed: with a reset where bytes were left unread. */
  kill(how: 'reset' | 'end' = 'reset'): void {
    this.#server?.close();
    for (const socket of this.#sockets) how === 'reset' ? socket.resetAndDestroy() : socket.destroy();
  }

  close(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
  }
}

/** On loopback; resolves to the port. */
export const listen = (server: Server, port = 0): Promise<number> =>
  new Promise((resolve) => {
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
