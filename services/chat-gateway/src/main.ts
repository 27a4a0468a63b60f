/** The chat channel, as a process of its own. */
import { runService } from '@throughline/platform/run';
import { openChatGateway } from './service.ts';

await runService({
  name: 'chat-gateway',
  environment: process.env,
  configure: ({ read }) => ({
    region: read('THROUGHLINE_REGION'),
    hostSecret: read('THROUGHLINE_CHAT_HOST_SECRET'),
    trustedProxies: read('THROUGHLINE_TRUSTED_PROXIES'),
  }),
  build: (on, settings) => openChatGateway({ ...on, ...settings }),
});
