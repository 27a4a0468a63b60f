import { expect } from 'chai';
import { identifierIdOf } from './identifying.ts';
import { customerIdOf } from './matching.ts';
import { caseIdOf } from './placing.ts';
import {
  called,
  chatted,
  email,
  type Input,
  imported,
  MINUTE_MS,
  mac,
  mailed,
  noticed,
  offered,
  phone,
  reference,
  Specification,
} from './specification.ts';
import {
  ADDRESS,
  asking,
  HOME,
  INES,
  ines,
  NUMBER,
  OTHER_NUMBER,
  orderCase,
  prove,
  refundCase,
} from './specification-story.ts';

const BO = customerIdOf('bo');
const bo = imported('bo', email('bo@post.example'));
const homeOf = (specification: Specification, contactId = 'ctc_1') =>
  specification.document('contact', contactId)?.homeCustomerId ?? '';
/** The provisional case tells how it stands. */
const told = (specification: Specification, changes: Parameters<typeof noticed>[2]) =>
  specification.given(noticed(HOME, homeOf(specification), changes));
const waiting = () => new Specification().given(ines, called('ctc_1', OTHER_NUMBER));
const saysWho = (specification: Specification, contactId = 'ctc_1', caseId: string = HOME, address = ADDRESS) =>
  specification.when(offered(contactId, caseId, `I am ${address}`));

describe('the case of a contact that has proven who it is', () => {
  it('is on the record with the proof and with what led to it', () => {
    const specification = prove(asking());
    const because = ['one-time code to an address on file', 'no live case'];
    expect(specification.one('OwnerProven').because).to.deep.equal(because);
    expect(specification.one('ContactIdentified')).to.deep.include({
      caseId: HOME,
      customerId: INES,
      provisional: false,
      assurance: 2,
      disposition: 'opened',
      because,
    });
    expect(specification.one('StepUpEnded').outcome).to.equal('proven');
    expect(specification.one('ClaimRevoked').because).to.equal('proven to be a known customer');
    expect(prove(asking(refundCase)).one('ContactRerouted').because).to.equal(
      'one-time code to an address on file; one live case',
    );
    const asked = prove(asking(refundCase, orderCase)).one('ContactIdentified');
    expect(asked).to.deep.include({ disposition: 'choose', customerId: INES, provisional: false });
    expect(asked.because).to.deep.equal(['one-time code to an address on file', 'several live cases']);
  });

  it('is settled: what it says later is weighed no more', () => {
    const specification = prove(asking()).when(offered('ctc_1', HOME, `and ${ADDRESS} is my address`));
    expect(specification.one('TurnWeighed')).to.include({ verdict: 'proven', assurance: 2 });
    expect(specification.types()).to.deep.equal(['TurnWeighed']);
  });

  it('keeps what it is about when it becomes theirs, and not what an older one was about', () => {
    const specification = new Specification().given(ines, called('ctc_0', OTHER_NUMBER));
    const old = noticed(caseIdOf('ctc_0', 1), homeOf(specification, 'ctc_0'), { status: 'closed' });
    specification.given(old, called('ctc_1', OTHER_NUMBER));
    told(specification, { kind: 'refund', references: [reference('W1234567')] });
    prove(saysWho(specification));
    expect(specification.one('OwnerProven').caseId).to.equal(HOME);
    specification.given(orderCase).when(mailed('ctc_2', ADDRESS, 'about order W1234567'));
    expect(specification.one('ContactJoined')).to.include({ disposition: 'resumed', caseId: HOME });
  });

  it('is a new one where the provisional case is over by then, and the next contact finds it', () => {
    const specification = new Specification().given(ines, called('ctc_0', OTHER_NUMBER));
    const old = noticed(caseIdOf('ctc_0', 1), homeOf(specification, 'ctc_0'), { status: 'closed' });
    specification.given(old, called('ctc_1', OTHER_NUMBER));
    saysWho(specification);
    const { stepUpId } = specification.one('StepUpStarted');
    const said = specification.said;
    told(specification, { status: 'closed' }).said = said;
    prove(specification);
    const toCaseId = caseIdOf('ctc_1', 2);
    expect(stepUpId).to.be.a('string');
    expect(specification.one('MoveDecided')).to.include({ toCaseId, opens: true, disposition: 'opened' });
    expect(specification.when(mailed('ctc_2', ADDRESS, 'hello')).one('ContactJoined')).to.include({
      caseId: toCaseId,
      disposition: 'resumed',
    });
  });

  it('is the one that it is in where another contact of the same person has made that theirs', () => {
    const specification = waiting().given(called('ctc_2', OTHER_NUMBER));
    prove(saysWho(specification));
    prove(saysWho(specification, 'ctc_2'), 'ctc_2');
    expect(specification.one('OwnerProven')).to.include({ contactId: 'ctc_2', caseId: HOME, disposition: 'resumed' });
  });

  it('is opened by the contact that comes to it first, as long as it was not heard of', () => {
    const specification = prove(asking(called('ctc_a', NUMBER)));
    expect(specification.one('MoveDecided')).to.include({ toCaseId: caseIdOf('ctc_a', 1), opens: true });
  });
});

describe('the question which case is meant', () => {
  const asked = (...more: readonly Input[]) =>
    new Specification().given(ines, refundCase, orderCase, mailed('ctc_1', ADDRESS, 'any news?'), ...more);
  const mailTo = (contactId: string, caseId: string) => mailed(contactId, ADDRESS, 'the refund', { caseId });

  it('is answered once: a mail to where it was asked is a question of its own afterwards, and others stay open', () => {
    const second = caseIdOf('ctc_2', 1);
    const specification = asked(mailed('ctc_2', ADDRESS, 'hello?'), offered('ctc_1', HOME, 'the refund'));
    expect(specification.when(mailTo('ctc_3', HOME)).one('ContactJoined').caseId).to.equal(caseIdOf('ctc_3', 1));
    expect(specification.when(mailTo('ctc_4', second)).one('ContactJoined').caseId).to.equal(second);
  });

  it('is remembered of the newest five mails', () => {
    const mails = [2, 3, 4, 5, 6].map((n) => mailed(`ctc_${n}`, ADDRESS, 'hello?'));
    const specification = asked(...mails).when(mailTo('ctc_8', caseIdOf('ctc_2', 1)));
    expect(specification.one('ContactJoined').caseId).to.equal(caseIdOf('ctc_2', 1));
    expect(specification.one('ContactIdentified').because[1]).to.equal('the reply answers which case is meant');
    expect(specification.when(mailTo('ctc_9', HOME)).one('ContactJoined').caseId).to.equal(caseIdOf('ctc_9', 1));
  });
});

describe('what a code links', () => {
  const ses = (specification: Specification) => specification.one('ContactJoined');
  const proven = (contactId: string, address = ADDRESS) => {
    const specification = new Specification().given(ines, bo, chatted(contactId, 'ses_1'));
    return prove(saysWho(specification, contactId, caseIdOf(contactId, 1), address), contactId, caseIdOf(contactId, 1));
  };

  it('is an idle session that they prove again, which is fresh from then on', () => {
    const specification = proven('ctc_1').after(40 * MINUTE_MS);
    const caseId = ses(specification.when(chatted('ctc_2', 'ses_1'))).caseId;
    prove(saysWho(specification, 'ctc_2', caseId), 'ctc_2', caseId);
    expect(specification.types()).not.to.include('ClaimRecorded');
    expect(ses(specification.after(20 * MINUTE_MS).when(chatted('ctc_3', 'ses_1'))).assurance).to.equal(1);
  });

  it('is a session that somebody else has proven before, which names neither of them from then on', () => {
    const specification = proven('ctc_1').after(40 * MINUTE_MS);
    const caseId = ses(specification.when(chatted('ctc_2', 'ses_1'))).caseId;
    prove(saysWho(specification, 'ctc_2', caseId, 'bo@post.example'), 'ctc_2', caseId);
    expect(specification.one('ClaimRecorded')).to.include({ customerId: BO, scope: 'full' });
    specification.when(chatted('ctc_3', 'ses_1'));
    expect(ses(specification)).to.include({ assurance: 0, disposition: 'verify' });
    expect(specification.one('ContactIdentified').because[0]).to.equal('session on file for two customers');
  });

  it('is not a number that two people have on file, whichever of them proves who they are', () => {
    const shared = [imported('ines', phone(NUMBER), email(ADDRESS)), imported('bo', phone(NUMBER))];
    const specification = new Specification().given(...shared, called('ctc_1', NUMBER));
    expect(prove(saysWho(specification)).types()).not.to.include('ClaimRecorded');
    expect(specification.when(called('ctc_2', NUMBER)).one('ContactJoined').disposition).to.equal('verify');
  });

  it('is a number that was taken off file during the call, for status alone', () => {
    const wants = { contactId: 'ctc_1', caseId: 'case_refund', needed: 2, inputId: 'inp_1' };
    const specification = new Specification().given(ines, refundCase, called('ctc_1', NUMBER));
    specification.given(imported('ines', email(ADDRESS))).when({ type: 'StepUpRequested', body: wants });
    expect(prove(specification, 'ctc_1', 'case_refund').one('ClaimRecorded')).to.include({ scope: 'status' });
  });

  it('is never the login of the host site, which only the host site can vouch for', () => {
    const wants = { contactId: 'ctc_1', caseId: 'case_refund', needed: 3, inputId: 'inp_1' };
    const specification = new Specification().given(ines, refundCase, chatted('ctc_1', 'ses_1', { login: 'ines' }));
    const identifierId = identifierIdOf(mac, { type: 'account', value: 'ines' });
    const claimId = specification.document('identifier', identifierId)?.claims[0]?.claimId ?? '';
    specification.given({ type: 'RevocationRequested', body: { customerId: INES, claimId, by: 'operator' } });
    specification.when({ type: 'StepUpRequested', body: wants });
    expect(prove(specification, 'ctc_1', 'case_refund').types()).not.to.include('ClaimRecorded');
  });
});
