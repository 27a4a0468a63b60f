import { createEdge } from '@throughline/kernel/edge';
import { createReader } from '@throughline/kernel/reader';
import type { CustomerRecorded } from '@throughline/schemas/generated/messages';
import { IDENTITY_EVENTS } from '@throughline/schemas/topics';
import { ANSWER_MAX_MS, listenForAnswers } from '@throughline/service/answers';
import type { Foundation, Service } from '@throughline/service/service';
import { createIdentityApi } from './api.ts';
import { customersPart } from './paths.ts';
import { createIdentityProcessor } from './processor.ts';

/** Who is who: the processor, and the operators' API of customers. */
export async function openIdentityResolution(on: Foundation & { readonly region: string }): Promise<Service> {
  const { keyring, region } = on;
  const processor = createIdentityProcessor({ brandRegion: region, mac: keyring.mac });
  const recorded = await listenForAnswers({ ...on, topic: IDENTITY_EVENTS, types: ['CustomerRecorded'] });
  const api = createIdentityApi({
    ...on,
    mac: keyring.mac,
    reader: createReader({ ...on, processor: processor.name }),
    edge: createEdge({ ...on, source: 'operators' }),
    async awaitRecorded(batchId, line) {
      const isIt = (body: CustomerRecorded): boolean => body.batchId === batchId && body.line === line;
      const event = await recorded.next(({ body }) => isIt(body as CustomerRecorded), ANSWER_MAX_MS);
      return event?.body as CustomerRecorded | undefined;
    },
  });
  return { processors: [processor], described: [customersPart], operators: [api], close: recorded.close };
}
