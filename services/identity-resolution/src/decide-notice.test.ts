import { expect } from 'chai';
import { caseIdOf } from './placing.ts';
import { called, type Input, mailed, noticed, offered, reference, Specification, turn } from './specification.ts';
import {
  ADDRESS,
  asking,
  HOME,
  INES,
  ines,
  NUMBER,
  OTHER_NUMBER,
  orderCase,
  refundCase,
} from './specification-story.ts';

const refused = (caseId: string, continuedIn: string | null = null, contactId = 'ctc_1'): Input => ({
  type: 'JoinRefused',
  body: { contactId, caseId, continuedIn },
});
const HOME_2 = caseIdOf('ctc_1', 2);

describe('a contact whose case was closed when it came', () => {
  it('is told of with why it goes elsewhere, and takes along only what it has not said there', () => {
    const specification = new Specification().given(ines, refundCase, mailed('ctc_1', ADDRESS, 'hello'));
    specification.when(refused('case_refund'));
    expect(specification.one('ContactRerouted')).to.deep.equal({
      contactId: 'ctc_1',
      fromCaseId: 'case_refund',
      toCaseId: HOME_2,
      customerId: INES,
      because: 'the case was closed; no live case',
    });
    expect(specification.one('ContactJoined')).to.deep.include({
      because: ['the case was closed', 'no live case'],
      codeAwaited: false,
      opens: true,
      carriedTurns: [],
      takenInputs: [],
    });
  });

  it('still awaits its code, under the case that it is given', () => {
    const specification = asking().when(refused(HOME));
    expect(specification.one('ContactJoined')).to.include({ codeAwaited: true, caseId: HOME_2 });
  });

  it('is known to be who it is while the question which case is meant is open', () => {
    const specification = new Specification().given(ines, refundCase, orderCase, called('ctc_1', NUMBER));
    specification.when(refused(HOME));
    expect(specification.one('ContactRerouted')).to.include({ customerId: INES, toCaseId: HOME_2 });
    expect(specification.one('ContactIdentified')).to.include({ customerId: INES, provisional: false });
    expect(specification.one('ContactJoined')).to.include({ disposition: 'choose', provisional: true });
  });

  it('goes on in the case that continues it, however many others are live', () => {
    const mail = mailed('ctc_1', ADDRESS, 'yes', { caseId: 'case_refund' });
    const also = noticed('case_also', INES, { kind: 'refund' });
    const refusedTo = (caseId: string) =>
      new Specification().given(ines, refundCase, orderCase, also, mail).when(refused('case_refund', caseId));
    for (const caseId of ['case_next', 'case_also'])
      expect(refusedTo(caseId).one('ContactJoined')).to.include({ disposition: 'resumed', caseId });
    expect(refusedTo('case_next').one('ContactJoined').opens).to.equal(true);
    expect(refusedTo('case_also').one('ContactJoined').opens).to.equal(false);
  });

  it('is asked which case is meant where several others are live', () => {
    const mail = mailed('ctc_1', ADDRESS, 'yes', { caseId: 'case_refund' });
    const specification = new Specification().given(ines, refundCase, orderCase, noticed('case_also', INES), mail);
    specification.when(refused('case_refund'));
    expect(specification.one('ContactJoined')).to.include({ disposition: 'choose', caseId: HOME_2 });
  });

  it('is not sent back to it by the order that they named', () => {
    const specification = new Specification().given(ines, refundCase, mailed('ctc_1', ADDRESS, 'order W1234567'));
    specification.when(refused('case_refund'));
    expect(specification.one('ContactJoined')).to.include({ disposition: 'opened', caseId: HOME_2 });
  });

  it('is answered on the connection that it came back on', () => {
    const specification = new Specification().given(ines, refundCase, called('ctc_1', NUMBER));
    const body = { contactId: 'ctc_1', connectionId: 'con_2', wantsFrames: false, after: null };
    specification.given({ type: 'ContactResumed', body }).when(refused('case_refund'));
    expect(specification.one('ContactJoined').connectionId).to.equal('con_2');
  });

  it('brings its newest three turns, each once, to where it moves on to, and says what was taken there', () => {
    const specification = new Specification().given(ines, refundCase, orderCase, called('ctc_1', NUMBER));
    const said = ['hm', 'the refund'].map((text) => turn(text));
    for (const one of said) specification.given(offered('ctc_1', HOME, one));
    specification.when(refused('case_refund'));
    const { carriedTurns, takenInputs, formerGoesOn } = specification.one('ContactJoined');
    expect(carriedTurns).to.deep.equal(
      said.map(({ inputId, text, atMs }) => {
        return { number: 0, inputId, contactId: 'ctc_1', channel: 'voice', from: 'customer', text, atMs };
      }),
    );
    expect(takenInputs).to.deep.equal(said.map(({ inputId }) => inputId));
    expect(formerGoesOn).to.equal(false);
  });

  it('carries the words of its mail once, though the case offered them as well', () => {
    const specification = new Specification().given(ines, refundCase, orderCase);
    specification.given(mailed('ctc_1', ADDRESS, 'my refund'), offered('ctc_1', HOME, turn('my refund', 'inp_ctc_1')));
    specification.when(refused('case_refund'));
    expect(specification.one('ContactJoined').carriedTurns.map((one) => one.text)).to.deep.equal(['my refund']);
  });

  it('leaves what it said before it changed the subject where it was said, and that case goes on', () => {
    const body = { contactId: 'ctc_1', caseId: 'case_refund', inputId: 'inp_9', references: [reference('W7654321')] };
    const specification = new Specification().given(ines, refundCase, orderCase);
    specification.given(mailed('ctc_1', ADDRESS, 'order W1234567'), { type: 'IssueChanged', body });
    specification.when(refused('case_order'));
    expect(specification.one('ContactJoined')).to.deep.include({
      formerGoesOn: true,
      carriedTurns: [],
      movedFrom: 'case_refund',
    });
  });
});

describe('what is kept of a contact', () => {
  it('does not grow with all that it says', () => {
    const specification = new Specification().given(ines, called('ctc_1', OTHER_NUMBER));
    for (let n = 0; n < 60; n += 1) specification.given(offered('ctc_1', HOME, `order W10000${n + 10}`));
    const contact = specification.document('contact', 'ctc_1');
    expect([contact?.inputs.length, contact?.turns.length, contact?.orders.length]).to.deep.equal([50, 3, 20]);
    expect(contact?.turns.at(-1)?.text).to.equal('order W1000069');
  });
});
