import { expect } from 'chai';
import { identifierIdOf } from './identifying.ts';
import { customerIdOf } from './matching.ts';
import { caseIdOf } from './placing.ts';
import {
  called,
  chatted,
  email,
  imported,
  MINUTE_MS,
  mac,
  mailed,
  noticed,
  phone,
  reference,
  Specification,
  started,
} from './specification.ts';

const INES = customerIdOf('ines');
const NUMBER = '+14155550142';
const ADDRESS = 'ines@post.example';
const ines = imported('ines', phone(NUMBER), email(ADDRESS));
const DAY_MS = 24 * 60 * MINUTE_MS;

const terms = (specification: Specification) => {
  const { assurance, disposition, settled, provisional, caseId, customerId, externalId, hop } =
    specification.one('ContactJoined');
  return { assurance, disposition, settled, provisional, caseId, customerId, externalId, hop };
};

describe('a contact that starts', () => {
  it('opens a case for an attested number on file for one customer, at assurance 1', () => {
    const specification = new Specification().given(ines).when(called('ctc_1', NUMBER));
    expect(terms(specification)).to.deep.equal({
      assurance: 1,
      disposition: 'opened',
      settled: true,
      provisional: false,
      caseId: caseIdOf('ctc_1', 1),
      customerId: INES,
      externalId: 'ines',
      hop: 1,
    });
    expect(specification.one('ContactIdentified').because).to.deep.equal([
      'caller ID attested A on file for one customer',
      'no live case',
    ]);
  });

  it('resumes the one live case of its customer, before the case itself was ever heard of', () => {
    const specification = new Specification()
      .given(ines, called('ctc_1', NUMBER))
      .when(mailed('ctc_2', ADDRESS, 'Any news?'));
    expect(terms(specification)).to.include({ disposition: 'resumed', assurance: 1, caseId: caseIdOf('ctc_1', 1) });
    expect(specification.one('ContactJoined').turn?.text).to.equal('Any news?');
    expect(specification.one('ContactJoined').opens).to.equal(true);
  });

  it('says nothing to a number on file for two customers', () => {
    const specification = new Specification().given(ines, imported('bo', phone(NUMBER))).when(called('ctc_1', NUMBER));
    expect(terms(specification)).to.include({
      disposition: 'verify',
      assurance: 0,
      settled: false,
      provisional: true,
      externalId: null,
    });
    expect(terms(specification).customerId).not.to.be.oneOf([INES, customerIdOf('bo')]);
    expect(specification.one('ContactIdentified').because[0]).to.equal('number on file for two customers');
  });

  for (const grade of ['failed', 'none', 'stale'] as const) {
    it(`makes a caller whose number is not attested (${grade}) a person of its own`, () => {
      const specification = new Specification().given(ines, called('ctc_1', NUMBER, grade));
      const first = specification.document('contact', 'ctc_1');
      specification.when(called('ctc_2', NUMBER, grade));
      expect(terms(specification)).to.include({ disposition: 'unmatched', assurance: 0, caseId: caseIdOf('ctc_2', 1) });
      expect(terms(specification).customerId).not.to.be.oneOf([INES, first?.homeCustomerId]);
      expect(specification.types()).not.to.include('ClaimRecorded');
    });
  }

  it('never matches nor answers mail that failed DMARC', () => {
    const specification = new Specification().given(ines).when(mailed('ctc_1', ADDRESS, 'hello', { grade: 'failed' }));
    expect(terms(specification)).to.include({ disposition: 'unmatched', assurance: 0, provisional: true });
    expect(specification.one('ContactJoined').answerable).to.equal(false);
    expect(specification.one('ContactIdentified').because[0]).to.equal('mail failed DMARC');
  });

  it('gives two contacts of one unknown number one provisional customer and one case', () => {
    const specification = new Specification().when(called('ctc_1', NUMBER));
    const first = terms(specification);
    expect(specification.one('ClaimRecorded').proof).to.equal('provisional');
    expect(terms(specification.when(called('ctc_2', NUMBER)))).to.deep.equal(first);
    expect(first).to.include({ disposition: 'unmatched', settled: false, assurance: 0 });
  });

  it('trusts the fresh login of the host site at assurance 2, also for a customer that was never imported', () => {
    const specification = new Specification().when(chatted('ctc_1', 'ses_1', { login: 'new-one' }));
    expect(terms(specification)).to.include({
      assurance: 2,
      disposition: 'opened',
      customerId: customerIdOf('new-one'),
      externalId: 'new-one',
    });
    expect(specification.all('ClaimRecorded').map((claim) => claim.proof)).to.deep.equal(['host-token', 'host-token']);
    expect(specification.document('customer', customerIdOf('new-one'))?.provisional).to.equal(false);
  });

  it('takes a session born from a login for nothing without a fresh one', () => {
    const specification = new Specification()
      .given(ines, chatted('ctc_1', 'ses_1', { login: 'ines' }))
      .when(chatted('ctc_2', 'ses_1'));
    expect(terms(specification)).to.include({ assurance: 0, disposition: 'verify', settled: false });
  });

  it('remembers the twenty newest sessions of a customer and forgets older ones, on both sides', () => {
    const visits = Array.from({ length: 22 }, (_, n) => chatted(`ctc_${n}`, `ses_${n}`, { login: 'ines' }));
    const specification = new Specification().given(ines, ...visits.slice(0, -1)).when(visits[21] ?? ines);
    const claims = specification.document('customer', INES)?.claims ?? [];
    const sessions = claims.flatMap(({ identifier }) => (identifier.type === 'session' ? [identifier.value] : []));
    expect(sessions).to.deep.equal(Array.from({ length: 20 }, (_, n) => `ses_${n + 2}`));
    const forgotten = identifierIdOf(mac, { type: 'session', value: 'ses_0' });
    expect(specification.document('identifier', forgotten)?.claims).to.deep.equal([]);
    expect(specification.one('ClaimRevoked').because).to.equal('20 newer sessions are theirs');
  });

  it('brings an anonymous session back to its provisional case', () => {
    const specification = new Specification().when(chatted('ctc_1', 'ses_1'));
    const first = terms(specification);
    expect(first).to.include({ disposition: 'unmatched', provisional: true });
    specification.after(10 * MINUTE_MS).when(chatted('ctc_2', 'ses_1', { grade: 'stale' }));
    expect(terms(specification)).to.deep.equal(first);
  });

  it('opens a new provisional case once the former one is closed', () => {
    const specification = new Specification().given(chatted('ctc_1', 'ses_1'));
    const contact = specification.document('contact', 'ctc_1');
    specification
      .given(noticed(caseIdOf('ctc_1', 1), contact?.homeCustomerId ?? '', { status: 'closed' }))
      .when(chatted('ctc_2', 'ses_1'));
    expect(terms(specification)).to.include({ caseId: caseIdOf('ctc_2', 1), customerId: contact?.homeCustomerId });
  });

  it('claims nothing from hints', () => {
    const hint = { method: 'hint', grade: 'proven', identifier: email(ADDRESS), seenMs: null } as const;
    const specification = new Specification().given(ines).when(started('ctc_1', { evidence: [hint] }));
    expect(terms(specification)).to.include({ disposition: 'unmatched', assurance: 0 });
  });

  it('only answers the new connection when the same contact starts again', () => {
    const specification = new Specification()
      .given(ines, called('ctc_1', NUMBER))
      .when(called('ctc_1', NUMBER, 'proven', { connectionId: 'con_2' }));
    expect(specification.types()).to.deep.equal(['ContactReconnected']);
    expect(specification.one('ContactReconnected')).to.include({ connectionId: 'con_2', wantsFrames: false, hop: 1 });
  });

  it('says nothing when the same mail comes again', () => {
    const mail = mailed('ctc_1', ADDRESS, 'hello');
    expect(new Specification().given(ines, mail).when(mail).said).to.deep.equal([]);
  });

  it('passes on what a resumed connection asks for, and nothing for a contact that nobody knows', () => {
    const resumed = (contactId: string) =>
      ({
        type: 'ContactResumed',
        body: { contactId, connectionId: 'con_9', wantsFrames: true, after: 'said_1' },
      }) as const;
    const specification = new Specification().given(ines, called('ctc_1', NUMBER)).when(resumed('ctc_1'));
    expect(specification.one('ContactReconnected')).to.include({
      connectionId: 'con_9',
      wantsFrames: true,
      after: 'said_1',
    });
    expect(specification.when(resumed('ctc_unknown')).said).to.deep.equal([]);
  });
});

describe('the case of a known customer', () => {
  const refundCase = noticed('case_refund', INES, { kind: 'refund', references: [reference('W1234567')] });
  const orderCase = noticed('case_order', INES, { kind: 'order', references: [reference('W7654321')] });

  it('is the one about the order that the first turn names', () => {
    const specification = new Specification()
      .given(ines, refundCase, orderCase)
      .when(mailed('ctc_1', ADDRESS, 'about order W7654321'));
    expect(terms(specification)).to.include({ disposition: 'resumed', caseId: 'case_order' });
  });

  it('is also found by an order in the subject of a mail', () => {
    const mail = mailed('ctc_1', ADDRESS, 'any news?', { subject: 'Order W1234567' });
    expect(terms(new Specification().given(ines, refundCase, orderCase).when(mail)).caseId).to.equal('case_refund');
  });

  it('is a new one where an order is named that no live case is about', () => {
    const specification = new Specification()
      .given(ines, refundCase)
      .when(mailed('ctc_1', ADDRESS, 'about order W9999999'));
    expect(terms(specification)).to.include({ disposition: 'opened', caseId: caseIdOf('ctc_1', 1) });
  });

  it('is a question where several are live, and none of them is read out', () => {
    const specification = new Specification().given(ines, refundCase, orderCase).when(called('ctc_1', NUMBER));
    expect(terms(specification)).to.include({
      disposition: 'choose',
      assurance: 1,
      settled: false,
      provisional: true,
      externalId: null,
    });
    expect(terms(specification).caseId).not.to.be.oneOf(['case_refund', 'case_order']);
  });

  it('is a resolved one for fourteen days only, and only if none is live', () => {
    const resolved = noticed('case_old', INES, { status: 'resolved' });
    const within = new Specification().given(ines, resolved).after(14 * DAY_MS);
    expect(terms(within.when(called('ctc_1', NUMBER)))).to.include({ disposition: 'resumed', caseId: 'case_old' });
    const later = new Specification().given(ines, resolved).after(14 * DAY_MS + 1);
    expect(terms(later.when(called('ctc_1', NUMBER)))).to.include({ disposition: 'opened' });
    const besides = new Specification().given(ines, resolved, refundCase);
    expect(terms(besides.when(called('ctc_1', NUMBER))).caseId).to.equal('case_refund');
  });

  it('is the one that the token of their mail names, however many are live', () => {
    const specification = new Specification()
      .given(ines, refundCase, orderCase)
      .when(mailed('ctc_1', ADDRESS, 'yes', { caseId: 'case_order' }));
    expect(terms(specification)).to.include({ disposition: 'resumed', caseId: 'case_order' });
  });

  it('is the continuation of the one that the token names', () => {
    const closed = noticed('case_old', INES, { status: 'closed', continuedIn: 'case_order' });
    const specification = new Specification()
      .given(ines, refundCase, orderCase, closed)
      .when(mailed('ctc_1', ADDRESS, 'yes', { caseId: 'case_old' }));
    expect(terms(specification).caseId).to.equal('case_order');
  });

  it("is not opened by somebody else's token", () => {
    const stranger = new Specification()
      .given(ines, refundCase)
      .when(mailed('ctc_1', 'eve@else.example', 'yes', { caseId: 'case_refund' }));
    expect(terms(stranger)).to.include({ disposition: 'unmatched', assurance: 0, caseId: caseIdOf('ctc_1', 1) });
    const known = new Specification().given(ines, refundCase, imported('bo', email('bo@post.example')));
    known.when(mailed('ctc_1', 'bo@post.example', 'yes', { caseId: 'case_refund' }));
    expect(terms(known)).to.include({
      disposition: 'opened',
      customerId: customerIdOf('bo'),
      caseId: caseIdOf('ctc_1', 1),
    });
  });

  it('is routed again, with what was said, where it was closed when the contact came', () => {
    const refused = {
      type: 'JoinRefused',
      body: { contactId: 'ctc_1', caseId: 'case_refund', continuedIn: null },
    } as const;
    const specification = new Specification().given(ines, refundCase, mailed('ctc_1', ADDRESS, 'hello')).when(refused);
    expect(terms(specification)).to.include({ disposition: 'opened', hop: 2, caseId: caseIdOf('ctc_1', 2) });
    expect(specification.one('ContactJoined').turn?.text).to.equal('hello');
    expect(specification.one('ContactRerouted')).to.include({
      fromCaseId: 'case_refund',
      toCaseId: caseIdOf('ctc_1', 2),
    });
    expect(specification.when(refused).said, 'the same refusal again').to.deep.equal([]);
  });

  it('is the continuation that a refusal tells of, heard of or not', () => {
    const refused = {
      type: 'JoinRefused',
      body: { contactId: 'ctc_1', caseId: 'case_refund', continuedIn: 'case_next' },
    } as const;
    const specification = new Specification().given(ines, refundCase, called('ctc_1', NUMBER)).when(refused);
    expect(terms(specification)).to.include({ disposition: 'resumed', hop: 2, caseId: 'case_next' });
  });

  it('gives a contact that has not settled another provisional case on a refusal', () => {
    const refused = {
      type: 'JoinRefused',
      body: { contactId: 'ctc_1', caseId: caseIdOf('ctc_1', 1), continuedIn: null },
    } as const;
    const specification = new Specification().given(called('ctc_1', NUMBER)).when(refused);
    expect(terms(specification)).to.include({
      disposition: 'unmatched',
      provisional: true,
      hop: 2,
      caseId: caseIdOf('ctc_1', 2),
    });
  });

  it('is known by its newest notice, whatever order they come in', () => {
    const newer = noticed('case_refund', INES, { version: 9, status: 'closed' });
    const specification = new Specification().given(ines, newer, refundCase).when(called('ctc_1', NUMBER));
    expect(terms(specification).disposition).to.equal('opened');
    expect(specification.when(noticed('case_x', 'cus_nobody')).said).to.deep.equal([]);
  });

  it('is the one of the token in the address, whatever thread the mail answers', () => {
    const value = (method: 'thread-reference' | 'case-token', caseId: string) =>
      ({ method, grade: 'proven', identifier: { type: 'case', value: caseId }, seenMs: null }) as const;
    const mail = mailed('ctc_1', ADDRESS, 'yes');
    if (mail.type !== 'ContactStarted') throw new Error('A mail starts a contact.');
    const evidence = [
      ...mail.body.evidence,
      value('thread-reference', 'case_refund'),
      value('case-token', 'case_order'),
    ];
    const specification = new Specification().given(ines, refundCase, orderCase, called('ctc_0', NUMBER));
    specification.when({ ...mail, body: { ...mail.body, evidence } });
    expect(terms(specification).caseId).to.equal('case_order');
    expect(specification.one('ContactIdentified').because[1]).to.equal('the reply belongs to a case of theirs');
  });

  it('opens where it was not heard of, and not where it was, whatever else they have', () => {
    const fresh = new Specification().given(ines, called('ctc_0', NUMBER), refundCase);
    const opens = (caseId: string, contactId: string) =>
      fresh.when(mailed(contactId, ADDRESS, 'yes', { caseId })).one('ContactJoined').opens;
    expect(opens('case_refund', 'ctc_1')).to.equal(false);
    expect(opens(caseIdOf('ctc_0', 1), 'ctc_2')).to.equal(true);
    expect(new Specification().given(ines).when(called('ctc_0', NUMBER)).one('ContactJoined').opens).to.equal(true);
  });
});
