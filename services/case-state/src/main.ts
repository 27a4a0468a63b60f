/** The cases, as a process of their own. */
import { runService } from '@throughline/platform/run';
import { openCaseState } from './service.ts';

await runService({
  name: 'case-state',
  environment: process.env,
  forOperators: true,
  configure: () => undefined,
  build: openCaseState,
});
