/** Who is who, as a process of its own. */
import { runService } from '@throughline/platform/run';
import { openIdentityResolution } from './service.ts';

await runService({
  name: 'identity-resolution',
  environment: process.env,
  forOperators: true,
  configure: ({ read }) => ({ region: read('THROUGHLINE_REGION') }),
  build: (on, settings) => openIdentityResolution({ ...on, ...settings }),
});
