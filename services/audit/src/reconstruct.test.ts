import { expect } from 'chai';
import { reconstruct, type TrailSources } from './reconstruct.ts';
import { codec, event, mac, Trail } from './specification.ts';

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

  it('tells what a contact of the case linked, that it was taken back, and who turned out to be whom', async () => {
    const opened = { caseId: 'case_7', channel: 'voice', provisional: true, customerId: 'cus_0' };
    const owned = { caseId: 'case_7', contactId: 'ctc_7', customerId: 'cus_1', formerCustomerId: 'cus_0' };
    cases.append(
      event('case.events.v1', 3, 'case_7', 'CaseOpened', opened),
      event('case.events.v1', 4, 'case_7', 'CaseOwned', owned),
    );
    const told = (offset: number, subject: string, type: string, body: object) =>
      event('identity.events.v1', offset, subject, type, body);
    const claim = (claimId: string, contactId: string | null) => {
      const identifier = { type: 'phone', value: '+49301234567' };
      return { claimId, customerId: 'cus_1', contactId, identifier, proof: 'code', scope: 'status' };
    };
    identity.append(
      told(1, 'cus_1', 'ClaimRecorded', claim('clm_of_another_contact', 'ctc_8')),
      told(2, 'cus_1', 'ClaimRecorded', claim('clm_imported', null)),
      told(3, 'cus_1', 'ClaimRecorded', claim('clm_1', 'ctc_7')),
      told(4, 'cus_0', 'CustomerRetired', { customerId: 'cus_0', into: 'cus_1' }),
      told(5, 'cus_1', 'ClaimRevoked', { claimId: 'clm_imported', customerId: 'cus_1', because: 'no longer on file' }),
      told(6, 'cus_1', 'ClaimRevoked', { claimId: 'clm_1', customerId: 'cus_1', because: 'asked for by mail' }),
    );
    const trail = await reconstruct(sources, 'case_7');
    const ofIdentity = trail?.entries.filter(({ link }) => link.topic === 'identity.events.v1');
    expect(ofIdentity?.map(({ says }) => says)).to.deep.equal([
      'phone claimed for cus_1 by code, scope status',
      'provisional customer cus_0 is cus_1',
      'claim clm_1 taken back: asked for by mail',
    ]);
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
