import { createEdge } from '@throughline/kernel/edge';
import { deriveId } from '@throughline/kernel/ids';
import { createReader } from '@throughline/kernel/reader';
import { CASE_EVENTS, CASE_INPUTS, IDENTITY_EVENTS, partitionsOf } from '@throughline/schemas/topics';
import { repeat } from '@throughline/service/repeat';
import type { Foundation, Service } from '@throughline/service/service';
import { newTraceparent } from '@throughline/telemetry/traceparent';
import { createAuditApi } from './api.ts';
import { auditPart } from './paths.ts';
import { createAuditProcessor } from './processor.ts';
import { type AuditedTopic, writeCheckpoint } from './verify.ts';

const CHECKPOINT_EVERY_MS = 5_000;

/** The record: one chain per partition of every topic of events, its checkpoints, and the operators' view of it. */
export async function openAudit(on: Foundation): Promise<Service> {
  const { keyring, blobs, clock } = on;
  const trailOf = (topic: string) => {
    const partitions = partitionsOf(topic);
    const processor = createAuditProcessor(topic, partitions);
    return { topic, partitions, processor, reader: createReader({ ...on, processor: processor.name }) };
  };
  const cases = trailOf(CASE_EVENTS);
  const identity = trailOf(IDENTITY_EVENTS);
  const topics: readonly AuditedTopic[] = [cases, identity];
  const checkpoint = (): Promise<void> => writeCheckpoint(blobs, topics, keyring.mac);
  // Before the first link can be made: so a chain that has links and no checkpoint has lost it.
  await checkpoint();
  const checkpoints = repeat(clock, CHECKPOINT_EVERY_MS, checkpoint);
  return {
    processors: [cases.processor, identity.processor],
    described: [auditPart],
    operators: [
      createAuditApi({ ...on, cases: cases.reader, identity: identity.reader, topics, look: (ids) => look(on, ids) }),
    ],
    async close() {
      await checkpoints.close();
      await checkpoint();
    },
  };
}

/** Puts on the record of each case that an operator looks at its trail. */
async function look(on: Foundation, caseIds: readonly string[]): Promise<void> {
  const { clock, random } = on;
  const drafts = caseIds.map((caseId) => {
    const lookId = deriveId('look', Buffer.from(random(16)).toString('hex'));
    return {
      topic: CASE_INPUTS,
      key: caseId,
      type: 'CaseLooked',
      subject: caseId,
      id: lookId,
      timeMs: clock.nowMs(),
      traceparent: newTraceparent(random),
      body: { caseId, lookId, operator: 'operator' },
    };
  });
  await createEdge({ ...on, source: 'operators' }).send(drafts);
}
