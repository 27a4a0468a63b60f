import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import express from 'express';
import { type AuditApiOptions, createAuditApi } from './api.ts';
import { codec, event, mac, Trail } from './specification.ts';

/** Calls one route of an API that is served for that long. */
async function call(options: AuditApiOptions, path: string): Promise<{ status: number; body: unknown }> {
  const server = express().use(createAuditApi(options)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  try {
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
    return { status: response.status, body: await response.json() };
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

describe('the audit API (law 9)', () => {
  const opened = (offset: number, caseId: string, provisional: boolean) =>
    event('case.events.v1', offset, caseId, 'CaseOpened', { caseId, channel: 'chat', provisional });

  it('puts on the record of a case and of each of its segments that somebody looked, and of no other', async () => {
    const cases = new Trail();
    const identity = new Trail('identity.events.v1');
    cases.append(
      opened(0, 'case_9', true),
      opened(1, 'case_1', false),
      event('case.events.v1', 2, 'case_1', 'ContactEnded', { caseId: 'case_1', contactId: 'ctc_1', reason: 'left' }),
    );
    const moved = { contactId: 'ctc_1', fromCaseId: 'case_9', toCaseId: 'case_1', because: 'one-time code' };
    identity.append(event('identity.events.v1', 0, 'ctc_1', 'ContactRerouted', moved));
    const looks: string[] = [];
    const options: AuditApiOptions = {
      cases: cases.reader,
      identity: identity.reader,
      codec,
      keyring: { mac } as AuditApiOptions['keyring'],
      topics: cases.topics,
      log: cases.log,
      blobs: cases.blobs,
      look: async (caseIds) => void looks.push(...caseIds),
    };
    const found = await call(options, '/api/audit/cases/case_1');
    expect([found.status, looks]).to.deep.equal([200, ['case_9', 'case_1']]);
    expect((await call(options, '/api/audit/cases/case_0')).status).to.equal(404);
    expect(looks).to.have.length(2);
  });
});
