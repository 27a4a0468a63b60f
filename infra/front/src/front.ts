import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { DescribedAt } from '@throughline/http/describing';
import { type Peers, peerAddressOf, peersOf } from '@throughline/http/peer-address';
import { type Problem, problemBody, SERVICE_AWAY } from '@throughline/http/problem';
import { createProxyServer } from 'http-proxy-3';
import { describeAll, isDescription } from './describing.ts';
import { type Instances, watchInstances } from './instances.ts';
import { ownPathOf, serviceOf } from './routes.ts';

/**
 * One address for services that are several processes, for a machine of one's own: an ingress does this in production. The host
 * and the path stay as they came, so that signatures over the public URL hold.
 */
export interface Front {
  readonly server: Server;
  /** Takes no more; resolves once what was being answered is, cut after 4 s. */
  close(): Promise<void>;
}

const NOBODY: Problem = {
  status: 404,
  code: 'no-such-page',
  title: 'There is nothing here.',
  detail: 'Chat is at /chat, the operators at /api; /metrics/<service> and /readyz/<service> ask one service.',
};

/** As long as a service takes for it. */
const REQUESTS_MAX_MS = 4_000;

/**
 * @param places the base URLs of the instances of each service
 * @param trustedProxies those before the front whose X-Forwarded-For is believed; addresses, networks or `loopback`
 */
export function createFront(
  places: ReadonlyMap<string, readonly string[]>,
  trustedProxies: readonly string[] = [],
): Front {
  const instances = watchInstances(places);
  const trusted = peersOf(trustedProxies);
  const proxy = createProxyServer();
  // What breaks where no call listens any more, such as a write to a socket that has just gone, would end the process.
  proxy.on('error', (_error, _request, at) => {
    at.destroy();
  });
  // An answer whose service has ended in the middle is not passed off as one that is still to come.
  proxy.on('proxyRes', (answer, _request, response) => {
    answer.once('close', () => {
      if (!answer.complete) response.destroy();
    });
  });
  const answering = new Set<Promise<void>>();
  const server = createServer((request, response) => {
    const answered = new Promise<void>((resolve) => response.once('close', resolve));
    answering.add(answered);
    answered.then(() => answering.delete(answered));
    if (request.url === '/livez') return answer(response, 200, { live: true });
    if (request.url === '/readyz') {
      const waitingFor = instances.waitingFor();
      const ready = waitingFor.length === 0;
      return answer(response, ready ? 200 : 503, ready ? { ready } : { ready, waitingFor });
    }
    const [path = ''] = (request.url ?? '/').split('?');
    if (isDescription(path)) return describe(response, path);
    const targets = targetsOf(instances, request);
    if (targets.length === 0) return refuse(response, NOBODY);
    sayWhoAsks(request, trusted);
    firstThere(targets).then((target) => {
      if (target === undefined) refuse(response, SERVICE_AWAY);
      else
        proxy.web(request, response, { target }, () =>
          response.headersSent ? response.destroy() : refuse(response, SERVICE_AWAY),
        );
    });
  });

  function describe(response: ServerResponse, path: DescribedAt): void {
    describeAll(instances, path).then((description) => {
      if (description === undefined) refuse(response, SERVICE_AWAY);
      else response.writeHead(200, description.headers).end(description.body);
    });
  }

  /** The first that takes connections: one that has just gone must cost nobody a call or a message. */
  async function firstThere(targets: readonly string[]): Promise<string | undefined> {
    for (const target of targets) {
      if (await takesConnections(target)) return target;
      instances.lost(target);
    }
    return undefined;
  }

  server.on('upgrade', (request, socket, head) => {
    // A client that goes away in the middle is its own affair; without a listener it would end the process.
    socket.on('error', () => socket.destroy());
    const targets = targetsOf(instances, request);
    if (targets.length === 0) return refuseUpgrade(socket, NOBODY);
    sayWhoAsks(request, trusted);
    firstThere(targets).then((target) => {
      if (target === undefined) refuseUpgrade(socket, SERVICE_AWAY);
      else proxy.ws(request, socket, head, { target }, () => socket.destroy());
    });
  });

  return {
    server,
    async close() {
      instances.close();
      server.close();
      server.closeIdleConnections();
      const tooLong = new Promise((resolve) => setTimeout(resolve, REQUESTS_MAX_MS).unref());
      await Promise.race([Promise.all(answering), tooLong]);
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

/** The services believe the front, so what a client says of itself goes no further. */
function sayWhoAsks(request: IncomingMessage, trusted: Peers): void {
  const address = peerAddressOf(request, trusted);
  for (const name of Object.keys(request.headers)) if (name.startsWith('x-forwarded-')) delete request.headers[name];
  request.headers['x-forwarded-for'] = address;
}

function takesConnections(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 80) });
  return new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
  }).finally(() => socket.destroy());
}

function answer(response: ServerResponse, status: number, body: unknown, type = 'application/json'): void {
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
}

const refuse = (response: ServerResponse, problem: Problem): void =>
  answer(response, problem.status, problemBody(problem), 'application/problem+json');

function refuseUpgrade(socket: Duplex, { status }: Problem): void {
  socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
