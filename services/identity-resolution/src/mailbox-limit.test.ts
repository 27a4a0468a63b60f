import { expect } from 'chai';
import { caseIdOf } from './placing.ts';
import { called, email, imported, MINUTE_MS, mailed, offered, Specification, turn } from './specification.ts';
import { ADDRESS, ines, prove } from './specification-story.ts';
import { CODES_PER_MAILBOX } from './stepup.ts';

describe('the limit on the codes that one mailbox gets from all origins', () => {
  it('is twenty an hour, also where every mail comes from another address of one stranger', () => {
    const specification = new Specification().given(ines);
    const mails = Array.from({ length: 60 }, (_, one) => asksByMail(specification, one).one('MailRequested').to);
    expect(mails.filter((to) => to === ADDRESS)).to.have.lengthOf(CODES_PER_MAILBOX);
  });

  it('holds codes back without a word about it, and what it holds back proves nobody', () => {
    const toInes = asksOften(new Specification().given(ines));
    const toNobody = asksOften(new Specification());
    for (const specification of [toInes, toNobody]) asks(specification, 'ctc_late');
    expect(toInes.one('StepUpStarted')).to.include({ sent: false, limited: true });
    expect(toInes.said.filter(({ topic }) => topic === 'case.inputs.v1')).to.deep.equal(
      toNobody.said.filter(({ topic }) => topic === 'case.inputs.v1'),
    );
    for (const specification of [toInes, toNobody]) prove(specification, 'ctc_late', caseIdOf('ctc_late', 1));
    expect(toInes.one('TurnWeighed')).to.deep.equal(toNobody.one('TurnWeighed'));
    expect(toInes.one('TurnWeighed')).to.include({ verdict: 'code-wrong', assurance: 0 });
  });

  it('counts a code that is sent again, and holds that back too', () => {
    const specification = new Specification().given(ines);
    asks(specification, 'ctc_first');
    asksOften(specification, CODES_PER_MAILBOX - 2);
    const again = (text: string) => specification.when(offered('ctc_first', caseIdOf('ctc_first', 1), text));
    expect(again('send it again').one('MailRequested').to).to.equal(ADDRESS);
    expect(again('please send it again').one('MailRequested').to).to.equal(null);
    expect(specification.one('TurnWeighed').verdict).to.equal('code-sent');
  });

  it('is over after an hour, and is no limit on anybody else', () => {
    const specification = asksOften(new Specification().given(ines, imported('bo', email('bo@post.example'))));
    expect(asks(specification, 'ctc_bo', 'bo@post.example').one('MailRequested').to).to.equal('bo@post.example');
    expect(asks(specification.after(60 * MINUTE_MS), 'ctc_late').one('MailRequested').to).to.equal(ADDRESS);
  });

  it('counts no code that an origin of its own limit does not get', () => {
    const specification = new Specification().given(ines);
    for (let one = 0; one < 40; one += 1) asksByMail(specification, one, 'eve@else.example');
    expect(asks(specification, 'ctc_1').one('MailRequested').to).to.equal(ADDRESS);
  });
});

/** Somebody whose call is an origin of its own says an address. */
function asks(specification: Specification, contactId: string, address = ADDRESS): Specification {
  specification.given(called(contactId, '+14155550177', 'failed'));
  return specification.when(offered(contactId, caseIdOf(contactId, 1), `I am ${address}`));
}

/** A stranger writes from one of the addresses of their domain. */
function asksByMail(specification: Specification, index: number, from = `a${index}@else.example`): Specification {
  const contactId = `ctc_mail_${index}`;
  specification.given(mailed(contactId, from, 'hello'));
  const home = specification.document('contact', contactId)?.caseId ?? '';
  return specification.when(offered(contactId, home, turn(`I am ${ADDRESS}`, `inp_ask_${index}`)));
}

/** So many people ask for a code to the one address, each from another origin. */
function asksOften(specification: Specification, count = CODES_PER_MAILBOX): Specification {
  for (let one = 0; one < count; one += 1) asks(specification, `ctc_call_${one}`);
  return specification;
}
