import type { Database, Order, Task, User } from './shop.ts';

/** A small shop and its tasks, in the form of the files: of nobody, and of nobody else's making. */

const address = (address1: string, zip: string) => ({
  address1,
  address2: '',
  city: 'Springfield',
  state: 'OR',
  country: 'USA',
  zip,
});

function user(id: string, names: readonly [string, string], zip: string, orders: readonly string[]): User {
  const [first_name, last_name] = names;
  return {
    user_id: id,
    name: { first_name, last_name },
    address: address(`${zip.slice(0, 3)} Larch Road`, zip),
    email: `${first_name.toLowerCase()}.${last_name.toLowerCase()}${zip.slice(3)}@mail.example`,
    payment_methods: {
      [`credit_card_${id}`]: { source: 'credit_card', id: `credit_card_${id}` },
      [`gift_card_${id}`]: { source: 'gift_card', id: `gift_card_${id}`, balance: 40 },
    },
    orders: [...orders],
  };
}

function order(id: string, userId: string, status: string, items: readonly string[], paidBy = 'credit_card'): Order {
  return {
    order_id: id,
    user_id: userId,
    address: address('12 Parcel Street', '97477'),
    items: items.map((item) => ({
      name: 'Lamp',
      product_id: 'lamps',
      item_id: item,
      price: PRICES[item] ?? 0,
      options: { colour: item },
    })),
    status,
    payment_history: [
      {
        transaction_type: 'payment',
        amount: items.reduce((sum, item) => sum + (PRICES[item] ?? 0), 0),
        payment_method_id: `${paidBy}_${userId}`,
      },
    ],
  };
}

const PRICES: Readonly<Record<string, number>> = { red: 20, blue: 25.5, green: 19.99, gold: 300 };

export function madeUpShop(): Database {
  const users = [
    user('ada_birch_1001', ['Ada', 'Birch'], '97401', ['#W1000001', '#W1000002']),
    user('ben_cedar_1002', ['Ben', 'Cedar'], '97402', ['#W1000003', '#W1000004']),
    user('cleo_dogwood_1003', ['Cleo', 'Dogwood'], '97403', ['#W1000005']),
  ];
  const orders = [
    order('#W1000001', 'ada_birch_1001', 'pending', ['red', 'blue'], 'gift_card'),
    order('#W1000002', 'ada_birch_1001', 'delivered', ['red', 'green']),
    order('#W1000003', 'ben_cedar_1002', 'pending', ['blue']),
    order('#W1000004', 'ben_cedar_1002', 'delivered', ['red', 'red']),
    order('#W1000005', 'cleo_dogwood_1003', 'processed', ['green']),
  ];
  const variants = Object.entries(PRICES).map(([item_id, price]) => [
    item_id,
    { item_id, options: { colour: item_id }, available: item_id !== 'green', price },
  ]);
  return {
    products: { lamps: { name: 'Lamp', product_id: 'lamps', variants: Object.fromEntries(variants) } },
    users: Object.fromEntries(users.map((one) => [one.user_id, one])),
    orders: Object.fromEntries(orders.map((one) => [one.order_id, one])),
  };
}

type Actions = Task['evaluation_criteria']['actions'];

const task = (id: string, known_info: string, reason_for_call: string, actions: Actions): Task => ({
  id,
  user_scenario: { instructions: { reason_for_call, known_info } },
  evaluation_criteria: { actions },
});

const find = (first_name: string, last_name: string, zip: string): Actions[number] => ({
  name: 'find_user_id_by_name_zip',
  arguments: { first_name, last_name, zip },
});

export const MADE_UP_TASKS: readonly Task[] = [
  task('1', 'You are Ada Birch, 97401.', 'You want to cancel one order and give the red lamp of the other one back.', [
    find('Ada', 'Birch', '97104'),
    find('Ada', 'Birch', '97401'),
    { name: 'get_order_details', arguments: { order_id: '#W1000001' } },
    { name: 'cancel_pending_order', arguments: { order_id: '#W1000001', reason: 'no longer needed' } },
    {
      name: 'return_delivered_order_items',
      arguments: { order_id: '#W1000002', item_ids: ['red'], payment_method_id: 'gift_card_ada_birch_1001' },
    },
  ]),
  task('2', 'You are Ben Cedar, ben.cedar02@mail.example.', 'You have moved, and you would rather have a red lamp.', [
    { name: 'find_user_id_by_email', arguments: { email: 'ben.cedar02@mail.example' } },
    { name: 'get_user_details', arguments: { user_id: 'ben_cedar_1002' } },
    { name: 'calculate', arguments: { expression: '25.50 - 20' } },
    {
      name: 'modify_pending_order_address',
      arguments: { order_id: '#W1000003', ...address('77 New Lane', '97440') },
    },
    { name: 'modify_user_address', arguments: { user_id: 'ben_cedar_1002', ...address('77 New Lane', '97440') } },
    {
      name: 'modify_pending_order_items',
      arguments: {
        order_id: '#W1000003',
        item_ids: ['blue'],
        new_item_ids: ['red'],
        payment_method_id: 'gift_card_ben_cedar_1002',
      },
    },
  ]),
  task('3', 'You are Cleo Dogwood in 97403.', 'You want to cancel an order that is on its way, and will not hear no.', [
    { name: 'get_order_details', arguments: { order_id: '#W1000005' } },
    { name: 'transfer_to_human_agents', arguments: { summary: 'The order is on its way and cannot be cancelled.' } },
  ]),
];
