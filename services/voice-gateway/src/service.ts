import { createGatewayEdge } from '@throughline/gateway/gateway-edge';
import { createSwitchboard } from '@throughline/gateway/switchboard';
import type { Foundation, Service } from '@throughline/service/service';
import { createVoiceGateway, type VoiceGatewayOptions } from './gateway.ts';
import { voicePart } from './paths.ts';

const NAME = 'voice-gateway';

/** The phone. */
export function openVoiceGateway(
  on: Foundation & Pick<VoiceGatewayOptions, 'region' | 'authToken' | 'publicUrl' | 'busy'>,
): Service {
  const switchboard = createSwitchboard({ ...on, edge: createGatewayEdge({ ...on, source: NAME }), service: NAME });
  const gateway = createVoiceGateway({ ...on, switchboard });
  return {
    described: [voicePart],
    doors: [gateway.router],
    upgrades: [gateway.upgrade],
    ready: () => switchboard.ready(),
    contacts: { channel: 'voice', count: () => switchboard.size() },
    async leave() {
      await gateway.close();
      await switchboard.close();
    },
  };
}
