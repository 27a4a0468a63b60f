import { expect } from 'chai';
import { briefed, fact, plan, question, turn } from './given.ts';

const ORDER = fact('order_number', 'W2378156');
const turns = (...said: string[]) => said.map((text, at) => turn(text, { number: 5 + at }));
const ordersOf = (parameters: readonly { value: string }[] | undefined) => parameters?.map(({ value }) => value);

describe('which order is meant', () => {
  for (const said of [
    ['Please refund W2378156 and tell me where W5490127 is'],
    ['I want a refund for W2378156', 'and where is W5490127?'],
    ['Please refund orders W2378156 and W5490127'],
    ['I want a refund for order W2378156, the model is XT-9000'],
    ['I want a refund for W2378156. Invoice INV-20931, customer number C-1001'],
  ]) {
    it(`is asked where several are named: ${said.join(' | ')}`, () => {
      expect(plan(briefed({}, { unanswered: turns(...said) }))).to.include({ action: null, asks: 'order_number' });
    });

    it(`is left to a case of its own where this one has an order: ${said.join(' | ')}`, () => {
      const there = plan(briefed({}, { kind: 'order', facts: [ORDER], unanswered: turns(...said) }));
      expect(there).to.include({ action: null, newIssue: true });
    });
  }

  it('is not guessed from news that name several', () => {
    const news = [turn('it is about W2378156 and W5490127', { contactId: 'ctc_2' })];
    expect(plan(briefed({}, { news, unanswered: [turn('I want a refund')] }))).to.include({
      action: null,
      asks: 'order_number',
    });
  });

  for (const said of [
    ['The order is W5490127, not W2378156'],
    ['refund W5490127 instead of W2378156'],
    ['order W5490127', 'it is W5490127'],
  ]) {
    it(`is the one that is not denied: ${said.join(' | ')}`, () => {
      const asked = { kind: 'refund', question: question('order_number'), unanswered: turns(...said) };
      expect(ordersOf(plan(briefed({}, asked)).action?.parameters)).to.deep.equal(['W5490127']);
    });
  }

  it('is one order, with its dash and without', () => {
    const said = plan(briefed({}, { unanswered: turns('refund K-119', 'order K one one nine I mean') }));
    expect(ordersOf(said.action?.parameters)).to.have.length(1);
  });
});

describe('the answer to "Which order is the refund for?"', () => {
  const answer = (words: string) =>
    plan(briefed({}, { kind: 'refund', question: question('order_number'), unanswered: [turn(words)] }));

  for (const words of [
    '••••4567',
    "It's ••••4567",
    'it is order ••••4567',
    '•••• 1111',
    'it was 12 05 2024',
    '2024-05-12',
    '12-05-2024',
    '12.05.2024',
    '4711 2233',
    '4711 and 4712',
    '4711, not 4712',
  ]) {
    it(`names no order: ${words}`, () => {
      expect(answer(words)).to.include({ action: null, asks: 'order_number' });
    });
  }

  for (const [words, order] of [
    ['4711', '4711'],
    ['48-1177', '48-1177'],
    ["it's 10-4477.", '10-4477'],
    ['order four seven one one', '4711'],
    ['W2378156, bought on 2024-05-12', 'W2378156'],
    ['the order number is 4711', '4711'],
  ] as const) {
    it(`names ${order}: ${words}`, () => {
      expect(ordersOf(answer(words).action?.parameters)).to.deep.equal([order]);
    });
  }
});

describe('an order that is put right while it is checked who is there', () => {
  const unsettled = { settled: false, assurance: 0, disposition: 'unmatched', cause: 'weighed' } as const;
  const awaited = { verdict: 'code-sent', codeAwaited: true, assurance: 1 } as const;
  const orderFound = (stated: typeof unsettled | typeof awaited, words: string) =>
    plan(briefed(stated, { facts: [ORDER], unanswered: [turn(words)] })).facts.find(
      ({ name }) => name === 'order_number',
    )?.value;

  for (const words of ["Actually it's the other one, W5490127", 'no, W5490127', 'Sorry, I meant W5490127']) {
    it(`counts from then on: ${words}`, () => {
      expect(orderFound(unsettled, words)).to.equal('W5490127');
      expect(orderFound(awaited, words)).to.equal('W5490127');
    });
  }

  for (const words of ['and where is W5490127?', 'W5490127 arrived', 'actually, W2378156 and W5490127']) {
    it(`stays as it is where another is only named: ${words}`, () => {
      expect(orderFound(unsettled, words)).to.equal(undefined);
    });
  }
});
