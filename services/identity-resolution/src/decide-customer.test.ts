import { ERASED } from '@throughline/kernel/envelope';
import { expect } from 'chai';
import { customerIdOf } from './matching.ts';
import { called, email, imported, phone, Specification } from './specification.ts';

const INES = customerIdOf('ines');
const NUMBER = '+14155550142';

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
