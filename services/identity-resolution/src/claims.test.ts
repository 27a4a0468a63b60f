import { expect } from 'chai';
import { identifierIdOf } from './identifying.ts';
import { caseIdOf } from './placing.ts';
import {
  called,
  email,
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

describe('whom the words of a stranger name', () => {
  const named = (text: string, ...customers: readonly ReturnType<typeof imported>[]) => {
    const specification = new Specification().given(...customers, called('ctc_1', OTHER_NUMBER));
    return specification.when(offered('ctc_1', HOME, text)).one('StepUpStarted').customerId;
  };
  const two = imported('two', phone('+14155550111'), email('two@post.example'));

  it('is the one customer whom all of it points to, as far as it is on file', () => {
    expect(named(`${ADDRESS} and 415-555-0142`, ines, two)).to.equal(INES);
    expect(named(`${ADDRESS} and unknown@post.example`, ines, two)).to.equal(INES);
    expect(named(`${ADDRESS} and 415-555-0111`, ines, two)).to.equal(null);
    expect(named('unknown@post.example', ines, two)).to.equal(null);
  });

  it('has the code sent to the address that was said, and never to one that opens status alone', () => {
    const many = imported('many', email('first@post.example'), email('second@post.example'));
    const specification = new Specification().given(many, called('ctc_1', OTHER_NUMBER));
    specification.when(offered('ctc_1', HOME, 'I am second@post.example'));
    expect(specification.one('MailRequested').to).to.equal('second@post.example');
    const work = 'ines@work.example';
    const linked = new Specification().given(ines, mailed('ctc_1', work, 'hello'));
    prove(linked.when(offered('ctc_1', HOME, `I am ${ADDRESS}`)));
    linked.given(called('ctc_2', OTHER_NUMBER)).when(offered('ctc_2', caseIdOf('ctc_2', 1), `I am ${work}`));
    expect(linked.one('MailRequested').to).to.equal(ADDRESS);
  });

  it('is no order of the mail that it comes back in', () => {
    const work = 'ines@work.example';
    const specification = new Specification().given(ines, mailed('ctc_1', work, 'hello'));
    specification.given(offered('ctc_1', HOME, `I am ${ADDRESS}`));
    specification.when(mailed('ctc_2', work, 'My order: the code is 482913.'));
    expect(specification.document('contact', 'ctc_2')?.orders).to.deep.equal([]);
  });

  it('is counted for an hour: what is older is not held against anybody', () => {
    const specification = asking();
    for (const name of ['a', 'b']) specification.when(offered('ctc_1', HOME, `send it again ${name}`));
    specification.after(60 * MINUTE_MS).when(offered('ctc_1', HOME, `I am still ${ADDRESS}`));
    expect(specification.one('MailRequested').to).to.equal(ADDRESS);
    expect(specification.one('StepUpStarted')).to.include({ limited: false, sent: true });
  });

  it('stands on the record with whom the code would prove, how far, and how it ended', () => {
    const specification = asking();
    const { stepUpId } = specification.one('StepUpStarted');
    const begun = { stepUpId, contactId: 'ctc_1', customerId: INES, needed: 2, sent: true, limited: false };
    expect(specification.one('StepUpStarted')).to.deep.equal(begun);
    expect(specification.one('MailRequested')).to.deep.include({
      contactId: 'ctc_1',
      caseId: HOME,
      to: ADDRESS,
      stepUpId,
      claimId: null,
      customerId: null,
    });
    specification.when(offered('ctc_1', HOME, 'send it again please'));
    expect(specification.one('StepUpStarted')).to.deep.equal(begun);
    specification.when(offered('ctc_1', HOME, 'never mind the code'));
    expect(specification.one('StepUpEnded')).to.deep.equal({
      stepUpId,
      contactId: 'ctc_1',
      outcome: 'expired',
      tries: 0,
    });
    expect(specification.document('stepup', stepUpId)?.state).to.equal('given-up');
  });
});

describe('what is on file of a customer', () => {
  const submitted = (changes: object) => {
    const input = imported('ines', phone(NUMBER));
    if (input.type !== 'CustomerSubmitted') throw new Error('An import submits a customer.');
    return { ...input, body: { ...input.body, ...changes } };
  };
  const outcomeOf = (specification: Specification, changes: object) =>
    specification.when(submitted(changes)).one('CustomerRecorded').outcome;

  it('has changed where one of its values has, and not where its attributes come in another order', () => {
    const [one, two] = [
      { name: 'a', value: '1' },
      { name: 'b', value: '2' },
    ];
    const specification = new Specification().given(submitted({ attributes: [one, two] }));
    expect(outcomeOf(specification, { attributes: [two, one] })).to.equal('unchanged');
    expect(outcomeOf(specification, { attributes: [one, { ...two, value: '3' }] })).to.equal('changed');
    expect(outcomeOf(specification, { attributes: [two] })).to.equal('changed');
    expect(outcomeOf(specification, { attributes: [two], region: 'GB' })).to.equal('changed');
    expect(outcomeOf(specification, { attributes: [two], region: 'GB', name: 'Ines' })).to.equal('changed');
    expect(outcomeOf(specification, { attributes: [two], region: 'GB', name: 'Ines', identifiers: [] })).to.equal(
      'changed',
    );
    expect(outcomeOf(specification, { attributes: [two], region: 'GB', name: 'Ines', identifiers: [] })).to.equal(
      'unchanged',
    );
  });

  it('is told by its batch and line, with the reason of a refusal', () => {
    const specification = new Specification().when(submitted({ batchId: 'batch', line: 7 }));
    const recorded = { customerId: INES, batchId: 'batch', line: 7, outcome: 'added', reason: null };
    expect(specification.one('CustomerRecorded')).to.deep.equal(recorded);
    expect(specification.when(submitted({ externalId: 'bo' })).one('CustomerRecorded').reason).to.be.a('string');
  });

  it('keeps what a code has linked when the record comes again', () => {
    const specification = prove(asking()).when(ines);
    expect(specification.types()).to.deep.equal(['CustomerRecorded']);
    expect(specification.when(called('ctc_2', OTHER_NUMBER)).one('ContactJoined').customerId).to.equal(INES);
  });

  it('has one claim on each identifier, the strongest: a number that a code had linked comes on file', () => {
    const specification = prove(asking()).when(imported('ines', phone(NUMBER), email(ADDRESS), phone(OTHER_NUMBER)));
    const identifierId = identifierIdOf(mac, phone(OTHER_NUMBER));
    const claims = specification.document('customer', INES)?.claims.filter((one) => one.identifierId === identifierId);
    expect(claims?.map(({ proof, scope }) => [proof, scope])).to.deep.equal([['import', 'full']]);
    const others = specification.document('identifier', identifierId)?.claims;
    expect(others?.map(({ customerId, proof }) => [customerId, proof])).to.deep.equal([[INES, 'import']]);
  });

  it('loses a claim with the word of who took it back', () => {
    const claimId = (specification: Specification) =>
      specification.document('customer', INES)?.claims[0]?.claimId ?? '';
    for (const [by, word] of [
      ['operator', 'asked for by an operator'],
      ['mail', 'asked for by mail'],
    ] as const) {
      const specification = new Specification().given(ines);
      const body = { customerId: INES, claimId: claimId(specification), by };
      const revoked = specification.when({ type: 'RevocationRequested', body }).one('ClaimRevoked');
      expect(revoked).to.deep.equal({ claimId: body.claimId, customerId: INES, because: word });
      const left = specification.document('identifier', identifierIdOf(mac, phone(NUMBER)))?.claims;
      expect(left).to.deep.equal([]);
    }
  });

  it('is routed by the one case about the order, also among several, and asks where two are', () => {
    const also = noticed('case_also', INES, { references: [reference('W1234567')] });
    const route = (text: string, ...cases: readonly ReturnType<typeof noticed>[]) =>
      new Specification()
        .given(ines, ...cases)
        .when(mailed('ctc_1', ADDRESS, text))
        .one('ContactIdentified');
    expect(route('order W1234567', refundCase, orderCase).because[1]).to.equal('one case is about the order named');
    expect(route('order W1234567', refundCase, also).because[1]).to.equal('several live cases');
    expect(route('order W9999999', refundCase, orderCase).because[1]).to.equal('no live case is about the order named');
    expect(route('order W9999999', refundCase, noticed('case_bare', INES)).because[1]).to.equal('several live cases');
    expect(route('hello', refundCase).because[1]).to.equal('one live case');
    expect(route('hello', noticed('case_w', INES, { status: 'waiting' })).because[1]).to.equal('one live case');
    expect(route('hello').because[1]).to.equal('no live case');
  });
});
