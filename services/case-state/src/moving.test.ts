import { expect } from 'chai';
import {
  CASE,
  CHAT,
  fact,
  joined,
  mac,
  refundAction,
  reported,
  START_MS,
  Story,
  said,
  stranger,
  turn,
  weighed,
} from './specification.ts';

const moved = (inputId: string | null, over = {}) => ({
  contactId: CHAT,
  caseId: CASE,
  toCaseId: 'case_2',
  customerId: 'cus_2',
  externalId: 'C-2',
  opens: false,
  assurance: 2,
  disposition: 'resumed' as const,
  hop: 2,
  because: ['proven'],
  inputId,
  provisional: false,
  ...over,
});
const IDLE = `idle:${CHAT}`;
const idOf = (text: string) => turn(text).inputId;
const came = (over = {}) => new Story().when('ContactJoined', stranger(over));
const told = (text: string, over = {}) => came(over).when('CustomerSaid', said(text));
const owned = (inputId: string | null, over = {}) => moved(inputId, { disposition: 'opened', hop: 1, ...over });
const sent = (story: Story) => story.forwarded('ContactJoined')[0];

describe('a contact whose customer is proven', () => {
  it('has everything taken that it had said meanwhile, each once, and answered together', () => {
    const story = told('I am Ines').when('CustomerSaid', said('Hello?'));
    story.when('OwnerProven', owned(idOf('I am Ines')));
    const taken = story.events('TurnTaken').map(({ contactId, inputId }) => [contactId, inputId]);
    expect(taken).to.deep.equal([
      [CHAT, idOf('I am Ines')],
      [CHAT, idOf('Hello?')],
    ]);
    expect(story.contact().offered).to.deep.equal([]);
    expect(story.briefing()).to.include({ cause: 'weighed', verdict: 'proven', inputId: idOf('I am Ines') });
    expect(story.briefing().briefing.unanswered).to.have.length(2);
  });

  it('is answered for its newest turn, or for coming, where no turn has proven it', () => {
    expect(told('Hello').when('OwnerProven', owned(null)).briefing().inputId).to.equal(idOf('Hello'));
    expect(
      came()
        .when('OwnerProven', owned(null, { hop: 2 }))
        .briefing().inputId,
    ).to.equal(`joined:${CHAT}:2`);
  });

  it('awaits no code any more', () => {
    const story = told('It is 482913', { codeAwaited: true }).when('OwnerProven', owned(idOf('It is 482913')));
    expect(story.contact()).to.include({ codeAwaited: false, settled: true, assurance: 2, disposition: 'opened' });
  });

  it('is nothing to a case that it has left', () => {
    const story = told('I am Ines').when('MoveDecided', moved(idOf('I am Ines')));
    expect(story.when('OwnerProven', owned(null, { hop: 3 })).said).to.deep.equal([]);
  });
});

describe('a verdict', () => {
  it('is about the turn that was weighed, though another was said since', () => {
    const story = told('I am Ines')
      .when('CustomerSaid', said('Hello?'))
      .when('TurnWeighed', weighed(idOf('I am Ines')));
    expect(story.briefing()).to.include({ inputId: idOf('I am Ines'), disposition: 'unmatched' });
    expect(story.contact().offered).to.deep.equal([idOf('Hello?')]);
    expect(story.events('TurnTaken').map(({ inputId }) => inputId)).to.deep.equal([idOf('I am Ines')]);
  });

  it('that is about no turn is about the newest, or about coming', () => {
    expect(told('Hello').when('TurnWeighed', weighed(null)).briefing().inputId).to.equal(idOf('Hello'));
    expect(came().when('TurnWeighed', weighed(null)).briefing().inputId).to.equal(`joined:${CHAT}:1`);
  });

  it('takes no turn that was not offered', () => {
    const story = told('Hello').when('TurnWeighed', weighed('inp_other'));
    expect(story.events('TurnTaken')).to.deep.equal([]);
    expect(story.contact().offered).to.deep.equal([idOf('Hello')]);
  });
});

describe('a contact that leaves for another case', () => {
  it('leaves nothing of itself behind, and no timer', () => {
    const story = told('I am Ines');
    expect(story.timers.has(IDLE)).to.equal(true);
    story.when('MoveDecided', moved(idOf('I am Ines')));
    expect(story.events('ContactMoved')[0]).to.include({
      contactId: CHAT,
      toCaseId: 'case_2',
      hop: 2,
      inputId: idOf('I am Ines'),
    });
    expect(story.contact()).to.deep.include({
      movedTo: 'case_2',
      due: null,
      offered: [],
      unanswered: [],
      carried: [],
      leaving: false,
      reopened: false,
    });
    expect(story.timers.has(IDLE)).to.equal(false);
  });

  it('goes once: the same decision, or an older one, moves nobody', () => {
    expect(told('I am Ines').when('MoveDecided', moved(null, { hop: 1 })).said).to.deep.equal([]);
  });

  it('is settled there where it is known and its case as well', () => {
    const settled = (over: object) =>
      sent(told('I am Ines').when('MoveDecided', moved(idOf('I am Ines'), over)))?.settled;
    expect(settled({ disposition: 'resumed' })).to.equal(true);
    expect(settled({ disposition: 'opened' })).to.equal(true);
    expect(settled({ disposition: 'choose' })).to.equal(false);
    expect(settled({ disposition: 'resumed', provisional: true })).to.equal(false);
  });

  it('awaits its code there still, unless the code is what has settled it', () => {
    const awaits = (over: object, as = {}) => sent(came(as).when('MoveDecided', moved(null, over)))?.codeAwaited;
    expect(awaits({}, { codeAwaited: true })).to.equal(false);
    expect(awaits({ disposition: 'choose' }, { codeAwaited: true })).to.equal(true);
    expect(awaits({ disposition: 'choose' })).to.equal(false);
    expect(awaits({}, { codeAwaited: true, settled: true, provisional: false })).to.equal(true);
  });

  it('takes along the facts that it told itself, and nobody else’s', () => {
    const story = told('My lamp broke').when('TurnWeighed', weighed(idOf('My lamp broke')));
    story.reply({ text: 'I see.', facts: [fact('reason', 'broke')] });
    story.when('ContactJoined', stranger({ contactId: 'ctc_2', disposition: 'verify' }));
    story.reply({ text: 'Hello', facts: [fact('colour', 'blue')] }, 'ctc_2');
    story.when('MoveDecided', moved(null));
    expect(sent(story)?.carriedFacts.map((each) => each.name)).to.deep.equal(['reason']);
  });

  it('takes along as much of each turn as fits with the others', () => {
    const long = (letter: string) => letter.repeat(30_000);
    const story = told(long('x'))
      .when('CustomerSaid', said(long('y')))
      .when('MoveDecided', moved(null));
    expect(sent(story)?.carriedTurns.map(({ text }) => text)).to.deep.equal(['x'.repeat(8000), 'y'.repeat(8000)]);
    const short = told('One').when('MoveDecided', moved(null));
    expect(sent(short)?.carriedTurns.map(({ text }) => text)).to.deep.equal(['One']);
  });
});

describe('a provisional case that is continued elsewhere', () => {
  const continued = () =>
    came()
      .when('ContactJoined', stranger({ contactId: 'ctc_2' }))
      .when('ContactLeft', { contactId: 'ctc_2', caseId: CASE, reason: 'left', atMs: START_MS })
      .when('CustomerSaid', said('I am Ines'))
      .when('MoveDecided', moved(idOf('I am Ines')));

  it('sends on what comes from somebody whom it does not know', () => {
    const story = continued().when('CustomerSaid', said('Hello', 'ctc_new'));
    expect(story.forwarded('CustomerSaid')[0]).to.include({ caseId: 'case_2', contactId: 'ctc_new' });
  });

  it('stays the home of whoever was in it, and does not open again for them', () => {
    const story = continued().when('CustomerSaid', said('Hello', 'ctc_2'));
    expect(story.types()).to.deep.equal(['InteractionAdded', 'TurnOffered']);
    expect(story.head()).to.include({ status: 'closed', continuedIn: 'case_2' });
  });
});

describe('a turn', () => {
  const chat = () => new Story().when('ContactJoined', joined());

  it('is taken by its name, in the case that answers it', () => {
    const story = chat().when('CustomerSaid', said('Hello'));
    expect(story.events('TurnTaken')[0]).to.include({ contactId: CHAT, inputId: idOf('Hello') });
  });

  it('opens nothing again where the case is open', () => {
    expect(chat().when('CustomerSaid', said('Hello')).contact().reopened).to.equal(false);
  });

  it('leaves the timer of its chat as it is', () => {
    const story = chat();
    const dueMs = story.timers.get(IDLE);
    expect(story.wait(1000).when('CustomerSaid', said('Hello')).timers.get(IDLE)).to.equal(dueMs);
  });

  it('brings a call back that had ended, and sets no timer for it', () => {
    const story = new Story().when('ContactJoined', joined({ channel: 'voice' }));
    story.when('ContactLeft', { contactId: CHAT, caseId: CASE, reason: 'hung-up', atMs: START_MS });
    story.when('CustomerSaid', said('Hello'));
    expect(story.head().active).to.deep.equal([CHAT]);
    expect(story.timers.has(IDLE)).to.equal(false);
  });
});

describe('what a change of subject leaves behind', () => {
  const OTHER = 'I also want a refund for order 20-5588, not for order 10-4477';
  const served = (facts = [fact('order_number', '10-4477'), fact('reason', 'broke')]) =>
    new Story()
      .when('ContactJoined', joined())
      .when('CustomerSaid', said('Refund order 10-4477'))
      .reply({ text: 'It is asked for.', facts, resolves: true });
  const changed = (text = OTHER) => served().when('CustomerSaid', said(text)).reply({ newIssue: true });
  const second = (story: Story) => story.when('ContactJoined', joined({ contactId: 'ctc_2', disposition: 'resumed' }));
  const referencesOf = (story: Story) => story.toIdentity('IssueChanged')[0]?.references;

  it('is the order that the case itself is about', () => {
    expect(referencesOf(changed())).to.deep.equal([mac('reference', '205588')]);
    const unknown = served([fact('reason', 'broke')])
      .when('CustomerSaid', said(OTHER))
      .reply({ newIssue: true });
    expect(referencesOf(unknown)).to.deep.equal([mac('reference', '205588'), mac('reference', '104477')]);
  });

  it('is named by the newest turn, also where something else led to the reply', () => {
    const story = new Story().when('ContactJoined', joined()).when('CustomerSaid', said('My refund'));
    story.reply({ text: 'I ask.', action: refundAction() });
    const { actionId = '' } = story.head().actions[0] ?? {};
    story.when('ActionReported', reported(actionId, { outcome: 'pending' })).reply({ text: 'It runs.' });
    story.when('ActionReported', reported(actionId, { by: 'backend', reportId: 'rep_2' })).reply({ newIssue: true });
    expect(story.toIdentity('IssueChanged')[0]?.inputId).to.equal(idOf('My refund'));
  });

  it('is a case that is open as it was, where that turn had not opened it', () => {
    const story = new Story().when('ContactJoined', joined()).when('CustomerSaid', said('Hello'));
    story.reply({ text: 'Hello' }).when('CustomerSaid', said(OTHER)).reply({ newIssue: true });
    expect(story.when('MoveDecided', moved(null)).head().status).to.equal('open');
  });

  it('is a case that waits, where somebody else has made it wait meanwhile', () => {
    const story = second(changed()).reply({ action: refundAction() }, 'ctc_2');
    const { actionId = '' } = story.head().actions[0] ?? {};
    story.when('ActionReported', reported(actionId, { outcome: 'pending' })).when('MoveDecided', moved(null));
    expect(story.head().status).to.equal('waiting');
  });

  it('is a case for a person, where somebody else has asked for one meanwhile', () => {
    const story = second(changed()).reply({ action: refundAction() }, 'ctc_2');
    const { actionId = '' } = story.head().actions[0] ?? {};
    story.when('ActionReported', reported(actionId, { outcome: 'failed' })).when('MoveDecided', moved(null));
    expect(story.head()).to.include({ status: 'open', needsPerson: true });
  });
});
