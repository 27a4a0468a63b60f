import { expect } from 'chai';
import { madeUpShop } from './made-up.ts';
import type { Arguments, Database } from './shop.ts';
import { argumentsOf, parametersOf, useTool } from './tools.ts';
import { Refused } from './writes.ts';

const ADA = 'ada_birch_1001';
const GIFT = `gift_card_${ADA}`;

/** What a tool leaves behind, or that it refuses and leaves nothing. */
function given(tool: string, args: Arguments, before: (shop: Database) => void = () => undefined) {
  const shop = madeUpShop();
  before(shop);
  const untouched = structuredClone(shop);
  try {
    useTool(shop, tool, args);
    return { shop, refused: false, order: shop.orders[String(args.order_id)] };
  } catch (refusal) {
    if (!(refusal instanceof Refused)) throw refusal;
    expect(shop).to.deep.equal(untouched);
    return { shop, refused: true, order: undefined };
  }
}

const exchange = (order_id: string, item_ids: readonly string[], new_item_ids: readonly string[]): Arguments => ({
  order_id,
  item_ids,
  new_item_ids,
  payment_method_id: GIFT,
});

describe('the tools of the retail domain', () => {
  it('cancel a pending order, once, and pay back to a gift card at once', () => {
    const args = { order_id: '#W1000001', reason: 'ordered by mistake' };
    const { shop, order } = given('cancel_pending_order', args);
    expect(order).to.include({ status: 'cancelled', cancel_reason: 'ordered by mistake' });
    expect(order?.payment_history.map((paid) => [paid.transaction_type, paid.amount])).to.deep.equal([
      ['payment', 45.5],
      ['refund', 45.5],
    ]);
    expect(shop.users[ADA]?.payment_methods[GIFT]?.balance).to.equal(85.5);
    expect(() => useTool(shop, 'cancel_pending_order', args)).to.throw(Refused);
    expect(given('cancel_pending_order', { ...args, reason: 'because' }).refused).to.equal(true);
  });

  it('give back items of a delivered order, to the card that paid or to a gift card', () => {
    const args = { order_id: '#W1000002', item_ids: ['red', 'green'], payment_method_id: GIFT };
    expect(given('return_delivered_order_items', args).order).to.deep.include({
      status: 'return requested',
      return_items: ['green', 'red'],
    });
    const isPaidOtherwise = (shop: Database): void => {
      for (const paid of shop.orders['#W1000002']?.payment_history ?? []) paid.payment_method_id = 'paypal_1';
    };
    const byCard = { ...args, payment_method_id: `credit_card_${ADA}` };
    expect(given('return_delivered_order_items', byCard).refused).to.equal(false);
    expect(given('return_delivered_order_items', byCard, isPaidOtherwise).refused).to.equal(true);
    expect(given('return_delivered_order_items', { ...args, item_ids: ['red', 'red'] }).refused).to.equal(true);
  });

  it('exchange items for variants that are there, if a gift card can pay the difference', () => {
    expect(given('exchange_delivered_order_items', exchange('#W1000002', ['red'], ['blue'])).order).to.deep.include({
      status: 'exchange requested',
      exchange_items: ['red'],
      exchange_new_items: ['blue'],
      exchange_price_difference: 5.5,
    });
    for (const [items, newItems] of [
      [['red'], ['green']],
      [['red'], ['gold']],
      [['red'], ['blue', 'blue']],
      [['gold'], ['blue']],
    ] as const)
      expect(given('exchange_delivered_order_items', exchange('#W1000002', items, newItems)).refused).to.equal(true);
    expect(given('exchange_delivered_order_items', exchange('#W1000001', ['red'], ['blue'])).refused).to.equal(true);
  });

  it('change the items of a pending order once, each to its own variant and price', () => {
    const { shop, order } = given('modify_pending_order_items', exchange('#W1000001', ['blue'], ['red']));
    expect(order?.status).to.equal('pending (item modified)');
    expect(order?.items.map(({ item_id, price }) => [item_id, price])).to.deep.equal([
      ['red', 20],
      ['red', 20],
    ]);
    expect(order?.payment_history.at(-1)).to.include({ transaction_type: 'refund', amount: 5.5 });
    expect(shop.users[ADA]?.payment_methods[GIFT]?.balance).to.equal(45.5);
    expect(() => useTool(shop, 'modify_pending_order_items', exchange('#W1000001', ['red'], ['blue']))).to.throw(
      Refused,
    );
    expect(given('modify_pending_order_items', exchange('#W1000001', ['red'], ['red'])).refused).to.equal(true);
  });

  it('change who pays for a pending order', () => {
    const args = { order_id: '#W1000001', payment_method_id: `credit_card_${ADA}` };
    const { shop, order } = given('modify_pending_order_payment', args);
    expect(order?.payment_history.map((paid) => paid.transaction_type)).to.deep.equal(['payment', 'payment', 'refund']);
    expect(shop.users[ADA]?.payment_methods[GIFT]?.balance).to.equal(85.5);
    expect(given('modify_pending_order_payment', { ...args, payment_method_id: GIFT }).refused).to.equal(true);
  });

  it('reckon as people do', () => {
    const shop = madeUpShop();
    const resultOf = (expression: string): unknown => useTool(shop, 'calculate', { expression });
    expect(resultOf('155.33 - 147.05 + 268.77 - 235.13')).to.deep.equal({ result: '41.92' });
    expect(resultOf('2 * (3 + 4) / -7')).to.deep.equal({ result: '-2.00' });
    for (const bad of ['', '1 +', '(1', 'process.exit()', '1 2']) expect(() => resultOf(bad)).to.throw(Refused);
  });

  it('get through an action as they were, empty parts of an address too', () => {
    const asked = { order_id: '#W1', address1: '1 Way', address2: '', city: 'A', state: 'B', country: 'C', zip: '1' };
    const sent = parametersOf('modify_pending_order_address', asked);
    expect(sent.every(({ value }) => value !== '')).to.equal(true);
    const back = argumentsOf(ADA, Object.fromEntries(sent.map(({ name, value }) => [name, value])));
    expect(back).to.deep.equal({ ...asked, user_id: ADA });
  });
});
