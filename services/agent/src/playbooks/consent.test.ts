import { expect } from 'chai';
import { action, briefed, fact, plan, question, turn } from './given.ts';

const ORDER = fact('order_number', 'W2378156');
const resumed = { kind: 'refund', facts: [ORDER] };

describe('"Shall I go on with the refund?"', () => {
  const NO = [
    'please do not',
    'Please do NOT go on with it',
    'Sure not!',
    'I do not want it any more',
    'It is no longer necessary',
    "ok hold on, don't do anything yet",
    'ok so what happens if I say no?',
    'Right, before that: what does it cost me?',
    'yes but only for the left shoe',
    'the box arrived damaged but the shoes are fine, I keep them',
    'they are too small but maybe my son can wear them',
    'it rains a lot here',
  ];
  for (const words of NO) {
    it(`is not agreed to by "${words}", however the turn comes to us`, () => {
      for (const cause of ['turn', 'stale', 'weighed', 'action'] as const) {
        const said = plan(briefed({ cause }, { ...resumed, unanswered: [turn(words)] }));
        expect(said.action, cause).to.equal(null);
      }
      const mail = briefed(
        { cause: 'joined', channel: 'email', disposition: 'resumed' },
        { ...resumed, firstWords: true, unanswered: [turn(words, { channel: 'email' })] },
      );
      expect(plan(mail).action, 'by mail').to.equal(null);
    });
  }

  for (const words of ['yes', 'Yes please', 'ok, go ahead', 'Please do', 'yes, go on with the refund']) {
    it(`is agreed to by "${words}"`, () => {
      const said = plan(briefed({}, { ...resumed, unanswered: [turn(words)] }));
      expect(said.action?.name).to.equal('request_refund');
    });
  }
});

describe('"Shall I look up where it is now?"', () => {
  it('is agreed to by a yes with more behind it: a look does no harm', () => {
    const said = plan(
      briefed({}, { kind: 'order', facts: [ORDER], unanswered: [turn('yes, it should be here by now')] }),
    );
    expect(said.action?.name).to.equal('order_status');
  });
});

describe('what goes on without a yes', () => {
  it('is what was asked for and lacked nothing but the answer', () => {
    const asked = { kind: 'refund', question: question('order_number'), unanswered: [turn('W2378156')] };
    expect(plan(briefed({}, asked)).action?.name).to.equal('request_refund');
  });

  it('is no refund that is taken back with the answer', () => {
    const taken = { kind: 'refund', question: question('order_number'), unanswered: [turn('W2378156, but no refund')] };
    expect(plan(briefed({}, taken)).action).to.equal(null);
  });

  it('is what this contact wanted, where the reply to it came too late', () => {
    const recent = [turn('I want a refund for W2378156', { number: 2 })];
    const stale = briefed({ cause: 'stale' }, { ...resumed, recent, unanswered: [turn('hello?')] });
    expect(plan(stale).action?.name).to.equal('request_refund');
  });

  it('is no refund where a question is open that is answered by now', () => {
    const open = { ...resumed, question: question('identity'), unanswered: [turn('it rains a lot here')] };
    expect(plan(briefed({}, open)).text).to.match(/Shall I go on with the refund\?$/);
  });

  it('is the state of a refund that was asked for', () => {
    const pending = { ...resumed, actions: [action('request_refund', 'pending')] };
    const said = plan(briefed({ cause: 'action' }, { ...pending, unanswered: [turn('ok')] }));
    expect(said).to.include({ action: null, text: 'Your refund for order W2378156 is pending.' });
  });
});
