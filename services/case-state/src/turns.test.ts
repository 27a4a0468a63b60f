import { codeProof } from '@throughline/language/one-time-code';
import { expect } from 'chai';
import {
  CASE,
  CHAT,
  fact,
  joined,
  mac,
  decidedMove as moved,
  proposed,
  START_MS,
  Story,
  said,
  stranger,
  turn,
  weighed,
} from './specification.ts';

describe('a turn of a settled contact', () => {
  it('is recorded, taken and briefed', () => {
    const story = new Story().when('ContactJoined', joined()).when('CustomerSaid', said('Hello'));
    expect(story.types()).to.deep.equal(['InteractionAdded', 'TurnTaken', 'ContactBriefed']);
    expect(story.briefing().briefing.unanswered.map((each) => each.text)).to.deep.equal(['Hello']);
    expect(story.briefing().basis).to.equal(story.events('InteractionAdded')[0]?.number);
  });

  it('happens once, however often it is sent (law 3)', () => {
    const story = new Story().when('ContactJoined', joined()).when('CustomerSaid', said('Hello'));
    expect(story.when('CustomerSaid', said('Hello')).said).to.deep.equal([]);
  });

  it('is masked before it is kept, also where a card number spans two turns', () => {
    const story = new Story()
      .when('ContactJoined', joined())
      .when('CustomerSaid', said('My card is 4111 1111 1111'))
      .when('CustomerSaid', said('1111'));
    expect(JSON.stringify([...story.documents].filter(([key]) => !key.startsWith('contact')))).to.not.include(
      '4111 1111 1111',
    );
    expect(story.events('InteractionAdded')[0]?.turn.masked).to.deep.equal(['card']);
  });

  it('opens its case again, even where that has been closed', () => {
    const closed = new Story().when('ContactJoined', stranger());
    closed.when('ContactLeft', { contactId: CHAT, caseId: CASE, reason: 'left', atMs: START_MS });
    expect(closed.head().status).to.equal('closed');
    expect(closed.when('CustomerSaid', said('Wait')).head().status).to.equal('open');
  });

  it('is parked where the case does not know the contact', () => {
    expect(() => new Story().when('CustomerSaid', said('Hello'))).to.throw('has not joined');
  });
});

describe('a turn that identity weighs', () => {
  const offered = () => new Story().when('ContactJoined', stranger()).when('CustomerSaid', said('I am Ines'));

  it('is offered and not yet taken', () => {
    const story = offered();
    expect(story.types()).to.deep.equal(['InteractionAdded', 'TurnOffered']);
  });

  it('takes the place of the greeting that was due', () => {
    const story = new Story().when('ContactJoined', stranger({ disposition: 'verify' }));
    const { inputId = '', basis = 0 } = story.contact().due ?? {};
    story.when('CustomerSaid', said('I am Ines'));
    story.when('ReplyProposed', proposed({ inputId, basis, text: 'Hello' }));
    expect(story.types()).to.deep.equal(['ReplyRefused']);
    expect(story.events('ReplyRefused')[0]?.reason).to.equal('superseded');
  });

  it('is taken and briefed with the verdict once it is weighed', () => {
    const story = offered().when('TurnWeighed', weighed(turn('I am Ines').inputId));
    expect(story.types()).to.deep.equal(['TurnTaken', 'ContactBriefed']);
    expect(story.briefing()).to.include({ cause: 'weighed', verdict: 'nothing-found', replyDue: true });
  });

  it('that leaves several cases in question makes the contact one that chooses', () => {
    const story = offered().when('TurnWeighed', weighed(turn('I am Ines').inputId, { verdict: 'which-case' }));
    expect(story.briefing()).to.include({ disposition: 'choose', verdict: 'which-case' });
  });

  it('carries the proof of a code and never the code', () => {
    const story = new Story()
      .when('ContactJoined', joined({ assurance: 1 }))
      .when('TurnWeighed', weighed(null, { codeAwaited: true, verdict: 'code-sent', assurance: 1 }))
      .when('CustomerSaid', said('It is 482913'));
    expect(story.toIdentity('TurnOffered')[0]?.turn.codeProofs).to.deep.equal([codeProof(mac, CHAT, '482913')]);
    expect(JSON.stringify([story.said, ...story.documents])).to.not.include('482913');
    expect(story.events('TurnTaken')).to.have.length(0);
  });

  it('that is about no turn takes none', () => {
    expect(offered().when('TurnWeighed', weighed(null)).types()).to.deep.equal(['ContactBriefed']);
  });

  it('proves a settled contact only where that is newer than its home', () => {
    const settled = () => new Story().when('ContactJoined', joined({ hop: 2 }));
    expect(settled().when('OwnerProven', moved(null)).said).to.deep.equal([]);
    expect(
      settled()
        .when('OwnerProven', moved(null, { hop: 3 }))
        .events('CaseOwned'),
    ).to.have.length(1);
  });

  it('makes a provisional case the case of who was proven', () => {
    const story = offered().when('OwnerProven', {
      ...moved(turn('I am Ines').inputId),
      disposition: 'opened',
    });
    expect(story.events('CaseOwned')[0]).to.include({ customerId: 'cus_2', formerCustomerId: 'cus_provisional' });
    expect(story.head()).to.include({ customerId: 'cus_2', provisional: false });
    expect(story.briefing()).to.include({ settled: true, assurance: 2, replyDue: true });
    expect(story.toIdentity('CaseNoticed')).to.have.length(1);
    const before = story.head().version;
    story.when('OwnerProven', { ...moved(null), disposition: 'opened' });
    expect(story.head().version).to.equal(before);
  });
});

describe('a contact that belongs to another case', () => {
  const told = (text: string) => new Story().when('ContactJoined', stranger()).when('CustomerSaid', said(text));

  it('goes there with what it said, and its provisional case is continued there', () => {
    const inputId = turn('My lamp broke').inputId;
    const story = told('My lamp broke')
      .when('TurnWeighed', weighed(inputId))
      .reply({ text: 'Who are you?', facts: [fact('reason', 'broke')] })
      .when('CustomerSaid', said('I am Ines'))
      .when('MoveDecided', moved(turn('I am Ines').inputId));
    expect(story.types()).to.deep.equal(['TurnTaken', 'ContactMoved', 'ContactJoined', 'StatusChanged', 'CaseNoticed']);
    const [forwarded] = story.forwarded('ContactJoined');
    expect(forwarded).to.include({ caseId: 'case_2', hop: 2, settled: true, movedFrom: CASE, route: 'the way back' });
    expect(forwarded?.carriedTurns.map((each) => each.text)).to.deep.equal(['I am Ines']);
    expect(forwarded?.carriedFacts).to.deep.equal([fact('reason', 'broke', { sensitivity: 'personal' })]);
    expect(forwarded?.takenInputs).to.have.length(2);
    expect(story.head()).to.include({ status: 'closed', continuedIn: 'case_2' });
  });

  it('has what still arrives for it forwarded, in the order it came', () => {
    const story = told('I am Ines').when('MoveDecided', moved(turn('I am Ines').inputId));
    expect(story.when('CustomerSaid', said('One more')).forwarded('CustomerSaid')[0]?.caseId).to.equal('case_2');
    expect(story.when('TurnWeighed', weighed('inp_x')).forwarded('TurnWeighed')[0]?.caseId).to.equal('case_2');
    const back = { contactId: CHAT, caseId: CASE, connectionId: 'con_2', wantsFrames: false, after: null, hop: 1 };
    expect(story.when('ContactReconnected', back).forwarded('ContactReconnected')[0]?.caseId).to.equal('case_2');
    const left = { contactId: CHAT, caseId: CASE, reason: 'left' as const, atMs: START_MS };
    expect(story.when('ContactLeft', left).forwarded('ContactLeft')[0]?.caseId).to.equal('case_2');
    expect(story.when('MoveDecided', moved(null)).said).to.deep.equal([]);
  });

  it('leaves nothing here of what it was brought along itself, nor that it was about to leave', () => {
    const was = { number: 3, inputId: 'inp_x', contactId: CHAT, channel: 'chat', from: 'customer' } as const;
    const carriedTurns = [{ ...was, text: 'My lamp broke', atMs: 1 }];
    const story = new Story().when('ContactJoined', joined({ hop: 2, movedFrom: 'case_p', carriedTurns }));
    story.when('CustomerSaid', said('Are you there?')).reply({ newIssue: true });
    expect(story.contact()).to.deep.include({ leaving: true, carried: carriedTurns });
    story.when('MoveDecided', moved(null, { hop: 3 }));
    const [sent] = story.forwarded('ContactJoined');
    expect(sent?.carriedTurns.map(({ text }) => text)).to.deep.equal(['My lamp broke', 'Are you there?']);
    expect(story.contact()).to.deep.include({ unanswered: [], carried: [], leaving: false });
  });

  it('ends its provisional case in one step, also where that had been resolved and opened again', () => {
    const story = told('My lamp broke').when('TurnWeighed', weighed(turn('My lamp broke').inputId));
    story.reply({ text: 'Done.', resolves: true }).when('CustomerSaid', said('It broke again'));
    story.when('MoveDecided', moved(null));
    expect(story.events('StatusChanged').map(({ from, to }) => [from, to])).to.deep.equal([['open', 'closed']]);
    expect(story.contact().reopened).to.equal(false);
  });

  it('leaves the provisional case open while somebody else is in it', () => {
    const story = told('I am Ines')
      .when('ContactJoined', stranger({ contactId: 'ctc_2' }))
      .when('MoveDecided', moved(turn('I am Ines').inputId));
    expect(story.head().status).to.equal('open');
  });
});

describe('a change of subject', () => {
  const OTHER = 'I also want a refund for order 20-5588';
  const changed = () =>
    new Story()
      .when('ContactJoined', joined())
      .when('CustomerSaid', said('Refund order 10-4477'))
      .reply({ text: 'It is asked for.', facts: [fact('order_number', '10-4477')], resolves: true })
      .when('CustomerSaid', said(OTHER))
      .reply({ newIssue: true });

  it('asks identity where the contact belongs, with what it names, and says nothing', () => {
    const story = changed();
    expect(story.types()).to.deep.equal(['IssueChanged']);
    expect(story.toIdentity('IssueChanged')[0]).to.deep.include({
      caseId: CASE,
      inputId: turn(OTHER).inputId,
      references: [mac('reference', '205588')],
    });
  });

  it('keeps what is said meanwhile and has nobody answer it here', () => {
    const story = changed().when('CustomerSaid', said('Are you there?'));
    expect(story.types()).to.deep.equal(['InteractionAdded', 'TurnTaken']);
    expect(story.events('TurnTaken')[0]).to.include({ contactId: CHAT, inputId: turn('Are you there?').inputId });
    expect(story.reply({ text: 'Yes' }).events('ReplyRefused')[0]?.reason).to.equal('moved');
  });

  it('takes the unanswered turns along and leaves the facts, and the case goes on as it was', () => {
    const story = changed().when('CustomerSaid', said('Are you there?')).when('MoveDecided', moved(null));
    const [sent] = story.forwarded('ContactJoined');
    expect(sent?.carriedTurns.map((each) => each.text)).to.deep.equal([OTHER, 'Are you there?']);
    expect(sent).to.deep.include({ carriedFacts: [], formerGoesOn: true, movedFrom: CASE });
    expect(sent?.takenInputs).to.include(turn(OTHER).inputId);
    expect(story.head()).to.deep.include({ status: 'resolved', continuedIn: null, active: [] });
    expect(story.when('CustomerSaid', said('Hello?')).forwarded('CustomerSaid')[0]?.caseId).to.equal('case_2');
  });

  it('does not show the case that was left as a segment of the other', () => {
    const arriving = joined({ hop: 2, movedFrom: 'case_0', formerGoesOn: true });
    expect(new Story().when('ContactJoined', arriving).head().segments).to.deep.equal([]);
  });

  it('is nothing in a case that is provisional', () => {
    const story = new Story().when('ContactJoined', stranger({ disposition: 'verify' })).reply({ newIssue: true });
    expect(story.toIdentity('IssueChanged')).to.deep.equal([]);
  });
});
