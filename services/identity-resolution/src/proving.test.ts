import { expect } from 'chai';
import { customerIdOf } from './matching.ts';
import { caseIdOf } from './placing.ts';
import {
  called,
  chatted,
  email,
  imported,
  MINUTE_MS,
  mailed,
  offered,
  phone,
  rightCode,
  Specification,
} from './specification.ts';
import {
  ADDRESS,
  asking,
  HOME,
  INES,
  ines,
  OTHER_NUMBER,
  orderCase,
  prove,
  refundCase,
} from './specification-story.ts';

describe('a right code', () => {
  it('makes the provisional case theirs where none is live', () => {
    const specification = prove(asking());
    expect(specification.one('OwnerProven')).to.include({
      customerId: INES,
      externalId: 'ines',
      assurance: 2,
      disposition: 'opened',
      hop: 1,
    });
    expect(specification.all('TurnWeighed')).to.deep.equal([]);
    expect(specification.one('CustomerRetired').into).to.equal(INES);
    expect(specification.document('customer', INES)?.cases.map((note) => note.caseId)).to.deep.equal([HOME]);
  });

  it('moves the contact to the live case', () => {
    const specification = prove(asking(refundCase));
    expect(specification.one('MoveDecided')).to.include({
      caseId: HOME,
      toCaseId: 'case_refund',
      disposition: 'resumed',
      hop: 2,
      assurance: 2,
      provisional: false,
    });
    expect(specification.one('ContactRerouted')).to.include({ fromCaseId: HOME, toCaseId: 'case_refund' });
  });

  it('has a connection that comes back follow the contact, so that it never reaches the new home before it', () => {
    const specification = prove(asking(refundCase));
    const asked = { contactId: 'ctc_1', connectionId: 'con_2', wantsFrames: true, after: null };
    specification.when({ type: 'ContactResumed', body: asked });
    expect(specification.one('ContactReconnected')).to.include({ caseId: HOME, connectionId: 'con_2', hop: 2 });
  });

  it('moves it to the case about the order that they had named before', () => {
    const specification = new Specification().given(ines, refundCase, orderCase, called('ctc_1', OTHER_NUMBER));
    specification
      .given(offered('ctc_1', HOME, 'it is about order W7654321'))
      .when(offered('ctc_1', HOME, `I am ${ADDRESS}`));
    expect(prove(specification).one('MoveDecided').toCaseId).to.equal('case_order');
  });

  it('asks which case where several are live, at assurance 2', () => {
    const specification = prove(asking(refundCase, orderCase));
    expect(specification.one('TurnWeighed')).to.include({ verdict: 'which-case', assurance: 2, codeAwaited: false });
    specification.when(offered('ctc_1', HOME, 'the refund'));
    expect(specification.one('MoveDecided')).to.include({ toCaseId: 'case_refund', assurance: 2 });
  });

  it('links the number they called from for status alone, and tells them', () => {
    const specification = prove(asking());
    const claim = specification.one('ClaimRecorded');
    expect(claim).to.include({ customerId: INES, proof: 'code', scope: 'status' });
    expect(specification.one('MailRequested')).to.include({
      kind: 'number-linked',
      to: ADDRESS,
      claimId: claim.claimId,
      customerId: INES,
      digits: '77',
    });
    specification.when(called('ctc_2', OTHER_NUMBER));
    expect(specification.one('ContactJoined')).to.include({ assurance: 1, disposition: 'resumed', caseId: HOME });
  });

  it('forgets the number again when the claim is revoked, once', () => {
    const specification = prove(asking());
    const { claimId } = specification.one('ClaimRecorded');
    const revoked = { type: 'RevocationRequested', body: { claimId, customerId: INES, by: 'mail' } } as const;
    expect(specification.when(revoked).types()).to.deep.equal(['ClaimRevoked']);
    expect(specification.when(revoked).said).to.deep.equal([]);
    expect(specification.when(called('ctc_2', OTHER_NUMBER)).one('ContactJoined').disposition).to.equal('unmatched');
  });

  it('does not link a number that somebody else has on file too', () => {
    const shared = [imported('bo', phone(OTHER_NUMBER)), imported('cy', phone(OTHER_NUMBER))];
    const specification = prove(asking(...shared));
    expect(specification.one('OwnerProven').customerId).to.equal(INES);
    expect(specification.types()).not.to.include('ClaimRecorded');
  });

  it('gives the chat session to its customer, for as long as it is used', () => {
    const specification = new Specification().given(ines, chatted('ctc_1', 'ses_1'));
    prove(specification.when(offered('ctc_1', HOME, `I am ${ADDRESS}`)));
    expect(specification.all('ClaimRecorded').map((claim) => claim.scope)).to.deep.equal(['full']);
    expect(specification.all('MailRequested')).to.deep.equal([]);
    specification.after(30 * MINUTE_MS).when(chatted('ctc_2', 'ses_1'));
    expect(specification.one('ContactJoined')).to.include({ assurance: 1, disposition: 'resumed' });
    const lastActiveMs = specification.nowMs + 20 * MINUTE_MS;
    specification.after(20 * MINUTE_MS).given({ type: 'ContactSeen', body: { contactId: 'ctc_2', lastActiveMs } });
    specification.after(30 * MINUTE_MS).when(chatted('ctc_3', 'ses_1'));
    expect(specification.one('ContactJoined').assurance).to.equal(1);
    specification.after(30 * MINUTE_MS + 1).when(chatted('ctc_4', 'ses_1'));
    expect(specification.one('ContactJoined')).to.include({ assurance: 0, disposition: 'verify' });
    specification.after(MINUTE_MS).when(chatted('ctc_5', 'ses_1'));
    expect(specification.one('ContactJoined'), 'coming back alone refreshes nothing').to.include({ assurance: 0 });
  });

  it('leaves another contact of the same number where it is', () => {
    const specification = new Specification().given(
      ines,
      refundCase,
      called('ctc_1', OTHER_NUMBER),
      called('ctc_2', OTHER_NUMBER),
    );
    prove(specification.when(offered('ctc_1', HOME, `I am ${ADDRESS}`)));
    expect(specification.document('contact', 'ctc_2')).to.include({ caseId: HOME, settled: false, assurance: 0 });
    specification.when(offered('ctc_2', HOME, `me too, ${ADDRESS}`));
    expect(prove(specification, 'ctc_2').one('MoveDecided')).to.include({ toCaseId: 'case_refund' });
  });

  it('never hands a case that is theirs to somebody else who shared it', () => {
    const bo = imported('bo', email('bo@post.example'));
    const specification = new Specification().given(
      ines,
      bo,
      called('ctc_1', OTHER_NUMBER),
      called('ctc_2', OTHER_NUMBER),
    );
    prove(specification.when(offered('ctc_1', HOME, `I am ${ADDRESS}`)));
    expect(specification.types()).to.include('OwnerProven');
    prove(specification.when(offered('ctc_2', HOME, 'I am bo@post.example')), 'ctc_2');
    expect(specification.one('MoveDecided')).to.include({
      customerId: customerIdOf('bo'),
      toCaseId: caseIdOf('ctc_2', 2),
      disposition: 'opened',
      opens: true,
    });
  });

  it('comes in another mail from the same address', () => {
    const from = 'ines@work.example';
    const specification = new Specification().given(ines, mailed('ctc_1', from, 'hello'));
    specification.when(offered('ctc_1', HOME, `I am ${ADDRESS}`));
    const { stepUpId } = specification.one('StepUpStarted');
    specification.when(mailed('ctc_2', from, 'it is ******'));
    expect(specification.one('ContactJoined')).to.include({ caseId: HOME, codeAwaited: true, settled: false });
    specification.when(offered('ctc_2', HOME, rightCode('ctc_2', stepUpId)));
    expect(specification.one('OwnerProven')).to.include({ contactId: 'ctc_2', customerId: INES, assurance: 2 });
    specification.when(mailed('ctc_3', from, 'thanks'));
    expect(specification.one('ContactJoined')).to.include({ disposition: 'resumed', caseId: HOME, assurance: 1 });
  });

  it('of a step-up that a mail began as a stranger proves nobody else than the customer it has become', () => {
    const from = 'ines@work.example';
    const specification = new Specification().given(ines, mailed('ctc_1', from, 'hello'));
    specification.when(offered('ctc_1', HOME, `I am ${ADDRESS}`));
    const { stepUpId } = specification.one('StepUpStarted');
    specification.given(imported('bo', email(from)), mailed('ctc_2', from, 'it is ******'));
    const caseId = caseIdOf('ctc_2', 1);
    specification.when(offered('ctc_2', caseId, rightCode('ctc_2', stepUpId)));
    expect(specification.one('TurnWeighed')).to.include({ verdict: 'nothing-found', assurance: 1, caseId });
    expect(specification.document('contact', 'ctc_2')?.customerId).to.equal(customerIdOf('bo'));
  });
});
