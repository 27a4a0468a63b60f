import { type Codec, type Message, Undecodable } from '@throughline/kernel/envelope';
import type { LogRecord } from '@throughline/kernel/ports';
import { expect } from 'chai';
import { reconstruct, type TrailSources } from './reconstruct.ts';
import { mac, Trail } from './specification.ts';

const TRACE = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;

/** Events as JSON in the clear; the trail does not care. */
const codec: Codec = {
  keyIdsToEncode: () => [],
  prepare: async () => {},
  encode: () => {
    throw new Error('nothing is encoded here');
  },
  decode: (record) => {
    if (Buffer.from(record.value).toString() === 'garbage') throw new Undecodable('it is garbage');
    const { ce_id = '', ce_type = '', ce_subject = '', ce_time = '' } = record.headers;
    return {
      topic: record.topic,
      key: record.key,
      id: ce_id,
      type: ce_type,
      source: 'test/0',
      subject: ce_subject,
      timeMs: Date.parse(ce_time),
      traceparent: TRACE,
      body: JSON.parse(Buffer.from(record.value).toString()),
    } as Message;
  },
};

function event(topic: string, offset: number, subject: string, type: string, body: object, atS = offset): LogRecord {
  const headers = {
    ce_id: `${topic}-${offset}`,
    ce_type: type,
    ce_subject: subject,
    ce_time: new Date(atS * 1_000).toISOString(),
  };
  return {
    topic,
    partition: 0,
    offset,
    key: subject,
    headers,
    value: Buffer.from(JSON.stringify({ number: offset + 1, ...body })),
  };
}

describe('a reconstruction (law 9)', () => {
  const receipt = {
    policy: 'table-1',
    given: [{ item: 'status', sensitivity: 'status', reason: 'level-1' }],
    withheld: [],
    bytes: 4,
    budgetBytes: 4096,
  };
  let cases: Trail;
  let identity: Trail;
  let sources: TrailSources;
  beforeEach(() => {
    cases = new Trail();
    identity = new Trail('identity.events.v1');
    const keyring = { mac, fetch: async () => undefined } as unknown as TrailSources['keyring'];
    sources = { cases: cases.reader, identity: identity.reader, codec, keyring };
    cases.append(
      event('case.events.v1', 0, 'case_1', 'CaseOpened', { caseId: 'case_1', channel: 'chat', provisional: false }),
      event('case.events.v1', 1, 'case_9', 'CaseOpened', { caseId: 'case_9', channel: 'voice', provisional: true }),
      event('case.events.v1', 2, 'case_1', 'ContactBriefed', {
        caseId: 'case_1',
        contactId: 'ctc_1',
        channel: 'voice',
        assurance: 1,
        cause: 'joined',
        receipt,
      }),
    );
    identity.append(
      event(
        'identity.events.v1',
        0,
        'ctc_1',
        'ContactIdentified',
        {
          caseId: 'case_1',
          contactId: 'ctc_1',
          channel: 'voice',
          assurance: 1,
          disposition: 'resumed',
          because: ['caller ID attested A'],
        },
        1,
      ),
    );
  });

  it('is undefined for a case that the trail does not know', async () => {
    expect(await reconstruct(sources, 'case_0')).to.equal(undefined);
  });

  it('puts together who was on, why, and what they were given', async () => {
    const trail = await reconstruct(sources, 'case_1');
    expect(trail?.entries.map(({ type, says }) => `${type}: ${says}`)).to.deep.equal([
      'CaseOpened: opened on chat',
      'ContactIdentified: resumed at assurance 1: caller ID attested A',
      'ContactBriefed: briefed (joined): 1 items given, 0 withheld',
    ]);
    expect(trail?.verified).to.equal(true);
    expect(trail?.entries[2]?.receipt).to.deep.include({ policy: 'table-1' });
    expect(trail?.entries[2]?.trace).to.equal('a'.repeat(32));
  });

  it('takes in the provisional case that a contact came from', async () => {
    identity.append(
      event('identity.events.v1', 1, 'ctc_1', 'ContactRerouted', {
        contactId: 'ctc_1',
        fromCaseId: 'case_9',
        toCaseId: 'case_1',
        because: 'one-time code',
      }),
    );
    const trail = await reconstruct(sources, 'case_1');
    expect(trail?.segments).to.deep.equal(['case_9']);
    expect(trail?.entries.map(({ caseId }) => caseId)).to.include('case_9');
  });

  it('leaves out a case that a contact left because the subject changed', async () => {
    identity.append(
      event('identity.events.v1', 1, 'ctc_1', 'ContactRerouted', {
        contactId: 'ctc_1',
        fromCaseId: 'case_8',
        toCaseId: 'case_1',
        because: 'they changed the subject',
      }),
    );
    const opened = { caseId: 'case_8', channel: 'chat', provisional: true };
    const owned = { caseId: 'case_8', contactId: 'ctc_1', customerId: 'cus_1', formerCustomerId: 'cus_0' };
    cases.append(
      event('case.events.v1', 3, 'case_8', 'CaseOpened', opened),
      event('case.events.v1', 4, 'case_8', 'CaseOwned', owned),
    );
    expect((await reconstruct(sources, 'case_1'))?.segments).to.deep.equal([]);
  });

  it('tells what the log holds twice once, and leaves out what cannot be read', async () => {
    const again = event('case.events.v1', 3, 'case_1', 'CaseOpened', {
      caseId: 'case_1',
      channel: 'chat',
      provisional: false,
    });
    cases.append({ ...again, headers: { ...again.headers, ce_id: 'case.events.v1-0' } });
    cases.append({ ...event('case.events.v1', 4, 'case_1', 'CaseOpened', {}), value: Buffer.from('garbage') });
    expect((await reconstruct(sources, 'case_1'))?.entries.length).to.equal(3);
  });

  it('says when a link of the case is not whole', async () => {
    cases.tamper('link/case.events.v1/0/0000000000000000', (link) => ({ ...link, key: 'another' }));
    expect((await reconstruct(sources, 'case_1'))?.verified).to.equal(false);
  });
});
