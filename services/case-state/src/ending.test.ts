import { expect } from 'chai';
import { CASE, CHAT, fact, joined, proposed, refundAction, reported, Story, said } from './specification.ts';

const DAY_MS = 24 * 60 * 60_000;
const other = { ...refundAction(), parameters: [{ name: 'orderId', value: '4712' }] };
const lookUp = { ...refundAction(), name: 'order_status', effect: 'read' as const };
const acting = (over = {}, action: ReturnType<typeof refundAction> = refundAction()) =>
  new Story().when('ContactJoined', joined(over)).when('CustomerSaid', said('My refund')).reply({ action });
const ended = (story: Story, at = 0, over = {}) =>
  story.when('ActionReported', reported(story.head().actions[at]?.actionId ?? '', { reportId: `rep_${at}`, ...over }));
const done = (over = {}) => ended(acting(over));

describe('the reply that tells that something was done', () => {
  it('ends the matter', () => {
    const story = done().reply({ text: 'It is done.' });
    expect(story.head().status).to.equal('resolved');
    expect(story.events('StatusChanged')[0]?.because).to.equal('The customer has heard that it is done.');
  });

  it('ends it once: what was told is not told again by the next reply', () => {
    const story = done().reply({ text: 'It is done.' }).when('CustomerSaid', said('And where is my order?'));
    ended(story.reply({ action: lookUp }), 1).reply({ text: 'On its way.' });
    expect(story.head().status).to.equal('open');
  });

  it('does not end it where only something was looked up', () => {
    expect(ended(acting({}, lookUp)).reply({ text: 'On its way.' }).head().status).to.equal('open');
  });

  for (const [why, proposal] of [
    ['asks for something', { text: 'Which one?', asks: 'reason' }],
    ['runs something else', { text: 'I run the other.', action: other }],
    ['asks for more assurance', { text: 'One moment.', stepUp: 3 }],
    ['says nothing', {}],
  ] as const)
    it(`does not end it where it ${why}`, () => {
      expect(done().reply(proposal).head().status).to.equal('open');
    });

  for (const state of ['requested', 'pending'] as const)
    it(`does not end it while another action is ${state}`, () => {
      const story = acting().when('CustomerSaid', said('And the other')).reply({ action: other });
      if (state === 'pending') ended(story, 1, { outcome: 'pending' });
      ended(story, 0).reply({ text: 'The first is done.' });
      expect(story.head().actions.map((each) => each.state)).to.deep.equal(['done', state]);
      expect(story.head().status).not.to.equal('resolved');
    });

  it('does not end it where it answers a newer turn instead', () => {
    const story = done().when('CustomerSaid', said('Hello?')).reply({ text: 'Hello.' });
    expect(story.head().status).to.equal('open');
  });

  it('does not end it where a person has to look', () => {
    const story = acting().when('CustomerSaid', said('I want a person'));
    ended(story.reply({ text: 'Somebody will call.', handover: 'Wants a person.' })).reply({ text: 'It is done.' });
    expect(story.head()).to.include({ status: 'waiting', needsPerson: true });
  });

  it('leaves a case closed that was closed meanwhile', () => {
    const story = acting({ channel: 'voice' }).when('CustomerSaid', said('Bye')).reply({ text: 'Bye', resolves: true });
    ended(story.wait(14 * DAY_MS)).reply({ text: 'It is done.' });
    expect(story.events('ReplyAccepted')).to.have.length(1);
    expect(story.head().status).to.equal('closed');
  });

  it('is one to somebody who is known, for nobody else has heard of it', () => {
    const told = (assurance: number) =>
      done()
        .when('ContactJoined', joined({ contactId: 'ctc_2', disposition: 'resumed', assurance }))
        .reply({ text: 'Hello.' }, 'ctc_2')
        .head().status;
    expect([told(0), told(1)]).to.deep.equal(['open', 'resolved']);
  });
});

describe('what a proposal comes too late for', () => {
  const asked = () => new Story().when('ContactJoined', joined()).when('CustomerSaid', said('Hello'));

  it('is any other turn than the one that is due, however new it is', () => {
    const story = asked();
    const { basis = 0 } = story.contact().due ?? {};
    story.when('ReplyProposed', proposed({ inputId: 'inp_other', basis, text: 'Hm' }));
    expect(story.events('ReplyRefused')[0]?.reason).to.equal('superseded');
  });

  it('is the same turn where it was briefed again since', () => {
    const story = asked();
    const { inputId = '', basis = 0 } = story.contact().due ?? {};
    story.when('ContactJoined', joined({ contactId: 'ctc_2', disposition: 'resumed' }));
    story.when('CustomerSaid', said('It has come', 'ctc_2')).reply({ text: 'On its way.' });
    story.when('ReplyProposed', proposed({ inputId, basis, text: 'On its way.' }));
    expect(story.types()).to.deep.equal(['ReplyRefused']);
    expect(story.events('ReplyRefused')[0]?.reason).to.equal('superseded');
  });

  it('is everything once a person was called', () => {
    const story = asked().reply({ text: 'Thanks', facts: [fact('order_number', '4711')] });
    story.when('CustomerSaid', said('So?'));
    for (let round = 0; round < 5; round += 1) story.reply({ text: 'Which order?', asks: 'order_number' });
    expect(story.events('ReplyRefused')[0]?.reason).to.equal('answered');
  });
});

describe('what a reply leaves behind', () => {
  const greeted = () => new Story().when('ContactJoined', joined({ disposition: 'resumed' }));
  const sensitivityOf = (story: Story) => story.events('ReplyAccepted')[0]?.sensitivity;

  it('is as sensitive as its own words where they speak of money, and as harmless as what it was made from otherwise', () => {
    expect(sensitivityOf(greeted().reply({ text: 'Hello' }))).to.equal('status');
    expect(sensitivityOf(greeted().reply({ text: 'You get $400' }))).to.equal('financial');
    expect(sensitivityOf(greeted().when('CustomerSaid', said('Hi')).reply({ text: 'Hello' }))).to.equal('personal');
  });

  it('is a question only where it is put in words', () => {
    expect(greeted().reply({ asks: 'reason' }).head().question).to.equal(null);
  });

  it('is a question answered by one fact among others', () => {
    const story = greeted().reply({ text: 'Which order?', asks: 'order_number' }).when('CustomerSaid', said('4711'));
    story.reply({ text: 'Thanks', facts: [fact('reason', 'broke'), fact('order_number', '4711')] });
    expect(story.head().question).to.equal(null);
  });

  it('is the contact in which the kind became clear, whoever else ends the matter', () => {
    const story = greeted().reply({ text: 'I see.', kind: 'refund' });
    story.when('ContactJoined', joined({ contactId: 'ctc_2', disposition: 'resumed' }));
    story.reply({ text: 'Done.', kind: 'refund', resolves: true }, 'ctc_2');
    expect(story.head()).to.include({ kind: 'refund', kindFrom: CHAT, status: 'resolved', resolvedMs: story.nowMs });
  });
});

describe('the fourteen days after a case was resolved', () => {
  const closeTimer = `close:${CASE}`;
  const resolved = () => {
    const story = new Story().when('ContactJoined', joined()).when('CustomerSaid', said('Hello'));
    return story.reply({ text: 'Done.', resolves: true });
  };

  it('begin with that, and end where it opens again', () => {
    const story = resolved();
    expect(story.timers.get(closeTimer)).to.equal(story.nowMs + 14 * DAY_MS);
    story.when('CustomerSaid', said('It broke again'));
    expect(story.timers.has(closeTimer)).to.equal(false);
    expect(story.head().resolvedMs).to.equal(null);
    story.reply({ text: 'Somebody will call.', handover: 'Broke again.' });
    expect(story.timers.has(closeTimer)).to.equal(false);
  });

  it('are waited for to the end by a timer that fires too early', () => {
    const story = resolved().wait(DAY_MS);
    story.timers.delete(closeTimer);
    story.when('TimerFired', { timerId: closeTimer, dueMs: 0 });
    expect(story.timers.get(closeTimer)).to.equal(story.nowMs + 13 * DAY_MS);
  });
});

describe('a promise', () => {
  const saying = (story: Story, text: string, over = {}) =>
    story.when('CustomerSaid', said(`So ${text}?`)).reply({ text, promise: text, ...over });
  const fresh = () => new Story().when('ContactJoined', joined());
  const states = (story: Story) => story.head().promises.map(({ text, state }) => `${text} ${state}`);

  it('is kept apart from any other', () => {
    const story = saying(saying(fresh(), 'We will call.'), 'We will write.');
    expect(states(story)).to.deep.equal(['We will call. open', 'We will write. open']);
  });

  it('is as personal as its words, and where a backend makes it, part of where the case stands', () => {
    expect(saying(fresh(), 'We will call.').head().promises[0]?.sensitivity).to.equal('personal');
    const pending = ended(acting(), 0, { outcome: 'pending', note: 'Soon' });
    expect(pending.head().promises[0]).to.include({ text: 'Soon', sensitivity: 'status' });
  });

  it('of an action is made once, however often the backend says that it is under way', () => {
    const story = ended(acting(), 0, { outcome: 'pending', note: 'Soon' });
    ended(story, 0, { outcome: 'pending', note: 'Soon', by: 'backend', reportId: 'rep_again' });
    expect(story.events('ActionUpdated')).to.have.length(1);
    expect(states(story)).to.deep.equal(['Soon open']);
  });

  it('of an action is kept when that is done, and stays broken where it was late', () => {
    const pending = () =>
      ended(acting(), 0, { outcome: 'pending', note: 'Soon', promiseDueMs: acting().nowMs + DAY_MS });
    const kept = ended(pending(), 0, { by: 'backend', reportId: 'rep_done' });
    expect(kept.events('PromiseEnded')[0]).to.include({ state: 'kept', because: 'The action request_refund is done.' });
    expect([...kept.timers.keys()].filter((id) => id.startsWith('promise:'))).to.deep.equal([]);
    const late = ended(pending().wait(DAY_MS), 0, { by: 'backend', reportId: 'rep_done' });
    expect(late.events('PromiseEnded')).to.deep.equal([]);
    expect(states(late)).to.deep.equal(['Soon broken']);
  });

  it('is broken alone when it falls due', () => {
    const story = saying(fresh(), 'By noon.', { promiseDueMs: fresh().nowMs + 1000 });
    saying(story, 'By night.', { promiseDueMs: story.nowMs + 5000 });
    story.wait(1000);
    expect(states(story)).to.deep.equal(['By noon. broken', 'By night. open']);
    expect(story.events('PromiseEnded')).to.have.length(1);
    expect(story.events('PromiseEnded')[0]?.because).to.equal('It fell due.');
    story.wait(4000);
    expect(story.events('PromiseEnded')).to.have.length(1);
    expect(states(story)).to.deep.equal(['By noon. broken', 'By night. broken']);
  });

  it('that is open is kept before any that has ended, and of those the newest', () => {
    const story = saying(fresh(), 'first');
    for (let n = 0; n < 25; n += 1) saying(story, `p${n}`, { promiseDueMs: story.nowMs + 1000 }).wait(1000);
    const newest = Array.from({ length: 19 }, (_, n) => `p${n + 6} broken`);
    expect(states(story)).to.deep.equal(['first open', ...newest]);
  });
});
