import { createGatewayEdge } from '@throughline/gateway/gateway-edge';
import { createSwitchboard } from '@throughline/gateway/switchboard';
import type { Foundation, Service } from '@throughline/service/service';
import { createChatGateway } from './gateway.ts';
import { chatPart } from './paths.ts';

const NAME = 'chat-gateway';

/** The chat channel. */
export function openChatGateway(
  on: Foundation & {
    readonly region: string;
    /** What the host site signs its tokens with; without it host tokens are refused. */
    readonly hostSecret: string | undefined;
    /** Proxies whose X-Forwarded-For is believed: addresses, networks or `loopback`. */
    readonly trustedProxies: readonly string[];
    /** Whether new contacts are told to come back in a moment. */
    readonly busy: () => boolean;
  },
): Service {
  const switchboard = createSwitchboard({ ...on, edge: createGatewayEdge({ ...on, source: NAME }), service: NAME });
  const gateway = createChatGateway({ ...on, switchboard });
  return {
    described: [chatPart],
    doors: [gateway.router],
    upgrades: [gateway.upgrade],
    ready: () => switchboard.ready(),
    contacts: { channel: 'chat', count: () => switchboard.size() },
    async leave() {
      await gateway.close();
      await switchboard.close();
    },
  };
}
