import { createAuditApi } from '@throughline/audit/api';
import type { AuditedTopic } from '@throughline/audit/verify';
import { createCaseApi } from '@throughline/case-state/api';
import { createIdentityApi } from '@throughline/identity-resolution/api';
import { createEdge } from '@throughline/kernel/edge';
import { deriveId } from '@throughline/kernel/ids';
import type { Engine } from '@throughline/kernel/partition';
import type { Blobs, Clock, Random } from '@throughline/kernel/ports';
import { createReader } from '@throughline/kernel/reader';
import type { CaseShown, CustomerRecorded } from '@throughline/schemas/generated/messages';
import { CASE_EVENTS, CASE_INPUTS, IDENTITY_EVENTS, IDENTITY_INPUTS } from '@throughline/schemas/topics';
import { newTraceparent } from '@throughline/telemetry/traceparent';
import type { Router } from 'express';
import { listenForAnswers } from './answers.ts';
import { createParkedApi } from './parked-api.ts';
import { partitionsOf } from './services.ts';

/** How long an operator's request waits for the answer of the log. */
const ANSWER_MAX_MS = 10_000;

export interface Operators {
  readonly routers: readonly Router[];
  readonly audited: readonly AuditedTopic[];
  close(): Promise<void>;
}

/** The operators' side of the mesh: everything under /api. */
export async function openOperators(
  options: Engine & { blobs: Blobs; clock: Clock; random: Random; region: string },
): Promise<Operators> {
  const { log, store, keyring, codec, blobs, clock, random } = options;
  const edge = createEdge({ log, codec, keyring, source: 'operators' });
  const readerOf = (processor: string) => createReader({ store, keyring, processor });
  const shown = await listenForAnswers({ ...options, topic: CASE_EVENTS, types: ['CaseShown'] });
  const recorded = await listenForAnswers({ ...options, topic: IDENTITY_EVENTS, types: ['CustomerRecorded'] });
  const readers = { identity: readerOf('identity-resolution'), cases: readerOf('case-state') };
  const audited: readonly AuditedTopic[] = [
    { topic: CASE_EVENTS, partitions: partitionsOf(CASE_EVENTS), reader: readerOf('audit-case') },
    { topic: IDENTITY_EVENTS, partitions: partitionsOf(IDENTITY_EVENTS), reader: readerOf('audit-identity') },
  ];
  const look = async (caseId: string): Promise<void> => {
    const lookId = deriveId('look', Buffer.from(random(16)).toString('hex'));
    const common = { timeMs: clock.nowMs(), traceparent: newTraceparent(random) };
    await edge.send([
      {
        topic: CASE_INPUTS,
        key: caseId,
        type: 'CaseLooked',
        subject: caseId,
        id: lookId,
        body: { caseId, lookId, operator: 'operator' },
        ...common,
      },
    ]);
  };
  return {
    audited,
    routers: [
      createCaseApi({
        reader: readers.cases,
        edge,
        awaitShown: async (lookId: string) =>
          (await shown.next((event) => (event.body as CaseShown).lookId === lookId, ANSWER_MAX_MS))?.body as
            | CaseShown
            | undefined,
        clock,
        random,
      }),
      createIdentityApi({
        reader: readers.identity,
        edge,
        awaitRecorded: async (batchId: string, line: number) => {
          const matches = (body: CustomerRecorded): boolean => body.batchId === batchId && body.line === line;
          return (await recorded.next((event) => matches(event.body as CustomerRecorded), ANSWER_MAX_MS))?.body as
            | CustomerRecorded
            | undefined;
        },
        mac: keyring.mac,
        clock,
        random,
        region: options.region,
      }),
      createAuditApi({
        cases: readerOf('audit-case'),
        identity: readerOf('audit-identity'),
        codec,
        keyring,
        topics: audited,
        log,
        blobs,
        look,
      }),
      createParkedApi({
        processors: [
          { name: 'identity-resolution', topic: IDENTITY_INPUTS, reader: readers.identity },
          { name: 'case-state', topic: CASE_INPUTS, reader: readers.cases },
        ],
        edge,
        clock,
        random,
      }),
    ],
    async close() {
      await shown.close();
      await recorded.close();
    },
  };
}
