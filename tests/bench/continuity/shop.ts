import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** The shop's database and its tasks, in the form of tau2-bench's retail domain. What is not named here is kept as it is. */

const address = z.object({
  address1: z.string(),
  address2: z.string(),
  city: z.string(),
  state: z.string(),
  country: z.string(),
  zip: z.string(),
});

const paymentMethod = z.looseObject({ source: z.string(), id: z.string(), balance: z.number().optional() });

const user = z.looseObject({
  user_id: z.string(),
  name: z.object({ first_name: z.string(), last_name: z.string() }),
  address,
  email: z.string(),
  payment_methods: z.record(z.string(), paymentMethod),
  orders: z.array(z.string()),
});

const payment = z.object({ transaction_type: z.string(), amount: z.number(), payment_method_id: z.string() });
const options = z.record(z.string(), z.string());

const order = z.looseObject({
  order_id: z.string(),
  user_id: z.string(),
  address,
  items: z.array(
    z.looseObject({ name: z.string(), product_id: z.string(), item_id: z.string(), price: z.number(), options }),
  ),
  status: z.string(),
  payment_history: z.array(payment),
});

const product = z.looseObject({
  name: z.string(),
  product_id: z.string(),
  variants: z.record(
    z.string(),
    z.looseObject({ item_id: z.string(), options, available: z.boolean(), price: z.number() }),
  ),
});

const database = z.object({
  products: z.record(z.string(), product),
  users: z.record(z.string(), user),
  orders: z.record(z.string(), order),
});

const task = z.object({
  id: z.string(),
  user_scenario: z.object({ instructions: z.object({ reason_for_call: z.string(), known_info: z.string() }) }),
  evaluation_criteria: z.object({
    actions: z.array(
      z.object({ name: z.string(), arguments: z.record(z.string(), z.union([z.string(), z.array(z.string())])) }),
    ),
  }),
});

export type Database = z.infer<typeof database>;
export type Task = z.infer<typeof task>;
export type User = z.infer<typeof user>;
export type Order = z.infer<typeof order>;
export type PaymentMethod = z.infer<typeof paymentMethod>;
export type Arguments = Readonly<Record<string, string | readonly string[]>>;

/** What a folder of tasks holds. Throws where it is not of that form. */
export function readShop(folder: string): { readonly database: Database; readonly tasks: readonly Task[] } {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
  return { database: database.parse(read('retail-db.json')), tasks: z.array(task).parse(read('retail-tasks.json')) };
}
