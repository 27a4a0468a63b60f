import { expect } from 'chai';
import { caseIdOf } from './placing.ts';
import {
  called,
  email,
  imported,
  MINUTE_MS,
  mailed,
  offered,
  phone,
  rightCode,
  Specification,
  wrongCode,
} from './specification.ts';
import { ADDRESS, asking, HOME, INES, ines, OTHER_NUMBER, prove, refundCase } from './specification-story.ts';

describe('a step-up', () => {
  it('says and sends the same whether the address is on file or not, but for where it goes', () => {
    const known = asking();
    const unknown = new Specification()
      .given(called('ctc_1', OTHER_NUMBER))
      .when(offered('ctc_1', HOME, `I am ${ADDRESS}`));
    expect(known.types()).to.deep.equal(unknown.types());
    expect(known.one('TurnWeighed')).to.deep.equal(unknown.one('TurnWeighed'));
    expect(known.one('TurnWeighed')).to.include({
      verdict: 'code-sent',
      codeAwaited: true,
      triesLeft: 5,
      assurance: 0,
    });
    expect(known.one('MailRequested')).to.deep.equal({ ...unknown.one('MailRequested'), to: ADDRESS });
    expect(unknown.one('MailRequested')).to.include({ to: null, kind: 'code', channel: 'voice', digits: '77' });
    expect(known.one('StepUpStarted')).to.include({ customerId: INES, sent: true });
    expect(unknown.one('StepUpStarted')).to.include({ customerId: null, sent: false });
  });

  it('goes to the address on file for a number that was said', () => {
    const specification = new Specification().given(ines, called('ctc_1', OTHER_NUMBER));
    specification.when(offered('ctc_1', HOME, 'my number is 415-555-0142'));
    expect(specification.one('MailRequested').to).to.equal(ADDRESS);
  });

  it('goes to nobody where what was said is on file for two customers', () => {
    const specification = asking(imported('bo', email(ADDRESS)));
    expect(specification.one('MailRequested').to).to.equal(null);
    expect(specification.one('TurnWeighed').verdict).to.equal('code-sent');
  });

  it('never goes to an address that the mail itself came from', () => {
    const specification = new Specification().given(ines, imported('bo', email(ADDRESS)));
    specification.given(mailed('ctc_1', ADDRESS, 'hello')).when(offered('ctc_1', HOME, 'my number is 415-555-0142'));
    expect(specification.one('MailRequested').to).to.equal(null);
  });

  it('finds nothing in a turn that names nobody, an order number included', () => {
    const specification = new Specification().given(ines, refundCase, called('ctc_1', OTHER_NUMBER));
    specification.when(offered('ctc_1', HOME, 'where is my order W1234567'));
    expect(specification.types()).to.deep.equal(['TurnWeighed']);
    expect(specification.one('TurnWeighed')).to.include({ verdict: 'nothing-found', codeAwaited: false, triesLeft: 0 });
  });

  it('is not begun for mail that nobody may answer', () => {
    const specification = new Specification().given(
      ines,
      mailed('ctc_1', 'eve@else.example', 'x', { grade: 'failed' }),
    );
    specification.when(offered('ctc_1', HOME, `I am ${ADDRESS}`));
    expect(specification.types()).to.deep.equal(['TurnWeighed']);
  });

  it('sends the same code again when asked, in another mail', () => {
    const specification = asking();
    const first = specification.one('MailRequested');
    const again = specification.when(offered('ctc_1', HOME, 'please send it again')).one('MailRequested');
    expect(again.stepUpId).to.equal(first.stepUpId);
    expect(again.mailId).not.to.equal(first.mailId);
    const third = specification.when(offered('ctc_1', HOME, `it was ${ADDRESS}`)).one('MailRequested');
    expect(third.stepUpId).to.equal(first.stepUpId);
  });

  it('is replaced where another address is named', () => {
    const specification = asking();
    const { stepUpId } = specification.one('StepUpStarted');
    specification.when(offered('ctc_1', HOME, 'sorry, it is other@post.example'));
    expect(specification.one('StepUpStarted').stepUpId).not.to.equal(stepUpId);
    expect(specification.document('stepup', stepUpId)?.state).to.equal('replaced');
  });

  it('asks for the code once more in a turn that brings none', () => {
    const specification = asking().when(offered('ctc_1', HOME, 'one moment please'));
    expect(specification.types()).to.deep.equal(['TurnWeighed']);
    expect(specification.one('TurnWeighed')).to.include({ verdict: 'code-sent', codeAwaited: true });
  });

  it('ends when they give it up', () => {
    const specification = asking().when(offered('ctc_1', HOME, 'never mind the code'));
    expect(specification.one('TurnWeighed')).to.include({ verdict: 'nothing-found', codeAwaited: false });
  });

  it('stands five tries, and a turn with many numbers is as many tries', () => {
    const specification = asking();
    specification.when(offered('ctc_1', HOME, wrongCode('ctc_1', 'one')));
    expect(specification.one('TurnWeighed')).to.include({ verdict: 'code-wrong', triesLeft: 4, codeAwaited: true });
    specification.when(offered('ctc_1', HOME, wrongCode('ctc_1', 'many', 900)));
    expect(specification.one('TurnWeighed')).to.include({
      verdict: 'code-exhausted',
      triesLeft: 0,
      codeAwaited: false,
    });
    expect(specification.one('StepUpEnded')).to.include({ outcome: 'exhausted', tries: 5 });
  });

  it('cannot be proven any more once its tries are used up', () => {
    const specification = asking();
    const { stepUpId } = specification.one('StepUpStarted');
    specification.given(offered('ctc_1', HOME, wrongCode('ctc_1', 'many', 5)));
    specification.when(offered('ctc_1', HOME, rightCode('ctc_1', stepUpId)));
    expect(specification.one('TurnWeighed')).to.include({ verdict: 'code-exhausted', assurance: 0 });
  });

  it('is over after ten minutes', () => {
    const specification = asking();
    prove(specification.after(10 * MINUTE_MS + 1));
    expect(specification.one('StepUpEnded').outcome).to.equal('expired');
    expect(specification.one('TurnWeighed')).to.include({ verdict: 'code-expired', codeAwaited: false, assurance: 0 });
  });

  it('proves nothing on another contact', () => {
    const specification = asking();
    const { stepUpId } = specification.one('StepUpStarted');
    specification.given(called('ctc_2', '+14155550199'));
    specification.when(offered('ctc_2', caseIdOf('ctc_2', 1), rightCode('ctc_2', stepUpId)));
    expect(specification.one('TurnWeighed')).to.include({ verdict: 'nothing-found', assurance: 0 });
  });

  it('proves nothing where nobody was on file, whatever code is said', () => {
    const specification = new Specification().given(called('ctc_1', OTHER_NUMBER));
    prove(specification.when(offered('ctc_1', HOME, `I am ${ADDRESS}`)));
    expect(specification.one('TurnWeighed').verdict).to.equal('code-wrong');
  });

  it('is asked for three times an hour for one address, without a word about it', () => {
    const specification = asking();
    for (const name of ['a', 'b', 'c']) specification.when(offered('ctc_1', HOME, `send it again ${name}`));
    expect(specification.one('MailRequested').to).to.equal(null);
    expect(specification.one('StepUpStarted')).to.include({ limited: true, sent: false });
    expect(specification.one('TurnWeighed').verdict).to.equal('code-sent');
    const stranger = specification.given(called('ctc_2', '+14155550199'));
    stranger.when(offered('ctc_2', caseIdOf('ctc_2', 1), `I am ${ADDRESS}`));
    expect(stranger.one('MailRequested').to, 'somebody else is not locked out').to.equal(ADDRESS);
  });

  it('that is held back proves nobody, whatever is said for it, and sounds like any other', () => {
    const toNobody = heldBack(new Specification().given(called('ctc_1', OTHER_NUMBER)));
    const toInes = heldBack(new Specification().given(ines, called('ctc_1', OTHER_NUMBER)));
    for (const specification of [toNobody, toInes]) {
      expect(specification.one('StepUpStarted')).to.include({ limited: true, sent: false });
      prove(specification);
    }
    expect(toInes.types()).to.deep.equal(toNobody.types());
    expect(toInes.one('TurnWeighed')).to.deep.equal(toNobody.one('TurnWeighed'));
    expect(toInes.one('TurnWeighed')).to.include({ verdict: 'code-wrong', triesLeft: 4, assurance: 0 });
  });

  it('that was held back proves once it has been sent after all', () => {
    const specification = heldBack(new Specification().given(ines, called('ctc_1', OTHER_NUMBER)), 18 * MINUTE_MS);
    const { stepUpId } = specification.one('StepUpStarted');
    specification.after(7 * MINUTE_MS).when(offered('ctc_1', HOME, 'send it again'));
    expect(specification.one('MailRequested')).to.include({ to: ADDRESS, stepUpId });
    expect(prove(specification).types()).to.include('OwnerProven');
  });

  it('that has been mailed once proves where another mail of it is held back', () => {
    const specification = asking();
    for (const name of ['a', 'b', 'c']) specification.when(offered('ctc_1', HOME, `send it again ${name}`));
    expect(specification.one('StepUpStarted').sent).to.equal(false);
    expect(prove(specification).types()).to.include('OwnerProven');
  });

  it('is asked for ten times an hour in all, and that is told', () => {
    const specification = new Specification().given(ines, called('ctc_1', OTHER_NUMBER));
    for (let one = 0; one < 10; one += 1) specification.given(offered('ctc_1', HOME, `I am number${one}@post.example`));
    specification.when(offered('ctc_1', HOME, `I am ${ADDRESS}`));
    expect(specification.one('TurnWeighed').verdict).to.equal('code-limited');
    expect(specification.all('MailRequested')).to.deep.equal([]);
    specification.after(61 * MINUTE_MS).when(offered('ctc_1', HOME, `now it is ${ADDRESS}`));
    expect(specification.one('TurnWeighed').verdict).to.equal('code-sent');
  });

  it('is not sent again past the total limit either', () => {
    const specification = new Specification().given(ines, called('ctc_1', OTHER_NUMBER));
    for (let one = 0; one < 10; one += 1) specification.given(offered('ctc_1', HOME, `I am number${one}@post.example`));
    specification.when(offered('ctc_1', HOME, 'send it again'));
    expect(specification.types()).to.deep.equal(['TurnWeighed']);
    expect(specification.one('TurnWeighed')).to.include({ verdict: 'code-limited', codeAwaited: true });
  });

  it('weighs a turn that is offered twice once', () => {
    const specification = asking();
    expect(specification.when(offered('ctc_1', HOME, `I am ${ADDRESS}`)).said).to.deep.equal([]);
  });

  it('reaches a caller who shows nothing, too', () => {
    const specification = new Specification().given(ines, called('ctc_1', OTHER_NUMBER, 'failed'));
    expect(specification.when(offered('ctc_1', HOME, `I am ${ADDRESS}`)).one('MailRequested').to).to.equal(ADDRESS);
  });

  it('goes to an address that is theirs alone, never to one that somebody else has on file as well', () => {
    const number = phone('+14155550142');
    const [shared, own] = [email('shared@post.example'), email('own@post.example')];
    const specification = new Specification().given(imported('two', number, shared, own), imported('bo', shared));
    specification.given(called('ctc_1', OTHER_NUMBER)).when(offered('ctc_1', HOME, 'my number is 415-555-0142'));
    expect(specification.one('MailRequested').to).to.equal('own@post.example');
  });

  it('goes to nobody where the number that was said is on file for two customers', () => {
    const bo = imported('bo', phone('+14155550142'), email('bo@post.example'));
    const specification = new Specification().given(ines, bo, called('ctc_1', OTHER_NUMBER));
    specification.when(offered('ctc_1', HOME, 'my number is 415-555-0142'));
    expect(specification.one('MailRequested').to).to.equal(null);
  });

  it('reads the first four addresses of a turn, however many it lists', () => {
    const others = [1, 2, 3, 4].map((n) => `number${n}@post.example`).join(' ');
    const asked = (text: string) =>
      new Specification()
        .given(ines, called('ctc_1', OTHER_NUMBER))
        .when(offered('ctc_1', HOME, text))
        .one('MailRequested').to;
    expect(asked(`${ADDRESS} ${others}`)).to.equal(ADDRESS);
    expect(asked(`${others} ${ADDRESS}`)).to.equal(null);
  });

  it('is right up to its tenth minute', () => {
    expect(prove(asking().after(10 * MINUTE_MS)).types()).to.include('OwnerProven');
  });

  it('of a call is awaited by that call alone', () => {
    const specification = asking().when(called('ctc_2', OTHER_NUMBER));
    expect(specification.one('ContactJoined').codeAwaited).to.equal(false);
  });

  it('sends every mail under an id of its own', () => {
    const specification = asking();
    const ids = [specification.one('MailRequested').mailId];
    for (const text of ['send it again', 'please send it again']) {
      specification.when(offered('ctc_1', HOME, text));
      ids.push(specification.one('MailRequested').mailId);
    }
    expect(new Set(ids).size).to.equal(3);
  });

  it('is sent again where one of the addresses named is that of before', () => {
    const specification = asking();
    const { stepUpId } = specification.one('StepUpStarted');
    specification.when(offered('ctc_1', HOME, `${ADDRESS} or other@post.example`));
    expect(specification.one('StepUpStarted').stepUpId).to.equal(stepUpId);
  });

  it('of nobody on file is on the record as not sent, the second time too', () => {
    const specification = new Specification().given(called('ctc_1', OTHER_NUMBER));
    specification.given(offered('ctc_1', HOME, `I am ${ADDRESS}`)).when(offered('ctc_1', HOME, 'send it again'));
    expect(specification.one('StepUpStarted')).to.include({ sent: false, limited: false });
  });

  it('is held back for a whole hour from when the first of too many was asked for', () => {
    const specification = asking();
    for (const name of ['a', 'b', 'c'])
      specification.after(9 * MINUTE_MS).given(offered('ctc_1', HOME, `my address is ${ADDRESS}, ${name}`));
    specification.after(30 * MINUTE_MS).when(offered('ctc_1', HOME, `I am ${ADDRESS} still`));
    expect(specification.one('StepUpStarted').limited).to.equal(true);
    specification.after(12 * MINUTE_MS).when(offered('ctc_1', HOME, `I am ${ADDRESS} even now`));
    expect(specification.one('StepUpStarted').limited).to.equal(false);
  });

  it('past the total limit is on the record under an id that no other is given, and others may still ask', () => {
    const specification = new Specification().given(ines, called('ctc_1', OTHER_NUMBER));
    const ids: string[] = [];
    const asks = (text: string) => {
      const begun = specification.when(offered('ctc_1', HOME, text)).one('StepUpStarted');
      ids.push(begun.stepUpId);
      return begun;
    };
    for (let one = 0; one < 10; one += 1) asks(`I am number${one}@post.example`);
    const { stepUpId, ...limited } = asks(`I am ${ADDRESS}`);
    expect(limited).to.deep.equal({ contactId: 'ctc_1', customerId: INES, needed: 2, sent: false, limited: true });
    specification.given(called('ctc_2', '+14155550199'));
    specification.when(offered('ctc_2', caseIdOf('ctc_2', 1), `I am ${ADDRESS}`));
    expect(specification.one('TurnWeighed').verdict, 'the limit is of one origin').to.equal('code-sent');
    specification.after(61 * MINUTE_MS);
    asks('I am another@post.example');
    expect(new Set(ids).size, stepUpId).to.equal(12);
  });
});

/** Asks four times for a code to the one address, each of the first three used up by five tries: the fourth is held back. */
function heldBack(specification: Specification, betweenMs = 0): Specification {
  for (const name of ['a', 'b', 'c']) {
    specification.given(offered('ctc_1', HOME, `I am ${ADDRESS}, ${name}`));
    specification.given(offered('ctc_1', HOME, wrongCode('ctc_1', name, 5))).after(betweenMs);
  }
  return specification.when(offered('ctc_1', HOME, `I am ${ADDRESS} still`));
}
