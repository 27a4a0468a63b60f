import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Switchboard } from '@throughline/gateway/line';
import { type Problem, problemBody } from '@throughline/http/problem';
import type { Clock, Keyring, Random, Reporter } from '@throughline/kernel/ports';
import type { Router } from 'express';
import { WebSocketServer } from 'ws';
import { createCalls } from './calls.ts';
import { createDoor, refusalOf } from './door.ts';
import { FRAME_BYTES_MAX } from './frames.ts';
import { CLOSING } from './problems.ts';
import { Relay } from './relay.ts';
import { createSignatures, RELAY_PATH } from './signatures.ts';

export interface VoiceGatewayOptions {
  readonly switchboard: Switchboard;
  readonly keyring: Pick<Keyring, 'mac'>;
  /** The carrier account's auth token; without it every request is refused. */
  readonly authToken: string | undefined;
  /** Where the carrier reaches this gateway, without a path of ours; known once it listens. */
  readonly publicUrl: () => string;
  readonly clock: Clock;
  readonly random: Random;
  readonly reporter: Reporter;
  /** Region of numbers without a country code, such as US. */
  readonly region: string;
  /** Whether new calls are told to try later, as the switchboard's `busy`. */
  readonly busy: () => boolean;
}

export interface VoiceGateway {
  readonly router: Router;
  /** Takes the WebSocket upgrades of the relay; false for those of somebody else. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** Takes no new calls and lets go of those that are on; their carrier connects them elsewhere. */
  close(): Promise<void>;
}

/** The phone: Twilio's webhooks and ConversationRelay on one side, the switchboard on the other. */
export function createVoiceGateway(options: VoiceGatewayOptions): VoiceGateway {
  const { switchboard, keyring, authToken, publicUrl, busy, reporter } = options;
  const signatures = createSignatures(authToken, publicUrl);
  const calls = createCalls(keyring.mac);
  const server = new WebSocketServer({ noServer: true, maxPayload: FRAME_BYTES_MAX, perMessageDeflate: false });
  /** Every relay that is open, or has something left to send. */
  const relays = new Set<Relay>();
  /** The newest relay of each call that is on here. */
  const relayOf = new Map<string, Relay>();
  let closing = false;

  const relayOptions = {
    ...options,
    mac: keyring.mac,
    calls,
    takesOver(callSid: string, relay: Relay): Relay | undefined {
      const former = relayOf.get(callSid);
      relayOf.set(callSid, relay);
      return former;
    },
    over(callSid: string, relay: Relay): void {
      if (relayOf.get(callSid) === relay) relayOf.delete(callSid);
    },
  };

  const router = createDoor({
    signatures,
    calls,
    reporter,
    isClosed: (isOn) => closing || (busy() && !isOn) || !switchboard.ready(),
    callOver(callSid) {
      calls.forget(callSid);
      relayOf.get(callSid)?.hangUp();
    },
  });

  return {
    router,
    upgrade(request, socket, head) {
      const [path] = (request.url ?? '').split('?');
      if (path !== RELAY_PATH) return false;
      const refusal = closing ? CLOSING : refusalOfUpgrade(request);
      if (refusal !== undefined) {
        refuse(socket, refusal);
        return true;
      }
      request.socket.setKeepAlive(true, KEEP_ALIVE_MS);
      server.handleUpgrade(request, socket, head, (webSocket) => {
        const relay = new Relay(webSocket, relayOptions);
        relays.add(relay);
        webSocket.once('close', () => relay.idle().then(() => relays.delete(relay)));
      });
      return true;
    },
    async close() {
      closing = true;
      await Promise.all([...new Set([...relays, ...relayOf.values()])].map((relay) => relay.drain()));
      server.close();
    },
  };

  /** The URL must be the one in the TwiML, to the letter: a query is somebody else's. */
  function refusalOfUpgrade(request: IncomingMessage): Problem | undefined {
    const verdict = request.url === RELAY_PATH ? signatures.relay(signatureOf(request)) : 'not-signed';
    return verdict === 'signed' ? undefined : refusalOf(verdict);
  }
}

/** A peer that is gone without a word is noticed by the operating system. */
const KEEP_ALIVE_MS = 30_000;

const REASONS: Readonly<Record<number, string>> = { 403: 'Forbidden', 503: 'Service Unavailable' };

const signatureOf = ({ headers }: IncomingMessage): string | undefined => {
  const shown = headers['x-twilio-signature'];
  return Array.isArray(shown) ? undefined : shown;
};

/** Answers an upgrade with a problem instead. */
function refuse(socket: Duplex, problem: Problem): void {
  const body = JSON.stringify(problemBody(problem));
  socket.on('error', () => socket.destroy());
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${REASONS[problem.status] ?? ''}`,
      'Content-Type: application/problem+json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}
