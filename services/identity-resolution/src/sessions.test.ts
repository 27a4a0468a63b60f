import { expect } from 'chai';
import { identifierIdOf } from './identifying.ts';
import { caseIdOf } from './placing.ts';
import { chatted, email, type Input, imported, MINUTE_MS, mac, offered, Specification, turn } from './specification.ts';
import { ADDRESS, INES, ines, prove } from './specification-story.ts';

const SESSION = identifierIdOf(mac, { type: 'session', value: 'ses_1' });
const seen = (contactId: string, lastActiveMs: number): Input => ({
  type: 'ContactSeen',
  body: { contactId, lastActiveMs },
});
const provenOn = (specification: Specification, contactId: string, address: string) => {
  const caseId = specification.document('contact', contactId)?.caseId ?? '';
  return prove(specification.when(offered(contactId, caseId, `I am ${address}`)), contactId, caseId);
};
const proven = () => provenOn(new Specification().given(ines, chatted('ctc_1', 'ses_1')), 'ctc_1', ADDRESS);
const assuranceOf = (specification: Specification, contactId: string) =>
  specification.when(chatted(contactId, 'ses_1')).one('ContactJoined').assurance;

describe('a session that was proven', () => {
  it('stays fresh by every chat that begins on it', () => {
    const specification = proven().after(25 * MINUTE_MS);
    expect(assuranceOf(specification, 'ctc_2')).to.equal(1);
    expect(assuranceOf(specification.after(25 * MINUTE_MS), 'ctc_3')).to.equal(1);
  });

  it('stays fresh by every turn that is offered', () => {
    const specification = proven().after(25 * MINUTE_MS);
    const said = { ...turn('thanks'), atMs: specification.nowMs };
    specification.given(offered('ctc_1', caseIdOf('ctc_1', 1), said)).after(25 * MINUTE_MS);
    expect(assuranceOf(specification, 'ctc_2')).to.equal(1);
  });

  it('is not fresh for longer by activity that lies in the future', () => {
    const specification = proven();
    specification.given(seen('ctc_1', specification.nowMs + 60 * MINUTE_MS)).after(31 * MINUTE_MS);
    expect(assuranceOf(specification, 'ctc_2')).to.equal(0);
  });

  it('does not idle any sooner by older activity that is reported late', () => {
    const specification = proven();
    const earlierMs = specification.nowMs - 20 * MINUTE_MS;
    specification.given(seen('ctc_1', earlierMs)).after(25 * MINUTE_MS);
    expect(assuranceOf(specification, 'ctc_2')).to.equal(1);
  });

  it('of two people idles for each by their own activity', () => {
    const specification = proven()
      .given(imported('bo', email('bo@post.example')))
      .after(40 * MINUTE_MS);
    provenOn(specification.given(chatted('ctc_2', 'ses_1')), 'ctc_2', 'bo@post.example');
    specification.after(MINUTE_MS).given(seen('ctc_2', specification.nowMs));
    const claims = specification.document('identifier', SESSION)?.claims ?? [];
    const idleMs = claims.map(({ customerId, lastSeenMs }) => [customerId === INES, specification.nowMs - lastSeenMs]);
    expect(idleMs).to.deep.equal([
      [true, 41 * MINUTE_MS],
      [false, 0],
    ]);
  });
});
