import { ERASED } from '@throughline/kernel/envelope';
import { expect } from 'chai';
import { keyOf } from './documents.ts';
import { customerIdOf } from './matching.ts';
import { called, email, imported, offered, phone, rightCode, Specification } from './specification.ts';

const INES = customerIdOf('ines');
const NUMBER = '+14155550142';
const prefixOf = (id: string) => id.split('_')[0];

describe('a customer that is submitted', () => {
  it('is added, then unchanged, then changed', () => {
    const specification = new Specification();
    const outcome = (...identifiers: Parameters<typeof imported>[1][]) =>
      specification.when(imported('ines', ...identifiers)).one('CustomerRecorded').outcome;
    expect(outcome(phone(NUMBER))).to.equal('added');
    expect(outcome(phone(NUMBER))).to.equal('unchanged');
    expect(specification.types()).to.deep.equal(['CustomerRecorded']);
    expect(outcome(phone(NUMBER), email('ines@post.example'))).to.equal('changed');
    expect(specification.one('ClaimRecorded')).to.deep.include({
      customerId: INES,
      proof: 'import',
      scope: 'full',
      contactId: null,
    });
  });

  it('no longer has what is no longer on file', () => {
    const specification = new Specification().given(imported('ines', phone(NUMBER))).when(imported('ines'));
    expect(specification.one('ClaimRevoked').because).to.equal('no longer on file');
    expect(specification.when(called('ctc_1', NUMBER)).one('ContactJoined').disposition).to.equal('unmatched');
  });

  it('takes an identifier from a provisional customer, whose case stays provisional', () => {
    const specification = new Specification().given(called('ctc_1', NUMBER)).when(imported('ines', phone(NUMBER)));
    expect(specification.one('ClaimRevoked').because).to.equal('on file for a known customer');
    expect(specification.document('contact', 'ctc_1')).to.include({ settled: false, assurance: 0 });
    expect(specification.when(called('ctc_2', NUMBER)).one('ContactJoined')).to.include({
      customerId: INES,
      assurance: 1,
      disposition: 'opened',
    });
  });

  it('keeps an identifier that somebody else has on file as well', () => {
    const specification = new Specification()
      .given(imported('ines', phone(NUMBER)))
      .when(imported('bo', phone(NUMBER)));
    expect(specification.types()).to.deep.equal(['ClaimRecorded', 'CustomerRecorded']);
    expect(specification.document('customer', INES)?.claims).to.have.length(1);
  });

  it('is rejected where its id is not that of its external id, or where it was erased', () => {
    const submitted = imported('ines', phone(NUMBER));
    if (submitted.type !== 'CustomerSubmitted') throw new Error('An import submits a customer.');
    const specification = new Specification();
    const reject = (externalId: string) =>
      specification.when({ ...submitted, body: { ...submitted.body, externalId } }).one('CustomerRecorded');
    expect(reject('somebody else').outcome).to.equal('rejected');
    expect(reject(ERASED)).to.include({ outcome: 'rejected', reason: 'the customer was erased' });
    expect(specification.document('customer', INES)).to.equal(undefined);
  });
});

describe('what identity keeps', () => {
  it('is sealed under the key of whom it names, so that it is erased with them; what names nobody is not', () => {
    expect(keyOf({ kind: 'customer', id: 'cus_1' }, {})).to.equal('customer:cus_1');
    expect(keyOf({ kind: 'contact', id: 'ctc_1' }, {})).to.equal('contact:ctc_1');
    expect(keyOf({ kind: 'stepup', id: 'stp_1' }, { contactId: 'ctc_1' })).to.equal('contact:ctc_1');
    expect(keyOf({ kind: 'identifier', id: 'i' }, {})).to.equal(undefined);
  });

  it('of a stranger is that they are one, and nothing else', () => {
    const specification = new Specification().given(called('ctc_1', NUMBER, 'failed'));
    const { homeCustomerId = '' } = specification.document('contact', 'ctc_1') ?? {};
    const { cases, ...stranger } = specification.document('customer', homeCustomerId) ?? { cases: [] };
    expect(cases).to.have.length(1);
    expect(stranger).to.deep.equal({
      customerId: homeCustomerId,
      provisional: true,
      retiredInto: null,
      externalId: null,
      name: '',
      attributes: [],
      region: null,
      claims: [],
      choosing: [],
    });
  });

  it('of two strangers whose number was erased is never one person', () => {
    const specification = new Specification().given(called('ctc_1', ERASED)).when(called('ctc_2', ERASED));
    const first = specification.document('contact', 'ctc_1')?.homeCustomerId;
    expect(specification.one('ContactJoined').customerId).not.to.equal(first);
  });

  it('says what each id names', () => {
    const specification = new Specification().given(imported('ines', email('ines@post.example')));
    specification.when(called('ctc_1', NUMBER));
    const { caseId, customerId } = specification.one('ContactJoined');
    expect([caseId, customerId, specification.one('ClaimRecorded').claimId].map(prefixOf)).to.deep.equal([
      'case',
      'cus',
      'clm',
    ]);
    expect(specification.one('ClaimRecorded').scope).to.equal('full');
    specification.when(offered('ctc_1', caseId, 'I am ines@post.example'));
    const { mailId, stepUpId } = specification.one('MailRequested');
    expect([mailId, stepUpId ?? '', INES].map(prefixOf)).to.deep.equal(['mail', 'stp', 'cus']);
    specification.when(offered('ctc_1', caseId, rightCode('ctc_1', stepUpId ?? '')));
    expect(prefixOf(specification.one('MailRequested').mailId)).to.equal('mail');
  });
});

describe('an input that asks for nothing', () => {
  it('leads to nothing', () => {
    const specification = new Specification();
    expect(specification.when({ type: 'TimerFired', body: { timerId: 't', dueMs: 1 } }).said).to.deep.equal([]);
    expect(
      specification.when({ type: 'RedriveRequested', body: { subject: 's', by: 'x', skipFirst: false } }).said,
    ).to.deep.equal([]);
    expect(
      specification.when({ type: 'ContactSeen', body: { contactId: 'ctc_unknown', lastActiveMs: 1 } }).said,
    ).to.deep.equal([]);
  });
});
