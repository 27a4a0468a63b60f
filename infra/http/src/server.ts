import { createServer, type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Metrics } from '@throughline/telemetry/metrics';
import express, { type Router } from 'express';
import type { ApiPart } from './api-part.ts';
import { createDescriptionRouter } from './describing.ts';
import { describeApi } from './openapi.ts';
import { requireOperator } from './operators.ts';
import { BAD_REQUEST, NO_SUCH_PAGE, type Problem, problemBody, problemsForErrors, sendProblem } from './problem.ts';
import { processPart } from './process-paths.ts';

/** Takes a WebSocket upgrade if it is its own. */
export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;

export interface Edges {
  /** What customers and carriers reach. */
  readonly doors: readonly Router[];
  readonly upgrades: readonly Upgrade[];
  /** What is behind the operator token; undefined where nothing is for operators. */
  readonly operators: { readonly token: string; readonly routers: readonly Router[] } | undefined;
  /** What these answer. */
  readonly described: readonly ApiPart[];
  readonly metrics: Pick<Metrics, 'text' | 'contentType'>;
  /** What it is not ready for yet; empty: it can do all of its work. */
  waitingFor(): readonly string[] | Promise<readonly string[]>;
  report(error: unknown): void;
}

/** All HTTP of a process: what it is for, and what `processPart` describes. */
export function createHttpServer(edges: Edges): Server {
  const app = express();
  app.disable('x-powered-by');
  app.get('/livez', (_request, response) => {
    response.json({ live: true });
  });
  app.get('/readyz', async (_request, response) => {
    const waitingFor = await edges.waitingFor();
    const ready = waitingFor.length === 0;
    response.status(ready ? 200 : 503).json(ready ? { ready } : { ready, waitingFor });
  });
  app.get('/metrics', async (_request, response) => {
    response.type(edges.metrics.contentType).send(await edges.metrics.text());
  });
  app.use(createDescriptionRouter(describeApi([...edges.described, processPart])));
  for (const door of edges.doors) app.use(door);
  if (edges.operators) {
    app.use('/api', requireOperator(edges.operators.token));
    for (const router of edges.operators.routers) app.use(router);
  }
  app.use((_request, response) => {
    sendProblem(response, NO_SUCH_PAGE);
  });
  app.use(problemsForErrors(edges.report));

  const server = createServer(app);
  server.on('clientError', refuseUnreadable);
  server.on('upgrade', (request, socket, head) => {
    // A client that goes away in the middle is its own affair; without a listener it would end the process.
    socket.on('error', () => socket.destroy());
    if (edges.upgrades.some((upgrade) => upgrade(request, socket, head))) return;
    socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  });
  return server;
}

/** What the parser of HTTP cannot read gets nowhere near a route; without this it would be refused without a word. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const problem = UNREADABLE[error.code ?? ''] ?? { ...BAD_REQUEST, detail: 'What was sent is not HTTP.' };
  const body = JSON.stringify(problemBody(problem));
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`,
      'Content-Type: application/problem+json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

const UNREADABLE: Readonly<Record<string, Problem>> = {
  HPE_HEADER_OVERFLOW: {
    ...BAD_REQUEST,
    status: 431,
    detail: 'Its address and headers have more than 16 kB together.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    ...BAD_REQUEST,
    status: 408,
    detail: 'It did not come to its end in time; send it again.',
  },
};

/** The sentence for an address that cannot be had; `variable` is where its port was set. */
export function notListening(error: unknown, at: { host: string; port: number; variable: string }): Error {
  const { code = 'unknown' } = error as NodeJS.ErrnoException;
  const variable = FAULTS_OF_HOST.has(code) ? 'THROUGHLINE_HOST' : at.variable;
  return new Error(
    `${variable}: ${at.host} port ${at.port} cannot be listened on (${code}); choose another, or stop who has it.`,
  );
}

/** What is wrong with the address, whatever the port. */
const FAULTS_OF_HOST: ReadonlySet<string> = new Set(['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN']);

/** Resolves to the port once listening. Rejects with a sentence where the address cannot be had. */
export function listen(server: Server, port: number, host: string, variable: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException): void => {
      reject(notListening(error, { host, port, variable }));
    };
    server.once('error', refuse);
    server.listen(port, host, () => {
      server.off('error', refuse);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
