import { createEdge } from '@throughline/kernel/edge';
import { createReader } from '@throughline/kernel/reader';
import { BEHIND_THE_DOORS } from '@throughline/service/lag';
import type { Foundation, Service } from '@throughline/service/service';
import { createParkedApi } from './parked-api.ts';
import { parkedPart } from './paths.ts';

/** What operators have of the mesh as a whole: what its processors hold. Everything about one of them is with that one. */
export function openOperators(on: Foundation): Service {
  const processors = BEHIND_THE_DOORS.map(({ group, topic }) => ({
    name: group,
    topic,
    reader: createReader({ ...on, processor: group }),
  }));
  return {
    described: [parkedPart],
    operators: [createParkedApi({ ...on, processors, edge: createEdge({ ...on, source: 'operators' }) })],
  };
}
