import { expect } from 'chai';
import { CHAT, fact, joined, proposed, refundAction, reported, Story, said, weighed } from './specification.ts';

const asked = (text = 'Where is my order?') =>
  new Story().when('ContactJoined', joined()).when('CustomerSaid', said(text));

describe('a proposed reply', () => {
  it('is said once, to the way back, and answers what was unanswered', () => {
    const story = asked();
    const due = story.contact().due;
    story.reply({ text: 'On its way.' });
    expect(story.events('ReplyAccepted')[0]).to.include({ text: 'On its way.', from: 'agent', route: 'the way back' });
    expect(story.contact()).to.deep.include({ unanswered: [], due: null, firstWordsSaid: true });
    const again = proposed({ inputId: due?.inputId ?? '', basis: due?.basis ?? 0, text: 'On its way.' });
    story.when('ReplyProposed', again);
    expect(story.events('ReplyRefused')[0]?.reason).to.equal('answered');
    expect(story.events('ReplyAccepted')).to.have.length(0);
  });

  it('is refused and planned again where something newer counts (law 4)', () => {
    const story = asked()
      .when('ContactJoined', joined({ contactId: 'ctc_2', disposition: 'resumed' }))
      .when('CustomerSaid', said('It has come', 'ctc_2'))
      .reply({ text: 'On its way.' });
    expect(story.types()).to.deep.equal(['ReplyRefused', 'ContactBriefed']);
    expect(story.events('ReplyRefused')[0]?.reason).to.equal('stale');
    expect(story.briefing()).to.include({ cause: 'stale', replyDue: true, basis: story.head().basis });
    expect(story.briefing().briefing.news.map((each) => each.text)).to.deep.equal(['It has come']);
    expect(story.reply({ text: 'Glad it came.' }).events('ReplyAccepted')).to.have.length(1);
  });

  it('still tells the end of what was done after it was refused and planned again', () => {
    const story = asked().reply({ action: refundAction() });
    story.when('ActionReported', reported(story.head().actions[0]?.actionId ?? ''));
    story.when('ContactJoined', joined({ contactId: 'ctc_2' })).when('CustomerSaid', said('By phone', 'ctc_2'));
    expect(story.reply({ text: 'It is paid.' }).events('ReplyRefused')[0]?.reason).to.equal('stale');
    expect(story.contact().due?.cause).to.equal('action');
    expect(story.reply({ text: 'It is paid.' }).head().status).to.equal('resolved');
  });

  it('does not make another reply stale by being said', () => {
    const story = asked().when('ContactJoined', joined({ contactId: 'ctc_2', disposition: 'resumed' }));
    story.reply({ text: 'Hello' }, 'ctc_2').reply({ text: 'On its way.' });
    expect(story.events('ReplyAccepted')).to.have.length(1);
  });

  it('is superseded by the reply to a newer turn, which lists both', () => {
    const story = asked();
    const { inputId = '', basis = 0 } = story.contact().due ?? {};
    story.when('CustomerSaid', said('Hello?'));
    expect(story.briefing().briefing.unanswered).to.have.length(2);
    story.when('ReplyProposed', proposed({ inputId, basis, text: 'On its way.' }));
    expect(story.types()).to.deep.equal(['ReplyRefused']);
    expect(story.events('ReplyRefused')[0]?.reason).to.equal('superseded');
  });

  it('is refused where the contact has left for another case', () => {
    const story = new Story().when('ContactJoined', joined({ provisional: true, disposition: 'verify' }));
    story.when('MoveDecided', {
      ...joined({ disposition: 'resumed' }),
      toCaseId: 'case_2',
      hop: 2,
      inputId: null,
    });
    expect(story.reply({ text: 'Hello' }).events('ReplyRefused')[0]?.reason).to.equal('moved');
  });

  it('records its facts before anything else, each once', () => {
    const facts = [fact('order_number', '4711'), fact('reason', 'broke')];
    const story = asked().reply({ facts, text: 'Thanks', kind: 'refund' });
    expect(story.types()).to.deep.equal([
      'FactRecorded',
      'FactRecorded',
      'StatusChanged',
      'ReplyAccepted',
      'CaseNoticed',
    ]);
    expect(story.events('FactRecorded').map((each) => each.fact.sensitivity)).to.deep.equal(['status', 'personal']);
    expect(story.toIdentity('CaseNoticed')[0]?.references).to.have.length(1);
    story.when('CustomerSaid', said('Yes')).reply({ facts, text: 'Thanks', kind: 'refund' });
    expect(story.types()).to.deep.equal(['ReplyAccepted']);
  });

  it('takes a new value from whoever is as sure to be the customer, and not from anybody less sure', () => {
    const story = asked().reply({ facts: [fact('reason', 'broke')], text: 'Thanks' });
    story.when('ContactJoined', joined({ contactId: 'ctc_low', assurance: 1, disposition: 'resumed' }));
    story.reply({ facts: [fact('reason', 'stolen')], text: 'Hm' }, 'ctc_low');
    expect(story.head().facts.map((each) => each.value)).to.deep.equal(['broke']);
    story.when('CustomerSaid', said('I mean late')).reply({ facts: [fact('reason', 'late')], text: 'Hm' });
    expect(story.head().facts.map((each) => each.value)).to.deep.equal(['late']);
  });

  it('asks, and the answer ends the question', () => {
    const story = asked().reply({ text: 'Which order?', asks: 'order_number' });
    expect(story.head().question).to.include({ fact: 'order_number', contactId: CHAT });
    story.when('CustomerSaid', said('4711'));
    expect(story.briefing().briefing.asked).to.deep.equal(['order_number']);
    story.reply({ text: 'Thanks', facts: [fact('order_number', '4711')] });
    expect(story.events('QuestionAnswered')).to.have.length(1);
    expect(story.head().question).to.equal(null);
  });

  it('never asks for what is known and may be used, and calls a person in the end (law 7)', () => {
    const story = asked().reply({ text: 'Thanks', facts: [fact('order_number', '4711')] });
    story.when('CustomerSaid', said('So?'));
    for (let round = 0; round < 3; round += 1) {
      story.reply({ text: 'Which order?', asks: 'order_number' });
      expect(story.events('ReplyRefused')[0]?.reason).to.equal('stale');
    }
    story.reply({ text: 'Which order?', asks: 'order_number' });
    expect(story.types()).to.deep.equal(['ReplyRefused', 'StatusChanged']);
    expect(story.events('ReplyRefused')[0]?.reason).to.equal('withheld');
    expect(story.head()).to.include({ needsPerson: true });
  });

  it('hands over to a person with a promise', () => {
    const story = asked().reply({ text: 'Somebody will call.', handover: 'Wants a person.', promise: 'We will call.' });
    expect(story.head()).to.include({ status: 'waiting', needsPerson: true });
    expect(story.head().promises.map((each) => each.text)).to.deep.equal(['We will call.']);
    expect(story.lists.get('case case_1')?.map((each) => each.list)).to.include('needs:person');
  });

  it('asks identity for more assurance', () => {
    const story = asked().reply({ stepUp: 3 });
    expect(story.toIdentity('StepUpRequested')[0]).to.include({ contactId: CHAT, needed: 3 });
  });

  it('asks identity once for a turn, also where a replaced agent proposes it again after the answer', () => {
    const story = asked();
    const { inputId = '', basis = 0 } = story.contact().due ?? {};
    story.reply({ stepUp: 3 }).when('TurnWeighed', weighed(inputId, { verdict: 'no-address' }));
    expect(story.contact().due).to.include({ inputId, basis });
    story.when('ReplyProposed', proposed({ inputId, basis, stepUp: 3 }));
    expect(story.toIdentity('StepUpRequested')).to.deep.equal([]);
    expect(story.briefing()).to.include({ cause: 'stale', verdict: 'no-address', replyDue: true });
    expect(story.reply({ text: 'I cannot look that up here.' }).events('ReplyAccepted')).to.have.length(1);
  });

  it('may be silence, which answers as well', () => {
    const story = asked('Thanks, bye').reply({});
    expect(story.types()).to.deep.equal([]);
    expect(story.contact().unanswered).to.deep.equal([]);
  });

  it('is as sensitive as what it was made from', () => {
    const story = asked('My salary was $400').reply({ text: 'I see.' });
    expect(story.events('ReplyAccepted')[0]?.sensitivity).to.equal('financial');
  });
});
