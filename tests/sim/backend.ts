import type { ActionSpec } from '@throughline/agent/actions';
import type { Fetch } from '@throughline/agent/backend-call';
import { DEMO_ACTIONS } from '@throughline/agent/demo-backend';
import type { Faults } from './faults.ts';
import { askOutside } from './outside.ts';
import type { Order } from './people.ts';
import type { World } from './world.ts';

const ORIGIN = 'http://shop.invalid';
const RESULT_MAX_MS = 60_000;
/** Of the refunds that take time, how many the shop never speaks of again. */
const FORGOTTEN_SHARE = 0.2;

/** What the shop's refund actions did, as the shop itself counts it. */
export interface Deed {
  readonly idempotencyKey: string;
  readonly order: string;
  /** How often it was asked for under this key; it happened once. */
  asked: number;
}

interface Reply {
  readonly status: number;
  readonly body: object;
}

/** How the shop says later that it is done: the operators' API, which may be asked twice. */
export type TellResult = (actionId: string, body: { readonly status: string; readonly note: string }) => Promise<void>;

/** A shop in memory that honours idempotency keys, behind an HTTP that fails as faults let it. */
export class SimBackend {
  readonly actions: readonly ActionSpec[] = DEMO_ACTIONS(ORIGIN);
  readonly deeds: Deed[] = [];
  wasAskedWithoutKey = false;
  readonly #on: { readonly world: World; readonly faults: Faults };
  readonly #orders: ReadonlyMap<string, Order>;
  readonly #replies = new Map<string, Reply>();
  readonly #tellResult: TellResult;

  constructor(
    on: { readonly world: World; readonly faults: Faults },
    orders: readonly Order[],
    tellResult: TellResult,
  ) {
    this.#on = on;
    this.#orders = new Map(orders.map((order) => [order.number, order]));
    this.#tellResult = tellResult;
  }

  readonly fetch: Fetch = async (url, init) => {
    const key = new Headers(init.headers).get('idempotency-key');
    const { status, body } = await askOutside(this.#on, 'backend', () => this.#answer(url, init.method ?? 'GET', key));
    return new Response(JSON.stringify(body), { status });
  };

  #answer(url: string, method: string, key: string | null): Reply {
    const [, customer = '', number = '', isRefund] =
      /^\/customers\/([^/]+)\/orders\/([^/]+)(\/refund)?$/.exec(new URL(url).pathname) ?? [];
    const order = this.#orders.get(decodeURIComponent(number).toUpperCase());
    if (order?.person.externalId !== decodeURIComponent(customer)) return NO_ORDER;
    this.wasAskedWithoutKey ||= method === 'POST' && key === null;
    if (method === 'POST') return key === null ? NO_KEY : this.#refund(key, order);
    const isBegun = this.deeds.some((deed) => deed.order === order.number);
    if (isRefund !== undefined) return { status: 200, body: { refund_status: isBegun ? 'pending' : 'not asked for' } };
    return { status: 200, body: { order_status: 'on its way', order_item: order.item, order_total: order.total } };
  }

  #refund(key: string, order: Order): Reply {
    const { world } = this.#on;
    const former = this.#replies.get(key);
    if (former !== undefined) {
      for (const deed of this.deeds) if (deed.idempotencyKey === key) deed.asked += 1;
      return former;
    }
    this.deeds.push({ idempotencyKey: key, order: order.number, asked: 1 });
    const isDone = world.chance() < 0.4;
    const reply: Reply = isDone
      ? { status: 200, body: { refund_status: 'paid out' } }
      : { status: 202, body: { status: 'pending', note: 'The warehouse is checking the return.' } };
    this.#replies.set(key, reply);
    if (!isDone && world.chance() >= FORGOTTEN_SHARE) void this.#reportLater(key);
    return reply;
  }

  async #reportLater(actionId: string): Promise<void> {
    const { world } = this.#on;
    const times = world.chance() < 0.3 ? 2 : 1;
    for (let time = 0; time < times; time += 1) {
      await world.pause(world.below(RESULT_MAX_MS));
      await this.#tellResult(actionId, { status: 'paid out', note: 'The money is on its way.' });
    }
  }
}

const NO_ORDER: Reply = { status: 404, body: { note: 'There is no such order.' } };
const NO_KEY: Reply = { status: 400, body: { note: 'A write needs an idempotency key.' } };
