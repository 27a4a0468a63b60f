import { join } from 'node:path';
import { createChatGateway } from '@throughline/chat-gateway/gateway';
import { createEmailGateway } from '@throughline/email-gateway/gateway';
import { createFileOutbox, createSmtpOutbox } from '@throughline/email-gateway/outbox';
import { createSwitchboard } from '@throughline/gateway/switchboard';
import { createEdge, type Edge } from '@throughline/kernel/edge';
import type { Engine } from '@throughline/kernel/partition';
import type { Blobs, Clock, Random } from '@throughline/kernel/ports';
import type { Reactor } from '@throughline/kernel/reactor';
import { createVoiceGateway } from '@throughline/voice-gateway/gateway';
import type { Router } from 'express';
import { notListening, type Upgrade } from './http.ts';
import type { Settings } from './settings.ts';

export interface Gateways {
  readonly routers: readonly Router[];
  readonly upgrades: readonly Upgrade[];
  readonly mail: Reactor;
  ready(): boolean;
  connections(): readonly (readonly [channel: string, count: number])[];
  /** Resolves to the port. */
  listenForMail(port: number, host: string): Promise<number>;
  /** Lets go of every connection; what was acknowledged stays acknowledged. */
  close(): Promise<void>;
}

/** One gateway per channel, each with an edge and a switchboard of its own, as if it were a process of its own. */
export async function openGateways(
  options: Engine & {
    blobs: Blobs;
    clock: Clock;
    random: Random;
    settings: Settings;
    busy: () => boolean;
    publicUrl: () => string;
  },
): Promise<Gateways> {
  const { settings, keyring, clock, random, reporter, busy, publicUrl } = options;
  const edgeOf = (service: string): Edge => {
    const edge = createEdge({ ...options, source: service });
    return {
      async send(drafts) {
        await options.reach(`${service}/sending`);
        await edge.send(drafts);
        await options.reach(`${service}/sent`);
      },
    };
  };
  const switchboardOf = (service: string) => createSwitchboard({ ...options, edge: edgeOf(service), service });
  const switchboards = { chat: switchboardOf('chat-gateway'), voice: switchboardOf('voice-gateway') };
  const shared = { keyring, clock, random, reporter, region: settings.region };
  const chat = createChatGateway({ ...shared, switchboard: switchboards.chat, hostSecret: settings.chatHostSecret });
  const voice = createVoiceGateway({
    ...shared,
    switchboard: switchboards.voice,
    authToken: settings.twilioAuthToken,
    publicUrl,
    busy,
  });
  const mail = createEmailGateway({
    ...shared,
    edge: edgeOf('email-gateway'),
    blobs: options.blobs,
    mailDomains: settings.mailDomains,
    auth: settings.emailAuth,
    trustedPeers: settings.trustedPeers,
    outbox:
      settings.smtpOut === undefined
        ? createFileOutbox({ directory: join(settings.dataDirectory, 'outbox') })
        : createSmtpOutbox({ url: settings.smtpOut }),
    busy,
  });
  return {
    routers: [chat.router, voice.router],
    upgrades: [chat.upgrade, voice.upgrade],
    mail: mail.reactor,
    ready: () => switchboards.chat.ready() && switchboards.voice.ready(),
    connections: () => [
      ['chat', switchboards.chat.size()],
      ['voice', switchboards.voice.size()],
    ],
    listenForMail: (port, host) =>
      mail.server.listen(port, host).catch((error: unknown) => {
        throw notListening(error, { host, port, variable: 'THROUGHLINE_SMTP_PORT' });
      }),
    async close() {
      await mail.server.close();
      await chat.close();
      await voice.close();
      await switchboards.chat.close();
      await switchboards.voice.close();
    },
  };
}
