import { join } from 'node:path';
import type { ActionSpec } from '@throughline/agent/actions';
import type { Model } from '@throughline/agent/model';
import { openAgent } from '@throughline/agent/service';
import { openAudit } from '@throughline/audit/service';
import { openCaseState } from '@throughline/case-state/service';
import { openChatGateway } from '@throughline/chat-gateway/service';
import { openEmailGateway } from '@throughline/email-gateway/service';
import { openIdentityResolution } from '@throughline/identity-resolution/service';
import { openOperators } from '@throughline/operators/service';
import type { Foundation, Service } from '@throughline/service/service';
import { openVoiceGateway } from '@throughline/voice-gateway/service';
import type { Settings } from './settings.ts';

/** Every service of the mesh, in the order of the flow. */
export async function openServices(
  on: Foundation & {
    readonly settings: Settings;
    readonly actions: readonly ActionSpec[];
    /** Who plans what the agent says; the playbooks where it is left out. */
    readonly model: Model | undefined;
    readonly busy: () => boolean;
    readonly publicUrl: () => string;
  },
): Promise<{ readonly email: ReturnType<typeof openEmailGateway>; readonly all: readonly Service[] }> {
  const { settings } = on;
  const region = { region: settings.region };
  const email = openEmailGateway({
    ...on,
    ...region,
    mailDomains: settings.mailDomains,
    auth: settings.emailAuth,
    trustedPeers: settings.trustedPeers,
    smtp: { host: settings.host, port: settings.smtpPort },
    smtpOut: settings.smtpOut,
    outboxDirectory: join(settings.dataDirectory, 'outbox'),
  });
  const all = [
    openChatGateway({
      ...on,
      ...region,
      hostSecret: settings.chatHostSecret,
      trustedProxies: settings.trustedProxies,
    }),
    openVoiceGateway({ ...on, ...region, authToken: settings.twilioAuthToken }),
    await openIdentityResolution({ ...on, ...region }),
    await openCaseState(on),
    await openAudit(on),
    openAgent({ ...on, ...region }),
    email,
    openOperators(on),
  ];
  return { email, all };
}
