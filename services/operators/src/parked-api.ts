import { sendProblem } from '@throughline/http/problem';
import type { Edge } from '@throughline/kernel/edge';
import { HELD_ALL, type HeldRecord } from '@throughline/kernel/holding';
import { deriveId } from '@throughline/kernel/ids';
import type { Clock, Random } from '@throughline/kernel/ports';
import { REDRIVE_REQUESTED } from '@throughline/kernel/processor';
import type { Reader } from '@throughline/kernel/reader';
import { newTraceparent } from '@throughline/telemetry/traceparent';
import express, { type Router } from 'express';
import { type Held, NOTHING_HELD, redriveBody } from './paths.ts';

const PAGE = 500;
/** What could not be handled, for people: `GET /api/parked`, and `POST /api/parked/redrive {processor, subject, skipFirst?}`. */
export function createParkedApi(options: {
  readonly processors: readonly { readonly name: string; readonly topic: string; readonly reader: Reader }[];
  readonly edge: Edge;
  readonly clock: Clock;
  readonly random: Random;
}): Router {
  const { processors, edge, clock, random } = options;
  const router = express.Router();

  router.get('/api/parked', async (_request, response) => {
    const items: Held[] = [];
    for (const { name, reader } of processors) {
      const page = await reader.list<HeldRecord>(HELD_ALL, null, PAGE);
      items.push(...page.items.map(({ content }) => heldView(name, content)));
    }
    response.json({ items, next: null });
  });

  router.post('/api/parked/redrive', express.json({ limit: '16kb' }), async (request, response) => {
    const asked = redriveBody.safeParse(request.body);
    const processor = asked.success ? processors.find(({ name }) => name === asked.data.processor) : undefined;
    const held =
      asked.success && processor
        ? await processor.reader.list<HeldRecord>(`held:${asked.data.subject}`, null, 1)
        : undefined;
    const first = held?.items[0]?.content;
    if (!asked.success || !processor || !first) return sendProblem(response, NOTHING_HELD);
    const { subject, skipFirst } = asked.data;
    await edge.send([
      {
        topic: processor.topic,
        key: first.key,
        type: REDRIVE_REQUESTED,
        subject: first.key,
        id: deriveId('msg', REDRIVE_REQUESTED, subject, Buffer.from(random(8)).toString('hex')),
        timeMs: clock.nowMs(),
        traceparent: newTraceparent(random),
        body: { subject, by: 'operator', skipFirst },
      },
    ]);
    response.status(202).json({ processor: processor.name, subject });
  });
  return router;
}

const heldView = (processor: string, held: HeldRecord): Held => ({
  processor,
  subject: held.subject,
  reason: held.reason,
  topic: held.topic,
  partition: held.partition,
  offset: held.offset,
  type: held.headers.ce_type ?? 'unknown',
  at: new Date(held.heldMs).toISOString(),
});
