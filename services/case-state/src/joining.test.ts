import { codeProof } from '@throughline/language/one-time-code';
import { expect } from 'chai';
import { CASE, fact, joined, mac, Story, said, stranger, turn } from './specification.ts';

describe('a contact joins a case', () => {
  it('opens the case where it may and tells identity', () => {
    const story = new Story().when('ContactJoined', joined());
    expect(story.types()).to.deep.equal(['CaseOpened', 'ContactBriefed', 'CaseNoticed']);
    expect(story.toIdentity('CaseNoticed')[0]).to.include({ caseId: CASE, version: 2, status: 'open' });
    expect(story.briefing()).to.include({ cause: 'joined', inputId: 'joined:ctc_chat:1', replyDue: false });
  });

  it('is refused where the case is absent and not to be opened', () => {
    const story = new Story().when('ContactJoined', joined({ opens: false }));
    expect(story.types()).to.deep.equal(['JoinRefused']);
    expect(story.toIdentity('JoinRefused')).to.deep.equal([{ contactId: 'ctc_chat', caseId: CASE, continuedIn: null }]);
    expect([...story.documents]).to.deep.equal([]);
  });

  it('is refused where the case is closed, with the case that continues it', () => {
    const story = new Story()
      .when('ContactJoined', stranger())
      .when('MoveDecided', {
        contactId: 'ctc_chat',
        caseId: CASE,
        toCaseId: 'case_2',
        customerId: 'cus_1',
        externalId: null,
        opens: false,
        assurance: 2,
        disposition: 'resumed',
        hop: 2,
        because: [],
        inputId: null,
        provisional: false,
      })
      .when('ContactJoined', joined({ contactId: 'ctc_2' }));
    expect(story.toIdentity('JoinRefused')).to.deep.equal([
      { contactId: 'ctc_2', caseId: CASE, continuedIn: 'case_2' },
    ]);
  });

  it('takes a contact that has moved even when it has just closed, or sends it on', () => {
    const arriving = joined({ contactId: 'ctc_2', hop: 2, movedFrom: 'case_p', disposition: 'resumed' });
    const left = { contactId: 'ctc_chat', caseId: CASE, reason: 'left', atMs: 1 } as const;
    const closed = new Story().when('ContactJoined', stranger()).when('ContactLeft', left);
    expect(closed.when('ContactJoined', arriving).head().status).to.equal('open');
    const continued = new Story().when('ContactJoined', stranger());
    const there = { ...joined({ disposition: 'resumed' }), toCaseId: 'case_2', hop: 2, inputId: null };
    continued.when('MoveDecided', there).when('ContactJoined', arriving);
    expect(continued.forwarded('ContactJoined')[0]).to.include({ caseId: 'case_2', contactId: 'ctc_2' });
    expect(continued.types()).to.deep.equal(['ContactJoined']);
    expect(closed.contact('ctc_2').ended).to.equal(false);
  });

  it('joins once for each home', () => {
    const story = new Story().when('ContactJoined', joined()).when('ContactJoined', joined());
    expect(story.said).to.deep.equal([]);
  });

  for (const disposition of ['resumed', 'verify', 'choose'] as const) {
    it(`is spoken to first when ${disposition}`, () => {
      const story = new Story().when('ContactJoined', joined({ disposition }));
      expect(story.briefing().replyDue).to.equal(true);
    });
  }

  it('is spoken to first on the phone, whoever calls', () => {
    const story = new Story().when('ContactJoined', stranger({ channel: 'voice', expectsWords: true }));
    expect(story.briefing().replyDue).to.equal(true);
  });

  it('is due one reply when it comes with its turn', () => {
    const story = new Story().when('ContactJoined', joined({ channel: 'email', turn: turn('Where is my order?') }));
    const briefed = story.events('ContactBriefed');
    expect(briefed.map(({ cause, replyDue }) => [cause, replyDue])).to.deep.equal([
      ['joined', false],
      ['turn', true],
    ]);
    expect(story.types()).to.include.members(['InteractionAdded', 'TurnTaken']);
  });

  it('is weighed by identity with the turn that it comes with, where it is not known', () => {
    const mail = { channel: 'email', turn: turn('My address is ines@post.example') } as const;
    const story = new Story().when('ContactJoined', stranger(mail));
    expect(story.types()).to.include.members(['InteractionAdded', 'TurnOffered']);
    expect(story.toIdentity('TurnOffered')[0]).to.deep.include({ contactId: 'ctc_chat', turn: mail.turn });
    expect(story.events('TurnTaken')).to.have.length(0);
    expect(story.events('ContactBriefed').some((briefed) => briefed.replyDue)).to.equal(false);
  });

  it('proves itself by the code that it comes with, of which nothing is kept', () => {
    const mail = { channel: 'email', codeAwaited: true, turn: turn('It is 482913') } as const;
    const story = new Story().when('ContactJoined', joined(mail));
    const proof = codeProof(mac, 'ctc_chat', '482913');
    expect(story.toIdentity('TurnOffered')[0]?.turn.codeProofs).to.deep.equal([proof]);
    expect(JSON.stringify([story.said, ...story.documents])).to.not.include('482913');
  });

  it('is recorded and never answered when it is not answerable', () => {
    const story = new Story().when('ContactJoined', joined({ answerable: false, turn: turn('Out of office') }));
    expect(story.events('InteractionAdded')).to.have.length(1);
    expect(story.events('ContactBriefed').some((briefed) => briefed.replyDue)).to.equal(false);
  });

  it('opens a resolved case again with what it wants, and not with thanks', () => {
    const resolved = () =>
      new Story()
        .when('ContactJoined', joined())
        .when('CustomerSaid', said('Where is it?'))
        .reply({ text: 'Here.', resolves: true });
    expect(resolved().head().status).to.equal('resolved');
    const thanks = joined({ contactId: 'ctc_2', channel: 'email', turn: turn('Thank you very much, bye') });
    expect(resolved().when('ContactJoined', thanks).head().status).to.equal('resolved');
    const wish = joined({ contactId: 'ctc_2', channel: 'email', turn: turn('It is broken again') });
    expect(resolved().when('ContactJoined', wish).head().status).to.equal('open');
    const silent = joined({ contactId: 'ctc_2', disposition: 'resumed' });
    expect(resolved().when('ContactJoined', silent).head().status).to.equal('resolved');
  });

  it('has on its receipt what it brings along by another name than the turn that has its number here', () => {
    const turn = { number: 3, inputId: 'inp_x', contactId: 'ctc_2', channel: 'email', from: 'customer' } as const;
    const story = new Story()
      .when('ContactJoined', joined())
      .when('CustomerSaid', said('Where is my order?'))
      .when(
        'ContactJoined',
        joined({
          contactId: 'ctc_2',
          hop: 2,
          disposition: 'resumed',
          assurance: 1,
          movedFrom: 'case_p',
          carriedTurns: [{ ...turn, text: 'My lamp broke', atMs: 1 }],
        }),
      );
    const { given, withheld } = story.briefing().receipt;
    expect(story.events('InteractionAdded')).to.deep.equal([]);
    expect(given.map(({ item }) => item)).to.include('carried:inp_x');
    expect(withheld.map(({ item }) => item)).to.include('turn:3');
  });

  it('brings along what was said in the provisional case', () => {
    const carried = { number: 3, inputId: 'inp_x', contactId: 'ctc_2', channel: 'chat', from: 'customer' } as const;
    const story = new Story().when('ContactJoined', joined()).when(
      'ContactJoined',
      joined({
        contactId: 'ctc_2',
        hop: 2,
        disposition: 'resumed',
        movedFrom: 'case_p',
        carriedFacts: [fact('order_number', '4711')],
        carriedTurns: [{ ...carried, text: 'My lamp broke', atMs: 1 }],
        takenInputs: ['inp_x'],
      }),
    );
    expect(story.briefing()).to.include({ replyDue: true, inputId: 'joined:ctc_2:2' });
    expect(story.briefing().briefing.unanswered.map((each) => each.text)).to.deep.equal(['My lamp broke']);
    expect(story.briefing().briefing.facts.map((each) => each.value)).to.deep.equal(['4711']);
    expect(story.head().segments).to.deep.equal(['case_p']);
    const again = said('My lamp broke', 'ctc_2', { turn: { ...turn('My lamp broke'), inputId: 'inp_x' } });
    expect(story.when('CustomerSaid', again).said).to.deep.equal([]);
  });
});
