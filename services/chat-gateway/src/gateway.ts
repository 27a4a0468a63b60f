import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Switchboard } from '@throughline/gateway/line';
import { peersOf } from '@throughline/http/peer-address';
import type { Clock, Keyring, Random, Reporter } from '@throughline/kernel/ports';
import type { Router } from 'express';
import { createDoor } from './door.ts';
import { createSessions } from './session.ts';
import { createUpgrades } from './upgrade.ts';

export interface ChatGateway {
  /** `POST /chat/sessions`, `GET /chat`, `GET /chat/widget.js`. */
  readonly router: Router;
  /** Takes the WebSocket upgrade of `/chat/socket`; false where it is somebody else's. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** Lets go of every connection; the contacts go on elsewhere. */
  close(): Promise<void>;
}

/** @param options.hostSecret what the host site signs its tokens with; without it host tokens are refused */
export function createChatGateway(options: {
  switchboard: Switchboard;
  keyring: Pick<Keyring, 'mac'>;
  hostSecret?: string | undefined;
  clock: Clock;
  random: Random;
  reporter: Reporter;
  /** Of phone numbers written without a country code. */
  region: string;
  /** Proxies whose X-Forwarded-For is believed: addresses, networks or `loopback`. */
  trustedProxies: readonly string[];
}): ChatGateway {
  const { switchboard, keyring, hostSecret, clock, random, reporter, region } = options;
  const { mac } = keyring;
  const sessions = createSessions({ mac, clock, random });
  const trustedProxies = peersOf(options.trustedProxies);
  const upgrades = createUpgrades({ switchboard, sessions, mac, clock, random, reporter, region, trustedProxies });
  return {
    router: createDoor({ sessions, hostSecret, clock, reporter }),
    upgrade: upgrades.take,
    close: upgrades.close,
  };
}
