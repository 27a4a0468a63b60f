import type { IncomingMessage } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Switchboard } from '@throughline/gateway/line';
import { networkOf, type Peers, peerAddressOf } from '@throughline/http/peer-address';
import { type Problem, problemBody } from '@throughline/http/problem';
import { deriveId } from '@throughline/kernel/ids';
import type { Clock, Mac, Random, Reporter } from '@throughline/kernel/ports';
import { reasonOf } from '@throughline/kernel/reason';
import { newTraceparent } from '@throughline/telemetry/traceparent';
import { WebSocketServer } from 'ws';
import { contactStartedOf } from './normalize.ts';
import { BAD_TOKEN, NO_PROTOCOL, NO_TOKEN } from './problems.ts';
import { LOGIN_CONTACT_MS, type Session, type Sessions } from './session.ts';
import { ChatSocket } from './socket.ts';

const PATH = '/chat/socket';
const PROTOCOL = 'throughline.v1';
const TOKEN_PREFIX = 'token.';
/** More than 64 kB of text can need, however it is escaped in JSON; a bigger frame closes the socket with 1009. */
const FRAME_BYTES_MAX = 512 * 1024;
/** How long clients have to answer that the service goes away. */
const CLOSE_WITHIN_MS = 1000;

export interface UpgradeOptions {
  readonly switchboard: Switchboard;
  readonly sessions: Sessions;
  readonly mac: Mac;
  readonly clock: Clock;
  readonly random: Random;
  readonly reporter: Reporter;
  readonly region: string;
  /** Whose word about where a request comes from is believed. */
  readonly trustedProxies: Peers;
}

export interface Upgrades {
  /** Takes the upgrade if it is for the chat socket. */
  take(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** Lets go of every connection. */
  close(): Promise<void>;
}

/** The way in of chat sockets: the token is in the subprotocols, since a URL ends up in logs. */
export function createUpgrades(options: UpgradeOptions): Upgrades {
  const { sessions, clock, random, region, mac, reporter, trustedProxies } = options;
  const open = new Set<ChatSocket>();
  const server = new WebSocketServer({ noServer: true, maxPayload: FRAME_BYTES_MAX, handleProtocols: () => PROTOCOL });

  async function admit(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const protocols = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim());
    const token = protocols.find((each) => each.startsWith(TOKEN_PREFIX))?.slice(TOKEN_PREFIX.length);
    if (token === undefined) {
      refuse(socket, NO_TOKEN);
      return;
    }
    const session = await sessions.read(token);
    if (session === undefined || isLoginOver(session, clock.nowMs())) {
      refuse(socket, BAD_TOKEN);
      return;
    }
    if (!protocols.includes(PROTOCOL)) {
      refuse(socket, NO_PROTOCOL);
      return;
    }
    server.handleUpgrade(request, socket, head, (websocket) => {
      const connectionId = deriveId('con', Buffer.from(random(16)).toString('hex'));
      const origin = mac('origin', `chat:${networkOf(peerAddressOf(request, trustedProxies))}`);
      const started = contactStartedOf({ session, connectionId, origin, region, nowMs: clock.nowMs() });
      const chat = new ChatSocket({ ...options, socket: websocket, started, traceparent: newTraceparent(random) });
      open.add(chat);
      websocket.on('close', () => open.delete(chat));
    });
  }

  return {
    take(request, socket, head) {
      if ((request.url ?? '').split('?')[0] !== PATH) return false;
      admit(request, socket, head).catch((failure: unknown) => {
        reporter.error('chat-upgrade-failed', { reason: reasonOf(failure) });
        socket.destroy();
      });
      return true;
    },
    async close() {
      const gone = [...open].map((chat) => chat.close(CLOSE_WITHIN_MS));
      server.close();
      await Promise.all(gone);
    },
  };
}

/** A lost device must not keep a signed-in customer's conversation open for as long as its token lives. */
const isLoginOver = (session: Session, nowMs: number): boolean =>
  session.born === 'host' && nowMs - session.issuedMs > LOGIN_CONTACT_MS;

function refuse(socket: Duplex, problem: Problem): void {
  const body = JSON.stringify(problemBody(problem));
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`,
    'Connection: close',
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
