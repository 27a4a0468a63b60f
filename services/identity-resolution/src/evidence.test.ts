import type { ContactStarted, Evidence } from '@throughline/schemas/generated/messages';
import { expect } from 'chai';
import {
  called,
  chatted,
  email,
  type Input,
  imported,
  MINUTE_MS,
  mailed,
  offered,
  phone,
  Specification,
  started,
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

const evidence = (
  method: Evidence['method'],
  grade: Evidence['grade'],
  identifier: Evidence['identifier'],
): Evidence => ({
  method,
  grade,
  identifier,
  seenMs: null,
});
const bo = imported('bo', phone(NUMBER), email(ADDRESS));
const cy = imported('cy', phone(NUMBER));
const withEvidence = (contactId: string, ...shown: readonly Evidence[]) => started(contactId, { evidence: shown });

describe('why a contact is taken for somebody, as it stands on the record', () => {
  const why = (specification: Specification) => specification.one('ContactIdentified').because[0];
  const of = (...inputs: readonly Input[]) => new Specification().given(...inputs);

  for (const [because, ...stories] of [
    ['fresh login of the host site', () => of(ines).when(chatted('ctc_1', 'ses_1', { login: 'ines' }))],
    ['caller ID attested A on file for one customer', () => of(ines).when(called('ctc_1', NUMBER))],
    ['caller ID attested A not on file', () => of(ines).when(called('ctc_1', OTHER_NUMBER))],
    ['number on file for two customers', () => of(ines, bo).when(called('ctc_1', NUMBER))],
    ['number on file for several customers', () => of(ines, bo, cy).when(called('ctc_1', NUMBER))],
    ['caller ID not attested A', () => of(ines).when(called('ctc_1', NUMBER, 'failed'))],
    ['DMARC-aligned address on file for one customer', () => of(ines).when(mailed('ctc_1', ADDRESS, 'hello'))],
    ['DMARC-aligned address not on file', () => of(ines).when(mailed('ctc_1', 'eve@else.example', 'hello'))],
    ['address on file for two customers', () => of(ines, bo).when(mailed('ctc_1', ADDRESS, 'hello'))],
    ['mail failed DMARC', () => of(ines).when(mailed('ctc_1', ADDRESS, 'hello', { grade: 'failed' }))],
    ['signed session not on file', () => of(ines).when(chatted('ctc_1', 'ses_1'))],
    [
      'session of the host site without a fresh login',
      () => of(ines, chatted('ctc_1', 'ses_1', { login: 'ines' })).when(chatted('ctc_2', 'ses_1')),
    ],
    [
      'nothing shown',
      () => of(ines).when(started('ctc_1')),
      () => of(ines).when(withEvidence('ctc_1', evidence('hint', 'proven', email(ADDRESS)))),
      () => of(ines).when(withEvidence('ctc_1', evidence('session', 'failed', { type: 'session', value: 's' }))),
    ],
  ] as const)
    it(`is that: ${because}`, () => {
      for (const story of stories) expect(why(story())).to.equal(because);
    });

  it('is a session that was proven by a code and idle for too long, by its own word or by the time', () => {
    const proven = (): Specification => {
      const specification = of(ines, chatted('ctc_1', 'ses_1'));
      return prove(specification.when(offered('ctc_1', HOME, `I am ${ADDRESS}`)));
    };
    expect(why(proven().when(chatted('ctc_2', 'ses_1')))).to.equal('signed session on file for one customer');
    expect(why(proven().when(chatted('ctc_2', 'ses_1', { grade: 'stale' })))).to.equal(
      'session idle for more than 30 minutes',
    );
    const late = proven().after(30 * MINUTE_MS + 1);
    expect(why(late.when(chatted('ctc_2', 'ses_1')))).to.equal('session idle for more than 30 minutes');
  });
});

describe('what a contact brings along when it starts', () => {
  const shownBy = (changes: Partial<ContactStarted>) =>
    new Specification().given(ines, refundCase, orderCase).when(started('ctc_1', changes)).one('ContactJoined');

  it('is all that its case needs to know of it', () => {
    const specification = new Specification().given(ines, refundCase);
    specification.when(called('ctc_1', NUMBER, 'proven', { route: 'the way back', answerable: false }));
    expect(specification.one('ContactJoined')).to.deep.equal({
      contactId: 'ctc_1',
      caseId: 'case_refund',
      customerId: INES,
      externalId: 'ines',
      provisional: false,
      channel: 'voice',
      startedMs: specification.nowMs,
      connectionId: 'con_ctc_1',
      route: 'the way back',
      answerable: false,
      expectsWords: true,
      opens: false,
      assurance: 1,
      disposition: 'resumed',
      settled: true,
      hop: 1,
      because: ['caller ID attested A on file for one customer', 'one live case'],
      turn: null,
      codeAwaited: false,
      movedFrom: null,
      formerGoesOn: false,
      carriedFacts: [],
      carriedTurns: [],
      takenInputs: [],
    });
    expect(specification.one('ContactIdentified')).to.deep.equal({
      contactId: 'ctc_1',
      caseId: 'case_refund',
      channel: 'voice',
      customerId: INES,
      provisional: false,
      assurance: 1,
      disposition: 'resumed',
      because: ['caller ID attested A on file for one customer', 'one live case'],
    });
    expect(specification.said.map(({ topic, key, subject }) => [topic, key, subject])).to.deep.equal([
      ['identity.events.v1', 'default', 'ctc_1'],
      ['case.inputs.v1', 'case_refund', 'case_refund'],
    ]);
  });

  it('is the thread that a mail answers, where the mail proves it', () => {
    const thread = (grade: Evidence['grade']) => [
      evidence('dmarc', 'proven', email(ADDRESS)),
      evidence('thread-reference', grade, { type: 'case', value: 'case_order' }),
    ];
    const mail = { channel: 'email', connectionId: null } as const;
    expect(shownBy({ ...mail, evidence: thread('proven') }).caseId).to.equal('case_order');
    expect(shownBy({ ...mail, evidence: thread('none') }).disposition).to.equal('choose');
  });

  it('is an order that its subject or its first words name, each read by itself', () => {
    const mail = (subjectLine: string, text: string) =>
      new Specification()
        .given(ines, refundCase, orderCase)
        .when(mailed('ctc_1', ADDRESS, text, { subject: subjectLine }))
        .one('ContactJoined');
    expect(mail('order W1234567', '890 boxes came').caseId).to.equal('case_refund');
    expect(mail('hello', 'order W7654321').caseId).to.equal('case_order');
  });

  it('is the region by which it says numbers', () => {
    const specification = new Specification().given(imported('gb', phone('+442079460958'), email('gb@post.example')));
    specification.given(called('ctc_1', OTHER_NUMBER, 'proven', { region: 'GB' }));
    specification.when(offered('ctc_1', HOME, 'my number is 020 7946 0958'));
    expect(specification.one('MailRequested').to).to.equal('gb@post.example');
  });

  it('is a login that stays the customer’s, once, and takes the session from whoever it was before', () => {
    const specification = new Specification().given(chatted('ctc_1', 'ses_1'));
    specification.when(chatted('ctc_2', 'ses_1', { login: 'ines' }));
    expect(specification.one('ClaimRevoked').because).to.equal('the host site named its customer');
    expect(
      specification.all('ClaimRecorded').map(({ proof, scope, contactId }) => [proof, scope, contactId]),
    ).to.deep.equal([
      ['host-token', 'full', 'ctc_2'],
      ['host-token', 'full', 'ctc_2'],
    ]);
    specification.when(chatted('ctc_3', 'ses_1', { login: 'ines' }));
    expect(specification.types()).to.deep.equal(['ContactIdentified', 'ContactJoined']);
    expect(specification.one('ContactJoined')).to.include({ disposition: 'resumed', assurance: 2, externalId: 'ines' });
  });

  it('is a new provisional case of its own where what it shows has earned nothing', () => {
    const specification = new Specification().given(ines, bo).when(called('ctc_1', NUMBER));
    expect(specification.one('ContactIdentified')).to.include({
      provisional: true,
      assurance: 0,
      disposition: 'verify',
    });
    expect(specification.one('ContactJoined')).to.include({ opens: true, caseId: HOME });
    expect(specification.types()).not.to.include('ClaimRecorded');
  });
});
