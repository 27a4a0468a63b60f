import { sendProblem } from '@throughline/http/problem';
import type { Blobs, Log } from '@throughline/kernel/ports';
import { Router } from 'express';
import { CASE_UNKNOWN, trailParams } from './paths.ts';
import { reconstruct, type TrailSources } from './reconstruct.ts';
import { type AuditedTopic, verify } from './verify.ts';

export interface AuditApiOptions extends TrailSources {
  readonly topics: readonly AuditedTopic[];
  readonly log: Log;
  readonly blobs: Blobs;
  /** Puts on the record of each case that an operator looks at its trail. */
  look(caseIds: readonly string[]): Promise<void>;
}

/** The operators' view of the trail. Who may call it is decided in front of it. */
export function createAuditApi(options: AuditApiOptions): Router {
  const router = Router();
  router.get('/api/audit/cases/:caseId', async (request, response) => {
    const { caseId } = trailParams.parse(request.params);
    const trail = await reconstruct(options, caseId);
    if (!trail) return sendProblem(response, CASE_UNKNOWN);
    await options.look([...trail.segments, caseId]);
    response.json(trail);
  });
  router.get('/api/audit/verify', async (_request, response) => {
    response.json(
      await verify({ topics: options.topics, log: options.log, blobs: options.blobs, mac: options.keyring.mac }),
    );
  });
  return router;
}
