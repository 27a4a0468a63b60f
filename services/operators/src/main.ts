/** What operators have of the mesh as a whole, as a process of its own. */
import { runService } from '@throughline/platform/run';
import { openOperators } from './service.ts';

await runService({
  name: 'operators',
  environment: process.env,
  forOperators: true,
  configure: () => undefined,
  build: openOperators,
});
