/** The record, as a process of its own. */
import { runService } from '@throughline/platform/run';
import { openAudit } from './service.ts';

await runService({
  name: 'audit',
  environment: process.env,
  forOperators: true,
  configure: () => undefined,
  build: openAudit,
});
