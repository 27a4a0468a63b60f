import { expect } from 'chai';
import {
  called,
  chatted,
  type Input,
  mailed,
  noticed,
  offered,
  reference,
  Specification,
  turn,
} from './specification.ts';
import {
  ADDRESS,
  HOME,
  INES,
  ines,
  NUMBER,
  OTHER_NUMBER,
  orderCase,
  prove,
  refundCase,
} from './specification-story.ts';

describe('the answer to which case is meant', () => {
  const choosing = () => new Specification().given(ines, refundCase, orderCase, called('ctc_1', NUMBER));

  it('is an order that fits one case', () => {
    const specification = choosing().when(offered('ctc_1', HOME, 'order W1234567 please'));
    expect(specification.one('MoveDecided')).to.include({
      toCaseId: 'case_refund',
      assurance: 1,
      externalId: 'ines',
      disposition: 'resumed',
    });
  });

  it('is a kind of matter that fits one case', () => {
    expect(
      choosing()
        .when(offered('ctc_1', HOME, 'my delivery'))
        .one('MoveDecided').toCaseId,
    ).to.equal('case_order');
  });

  for (const text of ['something new', 'order W9999999']) {
    it(`makes the case theirs as a new one: ${text}`, () => {
      const specification = choosing().when(offered('ctc_1', HOME, text));
      expect(specification.one('OwnerProven')).to.include({
        disposition: 'opened',
        customerId: INES,
        assurance: 1,
        caseId: HOME,
      });
    });
  }

  it('may be misunderstood once; after that it is a new matter', () => {
    const specification = choosing().when(offered('ctc_1', HOME, 'hm'));
    expect(specification.one('TurnWeighed')).to.include({ verdict: 'which-case', assurance: 1 });
    specification.when(offered('ctc_1', HOME, 'well'));
    expect(specification.one('OwnerProven').disposition).to.equal('opened');
  });

  it('comes in another mail, to where it was asked', () => {
    const specification = new Specification().given(ines, refundCase, orderCase, mailed('ctc_1', ADDRESS, 'any news?'));
    specification.when(offered('ctc_1', HOME, 'any news?'));
    expect(specification.one('TurnWeighed').verdict).to.equal('which-case');
    specification.when(mailed('ctc_2', ADDRESS, 'the refund', { caseId: HOME }));
    expect(specification.one('ContactJoined')).to.include({ caseId: HOME, disposition: 'choose', assurance: 1 });
    specification.when(offered('ctc_2', HOME, 'the refund'));
    expect(specification.one('MoveDecided')).to.include({ contactId: 'ctc_2', toCaseId: 'case_refund' });
  });

  it('takes along what was said when the case it moves to refuses', () => {
    const specification = choosing().given(offered('ctc_1', HOME, 'the refund'));
    specification.when({ type: 'JoinRefused', body: { contactId: 'ctc_1', caseId: 'case_refund', continuedIn: null } });
    const joined = specification.one('ContactJoined');
    expect(joined).to.include({ caseId: 'case_order', hop: 3, movedFrom: HOME, turn: null });
    expect(joined.carriedTurns.map((one) => one.text)).to.deep.equal(['the refund']);
  });
});

describe('what counts as an answer to which case is meant', () => {
  const asked = (...more: readonly Input[]) => new Specification().given(ines, refundCase, orderCase, ...more);
  const byPhone = (...more: readonly Input[]) => asked(...more, called('ctc_1', NUMBER));
  const answered = (specification: Specification, said: string) => specification.when(offered('ctc_1', HOME, said));
  const mailTo = (contactId: string, said: string, options: { caseId?: string } = {}) =>
    mailed(contactId, ADDRESS, said, options);
  const mailTurn = (contactId: string, said: string) => offered(contactId, HOME, turn(said, `inp_${contactId}`));

  it('is an order number alone, as the question asked for it', () => {
    const about = noticed('case_k', INES, { references: [reference('K119')] });
    expect(answered(byPhone(about), 'K one one nine').one('MoveDecided').toCaseId).to.equal('case_k');
    expect(answered(byPhone(), 'K one one nine').one('OwnerProven').because).to.deep.equal([
      'they were asked which case is meant',
      'no case is about the order named',
    ]);
  });

  it('is not a telephone number, which is no order', () => {
    expect(answered(byPhone(), '415-555-0199').one('TurnWeighed').verdict).to.equal('which-case');
  });

  it('is no kind that two cases are of', () => {
    const specification = answered(byPhone(noticed('case_also', INES, { kind: 'refund' })), 'my refund');
    expect(specification.one('TurnWeighed').verdict).to.equal('which-case');
  });

  it('is not what a mail said before anybody asked, though its case offers it', () => {
    const specification = asked(mailTo('ctc_1', 'any news?'), mailTurn('ctc_1', 'any news?'));
    expect(answered(specification, 'hm').one('TurnWeighed').verdict).to.equal('which-case');
    expect(answered(specification, 'well').one('OwnerProven').because).to.deep.equal([
      'they were asked which case is meant',
      'the answers fit no case',
    ]);
  });

  it('is the mail that comes to where it was asked, and that is the last that may be misunderstood', () => {
    const specification = asked(mailTo('ctc_1', 'any news?'));
    const { homeCustomerId = '' } = specification.document('contact', 'ctc_1') ?? {};
    specification.given(noticed(HOME, homeCustomerId), mailTurn('ctc_1', 'any news?'));
    specification.when(mailTo('ctc_2', 'hm', { caseId: HOME }));
    expect(specification.one('ContactJoined')).to.include({ caseId: HOME, opens: false });
    expect(specification.when(mailTurn('ctc_2', 'hm')).one('OwnerProven').disposition).to.equal('opened');
  });

  it('may be misunderstood once also where a code came before the question', () => {
    const specification = asked(called('ctc_0', OTHER_NUMBER));
    const { homeCustomerId = '', caseId = '' } = specification.document('contact', 'ctc_0') ?? {};
    specification.given(noticed(caseId, homeCustomerId), called('ctc_1', OTHER_NUMBER));
    prove(specification.when(offered('ctc_1', caseId, `I am ${ADDRESS}`)), 'ctc_1', caseId);
    expect(specification.one('TurnWeighed').verdict).to.equal('which-case');
    expect(specification.when(offered('ctc_1', caseId, 'hm')).one('TurnWeighed').verdict).to.equal('which-case');
  });

  for (const [text, why] of [
    ['something new', 'they said it is something new'],
    ['order W9999999', 'no case is about the order named'],
  ] as const)
    it(`opens another case where the one that asked is over by then: ${text}`, () => {
      const specification = byPhone();
      const { homeCustomerId = '' } = specification.document('contact', 'ctc_1') ?? {};
      specification.given(noticed(HOME, homeCustomerId, { status: 'closed' }));
      const moved = answered(specification, text).one('MoveDecided');
      expect(moved).to.include({ disposition: 'opened', opens: true });
      expect(moved.because).to.deep.equal(['they were asked which case is meant', why]);
    });

  it('opens another case after two answers that fit none, where the one that asked is over by then', () => {
    const specification = answered(byPhone(), 'hm');
    const { homeCustomerId = '' } = specification.document('contact', 'ctc_1') ?? {};
    specification.given(noticed(HOME, homeCustomerId, { status: 'closed' }));
    expect(answered(specification, 'well').one('MoveDecided')).to.include({ disposition: 'opened', opens: true });
  });
});

describe('a settled contact that wants more', () => {
  const wants = (needed = 2) =>
    ({
      type: 'StepUpRequested',
      body: { contactId: 'ctc_1', caseId: 'case_refund', needed, inputId: 'inp_1' },
    }) as const;

  it('is sent a code to the address on file, and is told that it is proven', () => {
    const specification = new Specification().given(ines, refundCase, called('ctc_1', NUMBER)).when(wants());
    expect(specification.one('MailRequested')).to.include({ to: ADDRESS, caseId: 'case_refund', kind: 'code' });
    expect(specification.one('TurnWeighed')).to.include({
      verdict: 'code-sent',
      codeAwaited: true,
      assurance: 1,
      inputId: 'inp_1',
    });
    prove(specification, 'ctc_1', 'case_refund');
    expect(specification.one('TurnWeighed')).to.include({ verdict: 'proven', assurance: 2, codeAwaited: false });
    expect(specification.one('ContactIdentified')).to.include({ assurance: 2, customerId: INES, provisional: false });
    expect(specification.when(wants(3)).one('TurnWeighed').verdict, 'a second code is no second proof').to.equal(
      'no-address',
    );
    expect(specification.when(wants(2)).one('TurnWeighed').verdict).to.equal('proven');
  });

  it('is strong with the login of the host site and a code', () => {
    const specification = new Specification()
      .given(ines, refundCase, chatted('ctc_1', 'ses_1', { login: 'ines' }))
      .when(wants(3));
    expect(prove(specification, 'ctc_1', 'case_refund').one('TurnWeighed')).to.include({
      verdict: 'proven',
      assurance: 3,
    });
  });

  it('has nowhere to send a code to but the mailbox that it writes from', () => {
    const specification = new Specification().given(ines, refundCase, mailed('ctc_1', ADDRESS, 'hello')).when(wants());
    expect(specification.types()).to.deep.equal(['TurnWeighed']);
    expect(specification.one('TurnWeighed').verdict).to.equal('no-address');
  });

  it('goes on at its assurance when it gives the code up', () => {
    const specification = new Specification().given(ines, refundCase, called('ctc_1', NUMBER), wants());
    specification.when(offered('ctc_1', 'case_refund', 'never mind'));
    expect(specification.one('TurnWeighed')).to.include({ verdict: 'proven', assurance: 1, codeAwaited: false });
  });

  it('is sent the same code again, not another', () => {
    const specification = new Specification().given(ines, refundCase, called('ctc_1', NUMBER)).when(wants());
    const { stepUpId } = specification.one('StepUpStarted');
    expect(specification.when(wants()).one('MailRequested').stepUpId).to.equal(stepUpId);
  });

  it('is not heard from a case that it has left', () => {
    const specification = new Specification().given(ines, called('ctc_1', NUMBER));
    expect(specification.when(wants()).said).to.deep.equal([]);
    expect(specification.when(offered('ctc_1', 'case_left', 'hello')).said).to.deep.equal([]);
  });
});
