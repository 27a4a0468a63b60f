/** The agent, as a process of its own. Which backends it calls, and how, is in the actions file. */
import { runService } from '@throughline/platform/run';
import { loadActions } from './load-actions.ts';
import { openAgent } from './service.ts';

await runService({
  name: 'agent',
  environment: process.env,
  configure: async ({ read, required }) => ({
    region: read('THROUGHLINE_REGION'),
    actions: await loadActions(required('THROUGHLINE_ACTIONS')),
  }),
  build: (on, settings) => openAgent({ ...on, ...settings }),
});
