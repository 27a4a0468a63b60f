import { expect } from 'chai';
import { action, briefed, fact, NOW_MS, plan, promise, question, turn } from './given.ts';

const ORDER = fact('order_number', 'W2378156');
const NOTE = 'The warehouse is checking the return.';

describe('somebody asks about a number without saying what it is of', () => {
  it('and has the order of that number looked up', () => {
    const said = plan(briefed({}, { unanswered: [turn('Can you tell me when 10-4477 will be here')] }));
    expect(said.action).to.deep.include({ name: 'order_status' });
    expect(said.action?.parameters).to.deep.equal([{ name: 'order_number', value: '10-4477' }]);
  });

  it('and is asked for the order where it is a phone number', () => {
    const said = plan(briefed({}, { unanswered: [turn('What is the status of 415-555-2671?')] }));
    expect(said).to.include({ action: null, asks: 'order_number' });
  });
});

describe('first words: a customer comes back', () => {
  const pending = {
    kind: 'refund',
    status: 'waiting' as const,
    facts: [ORDER],
    actions: [action('request_refund', 'pending', { note: NOTE })],
    promises: [promise(NOTE)],
    firstWords: true,
  };
  const joined = { cause: 'joined', inputId: 'joining', disposition: 'resumed', assurance: 1 } as const;

  it('says on the phone where the refund is, before the caller says anything', () => {
    const said = plan(briefed({ ...joined, channel: 'voice' }, pending));
    expect(said.text).to.equal(`Your refund for order W2378156 is pending. ${NOTE}`);
    expect(said).to.include({ action: null, asks: null });
  });

  it('answers a mail with one reply: where the case is, then what was asked', () => {
    const unanswered = [turn('Can I talk to a person about this?', { channel: 'email' })];
    const said = plan(briefed({ ...joined, channel: 'email' }, { ...pending, unanswered }));
    expect(said.text).to.equal(
      `Your refund for order W2378156 is pending.\n\n${NOTE}\n\nI will pass this on.\n\nA colleague will look at this and get back to you.`,
    );
  });

  it('says a thing once where the state is also the answer', () => {
    const unanswered = [turn('Any news about my refund?', { channel: 'email' })];
    const actions = [...pending.actions, action('refund_status', 'failed', { attempt: 'inp_1' })];
    const said = plan(
      briefed({ ...joined, inputId: 'inp_1', cause: 'action', channel: 'email' }, { ...pending, actions, unanswered }),
    );
    expect(said.text).to.equal(`Your refund for order W2378156 is pending.\n\n${NOTE}`);
  });

  it('takes up the question that was left open', () => {
    const said = plan(briefed(joined, { kind: 'refund', question: question('order_number'), firstWords: true }));
    expect(said.text).to.equal(
      'This is about your refund. Which order is the refund for? Please tell me the order number.',
    );
    expect(said.asks).to.equal('order_number');
  });

  it('says no more than that something is open where nothing else may be said', () => {
    const said = plan(briefed(joined, { knownFacts: ['order_number', 'reason'], firstWords: true }));
    expect(said.text).to.equal('There is an open matter here. What would you like to add?');
  });

  it('says nothing of the case to somebody who has earned nothing', () => {
    const said = plan(briefed({ ...joined, assurance: 0 }, { kind: 'refund', facts: [ORDER], firstWords: true }));
    expect(said.text).not.to.match(/W2378156|refund/);
    expect(said.asks).to.equal('code');
  });

  it('says where the case is to a contact that has just proven itself into it', () => {
    const unanswered = [turn('ines.okafor@post.example')];
    const said = plan(briefed({ ...joined, hop: 2, inputId: 'inp_1' }, { ...pending, firstWords: false, unanswered }));
    expect(said.text).to.equal(`Your refund for order W2378156 is pending. ${NOTE}`);
  });

  it('asks a new customer of a new case what it is about', () => {
    const said = plan(briefed({ cause: 'joined', channel: 'voice' }, { firstWords: true }));
    expect(said.text).to.equal('What can I help you with?');
  });
});

describe('order status: "where is my order?"', () => {
  const unanswered = [turn('Where is my order W5490127?')];

  it('looks it up first', () => {
    const said = plan(briefed({ assurance: 1 }, { unanswered }));
    expect(said).to.include({ text: null, kind: 'order' });
    expect(said.action).to.include({ name: 'order_status', effect: 'read' });
  });

  it('then says it', () => {
    const facts = [fact('order_number', 'W5490127'), fact('order_status', 'on its way', { source: 'backend' })];
    const said = plan(briefed({ cause: 'action' }, { unanswered, facts, actions: [action('order_status', 'done')] }));
    expect(said.text).to.equal('Order W5490127 has the status “on its way”.');
  });

  it('says the little else that the backend tells, as far as this contact may hear it', () => {
    const backend = { source: 'backend' } as const;
    const facts = [
      fact('order_number', 'W5490127'),
      fact('order_status', 'shipped', backend),
      fact('eta', 'Friday', backend),
      fact('refund_status', 'none', backend),
    ];
    const said = plan(briefed({ cause: 'action' }, { unanswered, facts, actions: [action('order_status', 'done')] }));
    expect(said.text).to.equal('Order W5490127 has the status “shipped”. The eta: Friday.');
  });

  it('looks it up anew for a later turn, however well an earlier answer is remembered (law 4)', () => {
    const facts = [fact('order_number', 'W5490127'), fact('order_status', 'packed', { source: 'backend' })];
    const said = plan(briefed({ cause: 'turn' }, { unanswered, facts, actions: [action('order_status', 'done')] }));
    expect(said.action?.name).to.equal('order_status');
  });

  it('passes it to a person where it cannot be looked up', () => {
    const actions = [action('order_status', 'failed', { attempt: 'inp_1' })];
    expect(plan(briefed({ cause: 'action' }, { unanswered, actions })).handover).to.be.a('string');
  });
});

describe('news: what was said on another channel meanwhile', () => {
  const told = { kind: 'refund', facts: [ORDER], actions: [action('request_refund', 'pending', { note: NOTE })] };
  const unanswered = [turn('What about my refund?', { channel: 'voice' })];
  const known = {
    ...told,
    actions: [...told.actions, action('refund_status', 'failed', { attempt: 'inp_1' })],
    unanswered,
  };

  it('comes in a short clause before the reply', () => {
    const news = [turn('The label was torn', { contactId: 'ctc_2' })];
    const said = plan(briefed({ channel: 'voice' }, { ...known, news }));
    expect(said.text).to.match(/^On chat meanwhile: “The label was torn”\. Your refund for order W2378156 /);
  });

  it('is cut where it is long', () => {
    const said = plan(briefed({}, { ...known, news: [turn('word '.repeat(100), { contactId: 'ctc_2' })] }));
    expect(said.text?.length).to.be.below(300);
  });

  it('is mentioned without its words where those are withheld', () => {
    const said = plan(briefed({ assurance: 1 }, { ...known, newsWithheld: 1 }));
    expect(said.text).to.match(/^There is also a newer message about this on another channel\. Your refund/);
  });

  it('is used: an order number said on chat is not asked for on the phone (law 7)', () => {
    const news = [turn('the order is W2378156', { contactId: 'ctc_2' })];
    const said = plan(briefed({ channel: 'voice' }, { news, unanswered: [turn('I want a refund')] }));
    expect(said.action?.parameters).to.deep.equal([{ name: 'order_number', value: 'W2378156' }]);
  });
});

describe('everything else', () => {
  it('asks one useful question, then passes it to a person', () => {
    const first = plan(briefed({}, { unanswered: [turn('The moon is made of cheese')] }));
    expect(first).to.include({ asks: 'matter', handover: null });
    const second = plan(briefed({}, { asked: ['matter'], unanswered: [turn('Cheese, really')] }));
    expect(second).to.include({ asks: null, promise: 'A colleague will look at this and get back to you.' });
    expect(second.promiseDueMs).to.be.above(NOW_MS);
  });

  it('gives a person at once to whoever asks for one, and promises it once', () => {
    const unanswered = [turn('I want to speak to a human')];
    expect(plan(briefed({}, { unanswered })).handover).to.be.a('string');
    expect(plan(briefed({}, { unanswered, needsPerson: true }))).to.include({ handover: null, promise: null });
  });

  it('resolves at the last words only what is done', () => {
    const unanswered = [turn('thanks, that is all, bye')];
    const done = plan(briefed({}, { kind: 'order', actions: [action('order_status', 'done')], unanswered }));
    expect(done).to.include({ text: 'Glad to help.', resolves: true });
    const pending = plan(
      briefed({}, { kind: 'refund', facts: [ORDER], actions: [action('request_refund', 'pending')], unanswered }),
    );
    expect(pending.resolves).to.equal(false);
    expect(plan(briefed({}, { unanswered: [turn('thank you')] }))).to.include({
      text: 'Glad to help.',
      resolves: false,
    });
  });

  it('does not say the same thing over and over', () => {
    const actions = [action('request_refund', 'pending', { note: NOTE })];
    const recent = [turn(`Your refund for order W2378156 is pending. ${NOTE}`, { from: 'agent' })];
    const said = plan(
      briefed({}, { kind: 'refund', facts: [ORDER], actions, recent, unanswered: [turn('but I need it now')] }),
    );
    expect(said.handover).to.be.a('string');
  });

  it('tells a contact that is still there what has come of its refund', () => {
    const actions = [action('request_refund', 'done')];
    const said = plan(briefed({ cause: 'action' }, { kind: 'refund', facts: [ORDER], actions }));
    expect(said.text).to.equal('Your refund for order W2378156 is done.');
  });
});

describe('the last words', () => {
  const told = turn('Order W2378156 has the status “on its way”.', { from: 'agent', number: 4 });
  const served = { kind: 'order', facts: [ORDER], actions: [action('order_status', 'done')], recent: [told] };

  for (const words of [
    'I was charged twice for it. Have a nice day.',
    "Thank you. That's all, but please cancel the order",
    "please change the delivery address to 12 Main Street, that's all",
    "that's all you have to say? this is ridiculous",
    'No! I am at home and nothing came',
    'No, I need it tomorrow',
    'wrong address!!',
    'no, not 4711, 4712',
    'No, it has not arrived and I have been charged 3 times on my card.',
    'It was left in the rain and everything is wet. Have a nice day, Pat',
  ]) {
    it(`are none where something is wanted, which a person gets: ${words}`, () => {
      const said = plan(briefed({}, { ...served, unanswered: [turn(words)] }));
      expect(said).to.include({ resolves: false });
      expect(said.handover).to.equal('More was said than a no or a good-bye.');
    });
  }

  for (const words of [
    'no',
    'No thanks',
    'thanks, bye',
    'ok thank you',
    'No, nothing else. Bye',
    'Have a nice day, Pat',
  ]) {
    it(`resolve what is done: ${words}`, () => {
      const said = plan(briefed({}, { ...served, unanswered: [turn(words)] }));
      expect(said).to.include({ resolves: true, handover: null });
    });
  }

  it('are no "ok", which goes on with what is under way', () => {
    const said = plan(briefed({}, { kind: 'order', facts: [ORDER], unanswered: [turn('ok')] }));
    expect(said.action?.name).to.equal('order_status');
  });

  it('are none where a no comes before anything is known: it is asked what it is about', () => {
    expect(plan(briefed({}, { unanswered: [turn('No one answers my letters')] })).asks).to.equal('matter');
  });
});
