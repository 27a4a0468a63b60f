import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { mentions, ordersMeant } from './mentions.ts';

const TASKS = new URL('../../../../shared/corpora/support-tasks/retail-tasks.json', import.meta.url);
const orders = (text: string) => mentions(text, 'US').orders;

describe('Mentions', () => {
  for (const [text, order] of [
    ['order W2378156', 'W2378156'],
    ['#w2378156', 'W2378156'],
    ['my order number is 10-4477.', '10-4477'],
    ['order 4711 2 weeks ago', '4711'],
    ["the order's number's 4711", '4711'],
    ['order id is #10', '10'],
    ['Bestellung Nr. 4711', '4711'],
    ['about W2378156', 'W2378156'],
    ['ORD-12345', 'ORD-12345'],
    ['A-1001', 'A-1001'],
    ['and tl-1042 please', 'TL-1042'],
    ['order w two three seven eight one five six', 'W2378156'],
    ['order number w 2 3 7 8 1 5 6', 'W2378156'],
    ['order T L dash one zero four two', 'TL-1042'],
    ['order four seven one one two weeks ago', '4711'],
  ] as const) {
    it(`reads order ${order} in "${text}"`, () => {
      expect(orders(text)).to.deep.equal([order]);
    });
  }

  it('reads several orders', () => {
    expect(orders('orders 4711 and 4712, also #W2378156')).to.deep.equal(['4711', '4712', 'W2378156']);
  });

  for (const [text, ...meant] of [
    ['The order is W5490127, not W2378156', 'W5490127'],
    ['not for order #W2378156 but W5490127', 'W5490127'],
    ['refund W5490127 instead of W2378156', 'W5490127'],
    ['not W2378156'],
    ['W2378156 has not come, W5490127 has', 'W2378156', 'W5490127'],
    ['Please refund orders W2378156 and W5490127', 'W2378156', 'W5490127'],
  ] as const) {
    it(`takes ${meant.join(' and ') || 'no order'} for what is meant by "${text}"`, () => {
      expect(ordersMeant(text, 'US')).to.deep.equal(meant);
    });
  }

  it('takes no date, amount, time, code, count, phone number or part of an address for an order', () => {
    for (const text of [
      '$12.50, 12 euros, 30 days, 421907 at 10:30 on 2024-05-12',
      'order: 2024-05-12',
      'order 12.50',
      'the order was $40',
      'order placed 12.05.2024',
      'I want to order 500 pens',
      'ines4711@post.example',
      'call 415 555 2671',
    ]) {
      expect(orders(text), text).to.deep.equal([]);
    }
  });

  it('reads phone numbers and addresses, written and spoken, in normal form', () => {
    const found = mentions('call (415) 555-2671 or mail Ines at Post dot Example', 'US');
    expect(found.phones).to.deep.equal(['+14155552671']);
    expect(mentions('four one five five five five two six seven one', 'US').phones).to.deep.equal(['+14155552671']);
    expect(found.emails).to.deep.equal(['ines@post.example']);
  });

  it('takes an order reference for no phone number', () => {
    expect(mentions('order 4155552671', 'US')).to.deep.equal({ emails: [], phones: [], orders: ['4155552671'] });
  });

  it('finds the order behind 64 kB of bait', () => {
    for (const bait of ['order ', '1-', '+1', '(4', 'order is ', '4/']) {
      const text = `${bait.repeat(65_536 / bait.length)} and #W2378156`;
      expect(orders(text), bait).to.include('W2378156');
    }
  });

  it('reads every order and address of the retail stories (left out where ../shared/corpora is not there)', function () {
    if (!existsSync(TASKS)) return this.skip();
    const stories = JSON.parse(readFileSync(TASKS, 'utf8')) as {
      user_scenario: { instructions: { reason_for_call: string; known_info: string } };
    }[];
    for (const { user_scenario: scenario } of stories) {
      const text = `${scenario.instructions.reason_for_call}\n${scenario.instructions.known_info}`;
      const found = mentions(text, 'US');
      expect(found.orders).to.include.members([...text.matchAll(/W\d{7}/g)].map((match) => match[0]));
      expect(found.emails).to.include.members([...text.matchAll(/[\w.]+@[\w.]+\w/g)].map((match) => match[0]));
    }
  });

  it('finds a number behind 64 kB of half numbers', () => {
    for (const bait of ['12 x ', '12345, ', '(4']) {
      const text = `${bait.repeat(65_536 / bait.length)} and my number is 415 555 2671`;
      expect(mentions(text, 'US').phones, bait).to.deep.equal(['+14155552671']);
    }
  });

  it('finds a number beside digits without end, and none in them', () => {
    const text = `${'1 '.repeat(10_000)}and my number is 415 555 2671`;
    expect(mentions(text, 'US').phones).to.deep.equal(['+14155552671']);
  });
});
