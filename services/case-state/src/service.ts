import { createEdge } from '@throughline/kernel/edge';
import { createReader } from '@throughline/kernel/reader';
import type { CaseShown } from '@throughline/schemas/generated/messages';
import { CASE_EVENTS } from '@throughline/schemas/topics';
import { ANSWER_MAX_MS, listenForAnswers } from '@throughline/service/answers';
import type { Foundation, Service } from '@throughline/service/service';
import { createCaseApi } from './api.ts';
import { casePart } from './paths.ts';
import { createCaseProcessor } from './processor.ts';

/** The cases: the processor, the operators' API of cases and contacts, and the way back for backends. */
export async function openCaseState(on: Foundation): Promise<Service> {
  const processor = createCaseProcessor();
  const shown = await listenForAnswers({ ...on, topic: CASE_EVENTS, types: ['CaseShown'] });
  const api = createCaseApi({
    ...on,
    reader: createReader({ ...on, processor: processor.name }),
    edge: createEdge({ ...on, source: 'operators' }),
    async awaitShown(lookId) {
      const event = await shown.next(({ body }) => (body as CaseShown).lookId === lookId, ANSWER_MAX_MS);
      return event?.body as CaseShown | undefined;
    },
  });
  return { processors: [processor], described: [casePart], operators: [api], close: shown.close };
}
