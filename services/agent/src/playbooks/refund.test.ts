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
