/** One address for a mesh of several processes. Not for production: an ingress knows more about the network that it is in. */
import { listen } from '@throughline/http/server';
import { stopWhenTold } from '@throughline/platform/stopping';
import { variablesOf } from '@throughline/platform/variables';
import { createFront } from './front.ts';

try {
  const { read, required } = variablesOf(process.env);
  const front = createFront(required('THROUGHLINE_SERVICES'), read('THROUGHLINE_TRUSTED_PROXIES'));
  await listen(front.server, read('THROUGHLINE_HTTP_PORT'), read('THROUGHLINE_HOST'), 'THROUGHLINE_HTTP_PORT');
  stopWhenTold(() => front.close(), { withInput: read('THROUGHLINE_STOP_WITH_INPUT') });
} catch (refusal) {
  console.error(`The front cannot start: ${refusal instanceof Error ? refusal.message : 'unknown reason'}`);
  process.exit(1);
}
