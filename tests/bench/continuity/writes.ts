import type { Arguments, Database, Order, PaymentMethod } from './shop.ts';

/** A tool says no: the words are for the agent. */
export class Refused extends Error {}

/** What a write does to the database; gives back what it changed. All of it is checked before anything is changed. */
export type Write = (database: Database, args: Arguments) => unknown;

export const text = (args: Arguments, name: string): string => {
  const value = args[name];
  if (typeof value !== 'string') throw new Refused(`${name} is missing`);
  return value;
};

const list = (args: Arguments, name: string): readonly string[] => {
  const value = args[name];
  if (!Array.isArray(value)) throw new Refused(`${name} is missing`);
  return value;
};

export function orderOf(database: Database, args: Arguments): Order {
  const order = database.orders[text(args, 'order_id')];
  if (order === undefined) throw new Refused('Order not found');
  return order;
}

/** The writes of the retail domain, by what its tools do (sierra-research/tau2-bench). */
export const WRITES: Readonly<Record<string, Write>> = {
  cancel_pending_order(database, args) {
    const order = inStatus(orderOf(database, args), 'pending');
    const reason = text(args, 'reason');
    if (!['no longer needed', 'ordered by mistake'].includes(reason)) throw new Refused('Invalid reason');
    const refunds = order.payment_history.map((paid) => ({ ...paid, transaction_type: 'refund' }));
    for (const { payment_method_id, amount } of refunds) credit(methodOf(database, order, payment_method_id), amount);
    return Object.assign(order, {
      status: 'cancelled',
      cancel_reason: reason,
      payment_history: [...order.payment_history, ...refunds],
    });
  },

  exchange_delivered_order_items(database, args) {
    const order = inStatus(orderOf(database, args), 'delivered');
    const pairs = pairsOf(database, order, args);
    const method = methodOf(database, order, text(args, 'payment_method_id'));
    const difference = cents(differenceOf(pairs));
    afford(method, difference);
    return Object.assign(order, {
      status: 'exchange requested',
      exchange_items: [...list(args, 'item_ids')].sort(),
      exchange_new_items: [...list(args, 'new_item_ids')].sort(),
      exchange_payment_method_id: method.id,
      exchange_price_difference: difference,
    });
  },

  return_delivered_order_items(database, args) {
    const order = inStatus(orderOf(database, args), 'delivered');
    const method = methodOf(database, order, text(args, 'payment_method_id'));
    const isOriginal = order.payment_history[0]?.payment_method_id === method.id;
    if (method.source !== 'gift_card' && !isOriginal)
      throw new Refused('Payment method should be the original payment method');
    const items = held(order, list(args, 'item_ids'));
    return Object.assign(order, {
      status: 'return requested',
      return_items: [...items].sort(),
      return_payment_method_id: method.id,
    });
  },

  modify_pending_order_items(database, args) {
    const order = inStatus(orderOf(database, args), 'pending');
    const pairs = pairsOf(database, order, args);
    if (pairs.some(({ item, variant }) => item.item_id === variant.item_id))
      throw new Refused('The new item id should be different from the old item id');
    const method = methodOf(database, order, text(args, 'payment_method_id'));
    const difference = differenceOf(pairs);
    afford(method, difference);
    credit(method, -difference);
    order.payment_history.push({
      transaction_type: difference > 0 ? 'payment' : 'refund',
      amount: Math.abs(difference),
      payment_method_id: method.id,
    });
    for (const { item, variant } of pairs)
      Object.assign(item, { item_id: variant.item_id, price: variant.price, options: variant.options });
    return Object.assign(order, { status: 'pending (item modified)' });
  },

  modify_pending_order_address(database, args) {
    return Object.assign(stillPending(orderOf(database, args)), { address: addressIn(args) });
  },

  modify_pending_order_payment(database, args) {
    const order = stillPending(orderOf(database, args));
    const method = methodOf(database, order, text(args, 'payment_method_id'));
    const [paid, ...more] = order.payment_history;
    if (paid?.transaction_type !== 'payment' || more.length > 0)
      throw new Refused('There should be exactly one payment for a pending order');
    if (paid.payment_method_id === method.id)
      throw new Refused('The new payment method should be different from the current one');
    const { amount, payment_method_id } = paid;
    const former = methodOf(database, order, payment_method_id);
    afford(method, amount);
    credit(method, -amount);
    credit(former, amount);
    order.payment_history.push(
      { transaction_type: 'payment', amount, payment_method_id: method.id },
      { transaction_type: 'refund', amount, payment_method_id },
    );
    return order;
  },

  modify_user_address(database, args) {
    const user = database.users[text(args, 'user_id')];
    if (user === undefined) throw new Refused('User not found');
    return Object.assign(user, { address: addressIn(args) });
  },

  transfer_to_human_agents: () => 'Transfer successful',
};

function inStatus(order: Order, status: string): Order {
  if (order.status !== status) throw new Refused(`The order is not ${status}`);
  return order;
}

function stillPending(order: Order): Order {
  if (!order.status.includes('pending')) throw new Refused('Non-pending order cannot be modified');
  return order;
}

function methodOf(database: Database, order: Order, id: string): PaymentMethod {
  const method = database.users[order.user_id]?.payment_methods[id];
  if (method === undefined) throw new Refused('Payment method not found');
  return method;
}

const cents = (amount: number): number => Math.round(amount * 100) / 100;

/** Only a gift card is settled here; what goes to a card or an account is somebody else's ledger. */
function credit(method: PaymentMethod, amount: number): void {
  if (method.source === 'gift_card') method.balance = cents((method.balance ?? 0) + amount);
}

function afford(method: PaymentMethod, amount: number): void {
  if (method.source === 'gift_card' && (method.balance ?? 0) < amount)
    throw new Refused('Insufficient gift card balance to pay for the price difference');
}

/** The ids, if the order holds each as often as it is named. */
function held(order: Order, ids: readonly string[]): readonly string[] {
  const count = (all: readonly string[], id: string): number => all.filter((one) => one === id).length;
  const own = order.items.map((item) => item.item_id);
  const missing = ids.find((id) => count(ids, id) > count(own, id));
  if (missing !== undefined) throw new Refused(`Item ${missing} not found`);
  return ids;
}

interface Pair {
  readonly item: Order['items'][number];
  readonly variant: Database['products'][string]['variants'][string];
}

/** Each item with what comes in its place: another variant of the same product that is available. */
function pairsOf(database: Database, order: Order, args: Arguments): readonly Pair[] {
  const ids = held(order, list(args, 'item_ids'));
  const newIds = list(args, 'new_item_ids');
  if (ids.length !== newIds.length) throw new Refused('The number of items to be exchanged should match');
  const left = [...order.items];
  return ids.map((id, at) => {
    const [item] = left.splice(
      left.findIndex((one) => one.item_id === id),
      1,
    );
    const variant = database.products[item?.product_id ?? '']?.variants[newIds[at] ?? ''];
    if (item === undefined || !variant?.available) throw new Refused(`New item ${newIds[at]} not found or available`);
    return { item, variant };
  });
}

const differenceOf = (pairs: readonly Pair[]): number =>
  pairs.reduce((sum, { item, variant }) => sum + (variant.price - item.price), 0);

const addressIn = (args: Arguments) => ({
  address1: text(args, 'address1'),
  address2: text(args, 'address2'),
  city: text(args, 'city'),
  state: text(args, 'state'),
  country: text(args, 'country'),
  zip: text(args, 'zip'),
});
