import type { ActionSpec } from '@throughline/agent/actions';
import type { Arguments, Database } from './shop.ts';
import { orderOf, Refused, text, WRITES } from './writes.ts';

type Read = (database: Database, args: Arguments) => unknown;

const READS: Readonly<Record<string, Read>> = {
  find_user_id_by_email: (database, args) =>
    userIdOf(database, ({ email }) => email.toLowerCase() === text(args, 'email').toLowerCase()),
  find_user_id_by_name_zip: (database, args) =>
    userIdOf(database, ({ name, address }) => {
      const wanted = `${text(args, 'first_name')} ${text(args, 'last_name')}`.toLowerCase();
      return `${name.first_name} ${name.last_name}`.toLowerCase() === wanted && address.zip === text(args, 'zip');
    }),
  get_user_details: (database, args) => found(database.users[text(args, 'user_id')], 'User'),
  get_order_details: orderOf,
  get_product_details: (database, args) => found(database.products[text(args, 'product_id')], 'Product'),
  get_item_details: (database, args) => {
    const id = text(args, 'item_id');
    return found(
      Object.values(database.products)
        .map(({ variants }) => variants[id])
        .find((one) => one !== undefined),
      'Item',
    );
  },
  list_all_product_types: ({ products }) =>
    Object.fromEntries(Object.values(products).map(({ name, product_id }) => [name, product_id])),
  calculate: (_database, args) => ({ result: resultOf(text(args, 'expression')) }),
};

/** Whether there is such a tool, and whether it changes anything. */
export const effectOf = (name: string): 'read' | 'write' | undefined => {
  if (Object.hasOwn(WRITES, name)) return 'write';
  return Object.hasOwn(READS, name) ? 'read' : undefined;
};

/** What undoes little is open to whoever comes from a number or an address on file; what moves goods or money is not. */
const OPEN_WRITES: ReadonlySet<string> = new Set([
  'cancel_pending_order',
  'return_delivered_order_items',
  'transfer_to_human_agents',
]);

/** The assurance that a tool asks for in the bench's actions file. */
export const assuranceOf = (name: string): 1 | 2 => (effectOf(name) === 'read' || OPEN_WRITES.has(name) ? 1 : 2);

/** Uses a tool. Throws `Refused` where it says no; then nothing has changed. */
export function useTool(database: Database, name: string, args: Arguments): unknown {
  const tool = WRITES[name] ?? READS[name];
  if (tool === undefined) throw new Refused(`There is no tool ${name}`);
  return tool(database, args);
}

/** What a tool takes besides the customer, as parameters of an action. An address is one of them, since parts of it may be empty. */
const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  find_user_id_by_email: ['email'],
  find_user_id_by_name_zip: ['first_name', 'last_name', 'zip'],
  get_user_details: [],
  get_order_details: ['order_id'],
  get_product_details: ['product_id'],
  get_item_details: ['item_id'],
  list_all_product_types: [],
  calculate: ['expression'],
  cancel_pending_order: ['order_id', 'reason'],
  exchange_delivered_order_items: ['order_id', 'item_ids', 'new_item_ids', 'payment_method_id'],
  return_delivered_order_items: ['order_id', 'item_ids', 'payment_method_id'],
  modify_pending_order_items: ['order_id', 'item_ids', 'new_item_ids', 'payment_method_id'],
  modify_pending_order_address: ['order_id', 'address'],
  modify_pending_order_payment: ['order_id', 'payment_method_id'],
  modify_user_address: ['address'],
  transfer_to_human_agents: ['summary'],
};

const ADDRESS_PARTS = ['address1', 'address2', 'city', 'state', 'country', 'zip'] as const;

/** The actions file of the retail domain. Who the customer is comes from the mesh alone. */
export function actionsFor(baseUrl: string): readonly ActionSpec[] {
  return Object.entries(PARAMETERS).map(([name, parameters]) => ({
    name,
    description: name.replaceAll('_', ' '),
    method: effectOf(name) === 'write' ? 'POST' : 'GET',
    url: `${baseUrl}/customers/{customer}/${name}`,
    params: {
      customer: { type: 'string', from: 'customer.externalId' },
      ...Object.fromEntries(parameters.map((parameter) => [parameter, { type: 'string', fact: parameter }] as const)),
    },
    assurance: assuranceOf(name),
    effect: effectOf(name) ?? 'read',
  }));
}

/** A tool's arguments as the parameters of its action: text, each of them. */
export function parametersOf(name: string, args: Arguments): readonly { name: string; value: string }[] {
  return (PARAMETERS[name] ?? []).map((parameter) => {
    const address = Object.fromEntries(ADDRESS_PARTS.map((part) => [part, args[part] ?? '']));
    const value = parameter === 'address' ? JSON.stringify(address) : (args[parameter] ?? '');
    return { name: parameter, value: typeof value === 'string' ? value : value.join(',') };
  });
}

/** The way back: what the backend is asked with, as a tool's arguments. */
export function argumentsOf(customer: string, parameters: Readonly<Record<string, string>>): Arguments {
  const { address, ...rest } = parameters;
  const parts: Record<string, string> = address === undefined ? {} : JSON.parse(address);
  const lists = Object.entries(rest).map(([name, value]) => [name, name.endsWith('_ids') ? value.split(',') : value]);
  return { ...Object.fromEntries(lists), ...parts, user_id: customer };
}

function found<Thing>(thing: Thing | undefined, what: string): Thing {
  if (thing === undefined) throw new Refused(`${what} not found`);
  return thing;
}

function userIdOf(database: Database, matches: (user: Database['users'][string]) => boolean): { user_id: string } {
  return { user_id: found(Object.values(database.users).find(matches), 'User').user_id };
}

/** Sums, differences, products and quotients with brackets, to two places. */
function resultOf(expression: string): string {
  const tokens = expression.match(/\d+(?:\.\d+)?|[-+*/()]/g) ?? [];
  if (tokens.join('') !== expression.replaceAll(' ', '')) throw new Refused('Invalid characters in expression');
  let at = 0;
  const operand = (): number => {
    const token = tokens[at++];
    if (token === '-') return -operand();
    if (token !== '(') return Number(token);
    const inner = sum();
    at += 1;
    return inner;
  };
  const product = (): number => {
    let value = operand();
    while (tokens[at] === '*' || tokens[at] === '/')
      value = tokens[at++] === '*' ? value * operand() : value / operand();
    return value;
  };
  const sum = (): number => {
    let value = product();
    while (tokens[at] === '+' || tokens[at] === '-')
      value = tokens[at++] === '+' ? value + product() : value - product();
    return value;
  };
  const value = sum();
  if (at !== tokens.length || !Number.isFinite(value)) throw new Refused('The expression cannot be read');
  return value.toFixed(2);
}
