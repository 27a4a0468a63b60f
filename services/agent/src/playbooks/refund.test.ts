import { expect } from 'chai';
import { action, briefed, fact, NOW_MS, plan, promise, question, turn } from './given.ts';

const ORDER = fact('order_number', 'W2378156');
const NOTE = 'The warehouse is checking the return.';

describe('refund: a customer wants the money back', () => {
  it('asks for the order number first, and for nothing else', () => {
    const said = plan(briefed({}, { unanswered: [turn('I want a refund because the shoes are too small')] }));
    expect(said).to.include({ asks: 'order_number', action: null, kind: 'refund', playbook: 'refund' });
    expect(said.text).to.equal('Which order is the refund for? Please tell me the order number.');
    expect(said.facts.map(({ name }) => name)).to.include('reason');
  });

  it('requests the refund once the order number is answered, without a word before the backend has spoken', () => {
    const said = plan(
      briefed({}, { kind: 'refund', question: question('order_number'), unanswered: [turn('it is W2378156')] }),
    );
    expect(said.text).to.equal(null);
    expect(said.action).to.deep.equal({
      name: 'request_refund',
      effect: 'write',
      assurance: 2,
      parameters: [{ name: 'order_number', value: 'W2378156' }],
    });
    expect(said.facts).to.deep.equal([
      {
        name: 'order_number',
        value: 'W2378156',
        sensitivity: 'status',
        assurance: 2,
        source: 'customer',
        atMs: NOW_MS,
      },
    ]);
  });

  it('understands an order number that is spoken digit by digit in answer to its question', () => {
    const unanswered = [turn('w two three seven eight one five six', { channel: 'voice' })];
    const said = plan(
      briefed({ channel: 'voice' }, { kind: 'refund', question: question('order_number'), unanswered }),
    );
    expect(said.action?.parameters).to.deep.equal([{ name: 'order_number', value: 'W2378156' }]);
  });

  it('takes an order number of another form as the answer to its question', () => {
    const said = plan(
      briefed({}, { kind: 'refund', question: question('order_number'), unanswered: [turn('48-1177')] }),
    );
    expect(said.action?.parameters).to.deep.equal([{ name: 'order_number', value: '48-1177' }]);
  });

  it('takes an order that is said without its dash for the one that the case is about', () => {
    const held = { kind: 'refund', facts: [fact('order_number', 'K-119')] };
    const said = plan(briefed({}, { ...held, unanswered: [turn('Please refund order K one one nine')] }));
    expect(said.action?.parameters).to.deep.equal([{ name: 'order_number', value: 'K-119' }]);
    expect(said.newIssue).to.equal(false);
  });

  it('says order, state and what comes next when the backend has answered "pending"', () => {
    const said = plan(
      briefed(
        { cause: 'action' },
        {
          kind: 'refund',
          status: 'waiting',
          facts: [ORDER],
          actions: [action('request_refund', 'pending', { note: NOTE })],
          promises: [promise(NOTE)],
          unanswered: [turn('I want a refund for W2378156')],
        },
      ),
    );
    expect(said.text).to.equal(`Your refund for order W2378156 is pending. ${NOTE}`);
    expect(said).to.include({ action: null, resolves: false });
  });

  it('makes no second request when the customer asks again (law 3)', () => {
    for (const state of ['requested', 'pending', 'done'] as const) {
      const said = plan(
        briefed(
          {},
          {
            kind: 'refund',
            facts: [ORDER],
            actions: [action('request_refund', state)],
            unanswered: [turn('Refund W2378156 please, I want my money back')],
          },
        ),
      );
      expect(said.action, state).to.equal(null);
      expect(said.text, state).to.contain('W2378156');
    }
  });

  it('asks identity for more assurance where the action needs it, and leaves the words to identity', () => {
    const said = plan(briefed({ assurance: 1 }, { facts: [ORDER], unanswered: [turn('I want a refund')] }));
    expect(said).to.include({ text: null, stepUp: 2, action: null, kind: 'refund' });
  });

  it('goes on by itself once the code is proven', () => {
    const said = plan(
      briefed(
        { cause: 'weighed', verdict: 'proven' },
        { facts: [ORDER], recent: [turn('I want a refund', { number: 3 })], unanswered: [turn('******')] },
      ),
    );
    expect(said.action?.name).to.equal('request_refund');
  });

  it('steps up rather than asking for what is known and withheld (law 7)', () => {
    const said = plan(
      briefed({ assurance: 1 }, { knownFacts: ['order_number'], unanswered: [turn('I want a refund')] }),
    );
    expect(said).to.include({ text: null, stepUp: 2, asks: null });
  });

  it('does not send somebody round again whose proof was not enough', () => {
    const said = plan(
      briefed(
        { cause: 'weighed', verdict: 'proven', assurance: 1 },
        { kind: 'refund', facts: [ORDER], unanswered: [turn('******')] },
      ),
    );
    expect(said.stepUp).to.equal(null);
    expect(said.handover).to.be.a('string');
  });

  it('passes a failed refund to a person, with what the backend said', () => {
    const said = plan(
      briefed(
        { cause: 'action' },
        {
          kind: 'refund',
          facts: [ORDER],
          actions: [action('request_refund', 'failed', { note: 'There is no such order.' })],
          unanswered: [turn('I want a refund')],
        },
      ),
    );
    expect(said.text).to.equal(
      'Your refund for order W2378156 did not go through. There is no such order. A colleague will look at this and get back to you.',
    );
    expect(said).to.include({
      promise: 'A colleague will look at this and get back to you.',
      promiseDueMs: NOW_MS + 86_400_000,
    });
    expect(said.handover).to.be.a('string');
  });

  it('does not take small talk for consent: nothing is requested that nobody asked for now', () => {
    for (const words of ['it rains a lot here', 'no', 'No thanks']) {
      const said = plan(briefed({}, { kind: 'refund', facts: [ORDER], unanswered: [turn(words)] }));
      expect(said.action, words).to.equal(null);
    }
  });

  it('keeps a second order out of a case that has acted on the first', () => {
    const said = plan(
      briefed(
        {},
        {
          kind: 'refund',
          facts: [ORDER],
          actions: [action('request_refund', 'pending')],
          unanswered: [turn('And refund order W5490127 too')],
        },
      ),
    );
    expect(said).to.deep.include({ newIssue: true, action: null, text: null, handover: null, facts: [] });
  });

  for (const words of ['Where is my order W5490127?', 'I have a different problem']) {
    it(`takes the contact to another case: ${words}`, () => {
      expect(plan(briefed({}, { kind: 'refund', facts: [ORDER], unanswered: [turn(words)] })).newIssue).to.equal(true);
    });
  }

  for (const words of ['Sorry, I meant order W5490127', 'Another question about my refund', 'No, nothing else. Bye']) {
    it(`stays in its case: ${words}`, () => {
      expect(plan(briefed({}, { kind: 'refund', facts: [ORDER], unanswered: [turn(words)] })).newIssue).to.equal(false);
    });
  }

  it('takes the order named for its own where the case has none and has done nothing', () => {
    const said = plan(briefed({}, { unanswered: [turn('A different order: refund W5490127')] }));
    expect(said.newIssue).to.equal(false);
    expect(said.facts.map(({ value }) => value)).to.include('W5490127');
  });
});

describe('refund: who refuses it, withdraws it or wants something else', () => {
  const REFUSALS = [
    "Please don't refund it, I just want it delivered",
    'Can you send it to my office instead?',
    'please send my invoice',
    'I need to return your call from this morning',
    'Instead of a refund I want a replacement',
    'Would you refund me if it never comes?',
  ];
  for (const words of REFUSALS) {
    it(`gets none: ${words}`, () => {
      const said = plan(briefed({}, { kind: 'order', facts: [ORDER], unanswered: [turn(words)] }));
      expect(said.action).to.equal(null);
    });
  }

  const asked = turn('I want a refund for W2378156', { number: 2 });
  const unanswered = [turn('••••', { number: 6 })];
  const proven = { cause: 'weighed', verdict: 'proven' } as const;
  const held = { kind: 'refund', facts: [ORDER], unanswered };

  it('is asked again once the code is right where they took the wish back before it', () => {
    const recent = [asked, turn("no wait, I don't want a refund, I want an exchange", { number: 4 })];
    const said = plan(briefed(proven, { ...held, recent }));
    expect(said).to.include({ action: null, handover: null });
    expect(said.text).to.equal('This is about your refund for order W2378156. Shall I go on with the refund?');
  });

  it('is asked again where they give the code and keep the goods in one breath', () => {
    const kept = [turn('actually I will keep the shoes, my code is ••••', { number: 6 })];
    const said = plan(briefed(proven, { ...held, recent: [asked], unanswered: kept }));
    expect(said.action).to.equal(null);
  });

  it('is not overruled by a reply that was stale, nor by a withdrawal on another channel', () => {
    const elsewhere = turn('Cancel my refund', { number: 4, contactId: 'ctc_2' });
    const stale = briefed({ cause: 'stale' }, { ...held, recent: [asked, turn('Cancel my refund', { number: 4 })] });
    expect(plan(stale).action).to.equal(null);
    expect(plan(briefed(proven, { ...held, recent: [asked], news: [elsewhere] })).action).to.equal(null);
  });

  it('has the order looked up where that is what they want instead, and hears of it', () => {
    const instead = turn('forget the refund, I just want to know where my parcel is', { number: 4 });
    const briefing = { ...held, recent: [asked, instead] };
    expect(plan(briefed(proven, briefing)).action?.name).to.equal('order_status');
    const facts = [ORDER, fact('order_status', 'on its way', { source: 'backend' })];
    const actions = [action('order_status', 'done', { attempt: 'inp_1' })];
    const told = plan(briefed({ cause: 'action' }, { ...briefing, facts, actions }));
    expect(told).to.include({ action: null, text: 'Order W2378156 has the status “on its way”.' });
  });

  it('gets one who wants it again after all', () => {
    const recent = [asked, turn('forget the refund', { number: 4 })];
    const said = plan(briefed({}, { ...held, recent, unanswered: [turn('I do want a refund', { number: 6 })] }));
    expect(said.action?.name).to.equal('request_refund');
  });

  it('counts the last of what they say in one breath', () => {
    const breath = (...said: string[]) => said.map((words, at) => turn(words, { number: 5 + at }));
    const given = (unanswered: ReturnType<typeof breath>) => briefed({}, { facts: [ORDER], unanswered });
    expect(plan(given(breath('I want a refund', 'no, forget the refund'))).action).to.equal(null);
    expect(plan(given(breath('No refund please', 'oh well, refund it'))).action?.name).to.equal('request_refund');
  });
});

describe('refund status: "where is my money?"', () => {
  const asked = { kind: 'refund', facts: [ORDER], unanswered: [turn('Where is my refund?')] };

  it('looks at the backend first where the refund is pending', () => {
    const said = plan(
      briefed({ assurance: 1 }, { ...asked, actions: [action('request_refund', 'pending', { note: NOTE })] }),
    );
    expect(said.text).to.equal(null);
    expect(said.action).to.include({ name: 'refund_status', effect: 'read' });
  });

  it('then says what the backend says now', () => {
    const actions = [
      action('request_refund', 'pending'),
      action('refund_status', 'done', { attempt: 'inp_1', atMs: NOW_MS }),
    ];
    const facts = [ORDER, fact('refund_status', 'sent to the bank', { source: 'backend' })];
    const said = plan(briefed({ cause: 'action' }, { ...asked, facts, actions }));
    expect(said.text).to.equal('Your refund for order W2378156 has the status “sent to the bank”.');
  });

  it('says the state that is known where the look failed', () => {
    const actions = [
      action('request_refund', 'pending', { note: NOTE }),
      action('refund_status', 'failed', { attempt: 'inp_1' }),
    ];
    const said = plan(briefed({ cause: 'action' }, { ...asked, actions }));
    expect(said.text).to.equal(`Your refund for order W2378156 is pending. ${NOTE}`);
  });

  it('never requests a refund, even where none was asked for here', () => {
    const said = plan(briefed({}, asked));
    expect(said.action?.name).to.equal('refund_status');
  });
});
