import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Duplex, Readable } from 'node:stream';
import { type Problem, problemBody, SERVICE_AWAY } from '@throughline/http/problem';
import { createProxyServer } from 'http-proxy-3';
import { type Instances, watchInstances } from './instances.ts';
import { ownPathOf, serviceOf } from './routes.ts';

/**
 * One address for services that are several processes, for a machine of one's own: an ingress does this in production. The host
 * and the path stay as they came, so that signatures over the public URL hold.
 */
export interface Front {
  readonly server: Server;
  close(): Promise<void>;
}

/** A body that is no longer than this is kept until somebody has taken it: another instance can be asked. */
const KEPT_BYTES_MAX = 64 * 1024;

const NOBODY: Problem = {
  status: 404,
  code: 'no-such-page',
  title: 'There is nothing here.',
  detail: 'Chat is at /chat, the operators at /api; /metrics/<service> and /readyz/<service> ask one service.',
};

/** @param places the base URLs of the instances of each service */
export function createFront(places: ReadonlyMap<string, readonly string[]>): Front {
  const instances = watchInstances(places);
  const proxy = createProxyServer({ xfwd: true });
  const server = createServer((request, response) => {
    if (request.url === '/livez') return answer(response, 200, { live: true });
    if (request.url === '/readyz') {
      const waitingFor = instances.waitingFor();
      const ready = waitingFor.length === 0;
      return answer(response, ready ? 200 : 503, ready ? { ready } : { ready, waitingFor });
    }
    const targets = targetsOf(instances, request);
    if (targets.length === 0) return refuse(response, NOBODY);
    bodyOf(request).then(
      (body) => forward(request, response, body, targets),
      () => response.destroy(),
    );
  });

  function forward(
    request: IncomingMessage,
    response: ServerResponse,
    body: Buffer | undefined,
    [target, ...others]: readonly string[],
  ): void {
    if (target === undefined) {
      refuse(response, SERVICE_AWAY);
      return;
    }
    proxy.web(request, response, body ? { target, buffer: Readable.from([body]) } : { target }, (error) => {
      if (wasNeverThere(error)) instances.lost(target);
      if (response.headersSent) response.destroy();
      else if (wasNeverThere(error) && body) forward(request, response, body, others);
      else refuse(response, SERVICE_AWAY);
    });
  }

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, targets: readonly string[]): void {
    const [target, ...others] = targets;
    if (target === undefined) {
      refuseUpgrade(socket, SERVICE_AWAY);
      return;
    }
    proxy.ws(request, socket, head, { target }, (error) => {
      if (wasNeverThere(error)) instances.lost(target);
      // The head has been put back into the socket by the first attempt.
      if (wasNeverThere(error)) upgrade(request, socket, Buffer.alloc(0), others);
      else socket.destroy();
    });
  }

  server.on('upgrade', (request, socket, head) => {
    // A client that goes away in the middle is its own affair; without a listener it would end the process.
    socket.on('error', () => socket.destroy());
    const targets = targetsOf(instances, request);
    if (targets.length === 0) refuseUpgrade(socket, NOBODY);
    else upgrade(request, socket, head, targets);
  });

  return {
    server,
    async close() {
      instances.close();
      server.close();
      server.closeAllConnections();
    },
  };
}

function targetsOf(instances: Instances, request: IncomingMessage): readonly string[] {
  const url = request.url ?? '/';
  const own = ownPathOf(url);
  if (own) {
    const target = instances.at(own.service, own.instance);
    request.url = own.path;
    return target === undefined ? [] : [target];
  }
  const service = serviceOf(url);
  return service === undefined ? [] : instances.inTurn(service);
}

/** The body where it is short, so that it can be sent to another instance; undefined: it is passed on as it comes. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  if (request.headers['transfer-encoding'] !== undefined) return undefined;
  if (Number(request.headers['content-length'] ?? 0) > KEPT_BYTES_MAX) return undefined;
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Nothing has reached it: whatever was asked can be asked of another one. */
const wasNeverThere = (error: Error): boolean => 'code' in error && error.code === 'ECONNREFUSED';

function answer(response: ServerResponse, status: number, body: unknown, type = 'application/json'): void {
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
}

const refuse = (response: ServerResponse, problem: Problem): void =>
  answer(response, problem.status, problemBody(problem), 'application/problem+json');

function refuseUpgrade(socket: Duplex, { status }: Problem): void {
  socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
