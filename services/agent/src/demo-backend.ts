import express, { type Router } from 'express';
import { z } from 'zod';
import type { ActionSpec } from './actions.ts';

/** The customers of the demo's story, as lines of `POST /api/customers/import`. The numbers and addresses are nobody's. */
export const DEMO_CUSTOMERS = [
  {
    externalId: 'C-1001',
    name: 'Ines Okafor',
    identifiers: [
      { type: 'email', value: 'ines.okafor@post.example' },
      { type: 'phone', value: '+14155552671' },
    ],
    attributes: { postalCode: '94107' },
    region: 'US',
  },
  {
    externalId: 'C-1002',
    name: 'Tomas Lindqvist',
    identifiers: [
      { type: 'email', value: 'tomas.lindqvist@post.example' },
      { type: 'phone', value: '+14155552684' },
    ],
    attributes: { postalCode: '97205' },
    region: 'US',
  },
] as const;

const REFUND_NOTE = 'The warehouse is checking the return, and the refund follows within five working days.';

interface Order {
  readonly customer: string;
  readonly status: string;
  readonly item: string;
  refund: 'none' | 'pending';
}

/** The actions that the demo backend understands, as an actions file would state them. */
export function DEMO_ACTIONS(baseUrl: string): readonly ActionSpec[] {
  const customer = { type: 'string', from: 'customer.externalId' } as const;
  const orderNumber = { type: 'string', fact: 'order_number' } as const;
  const order = `${baseUrl}/customers/{customer}/orders/{order_number}`;
  const params = { customer, order_number: orderNumber };
  return [
    {
      name: 'order_status',
      description: 'Says where an order is.',
      method: 'GET',
      url: order,
      params,
      assurance: 1,
      effect: 'read',
    },
    {
      name: 'refund_status',
      description: 'Says where a refund is.',
      method: 'GET',
      url: `${order}/refund`,
      params,
      assurance: 1,
      effect: 'read',
    },
    {
      name: 'request_refund',
      description: 'Asks for the refund of an order.',
      method: 'POST',
      url: `${order}/refund`,
      params,
      assurance: 2,
      effect: 'write',
    },
  ];
}

export interface DemoBackend {
  /** To be mounted where the `baseUrl` of `DEMO_ACTIONS` points. */
  readonly router: Router;
  /** How many requests came with this `Idempotency-Key`. */
  requestsWith(idempotencyKey: string): number;
  /** How many refunds were begun, whatever was asked how often. */
  refundsBegun(): number;
}

/** A small shop that keeps everything in memory and answers the same way every time. A repeated key gets the first answer again. */
export function createDemoBackend(): DemoBackend {
  const orders = new Map<string, Order>([
    ['W2378156', { customer: 'C-1001', status: 'delivered', item: 'Trail running shoes', refund: 'none' }],
    ['W5490127', { customer: 'C-1001', status: 'on its way', item: 'Rain jacket', refund: 'none' }],
    ['W7381192', { customer: 'C-1002', status: 'being packed', item: 'Camping lamp', refund: 'none' }],
  ]);
  const requests = new Map<string, number>();
  const answers = new Map<string, { status: number; body: object }>();
  let begun = 0;

  function orderOf(params: unknown): Order | undefined {
    const asked = z.object({ customer: z.string(), order: z.string() }).parse(params);
    const order = orders.get(asked.order.toUpperCase());
    return order?.customer === asked.customer ? order : undefined;
  }

  function beginRefund(order: Order | undefined): { status: number; body: object } {
    if (!order) return { status: 404, body: { note: 'There is no such order.' } };
    if (order.refund === 'pending')
      return { status: 409, body: { note: 'A refund for this order is already on its way.' } };
    order.refund = 'pending';
    begun += 1;
    return { status: 202, body: { status: 'pending', note: REFUND_NOTE } };
  }

  const router = express.Router();
  router.get('/customers/:customer/orders/:order', (request, response) => {
    const order = orderOf(request.params);
    if (order) response.json({ order_status: order.status, order_item: order.item });
    else response.status(404).json({ note: 'There is no such order.' });
  });
  router.get('/customers/:customer/orders/:order/refund', (request, response) => {
    const order = orderOf(request.params);
    if (order) response.json({ refund_status: order.refund === 'none' ? 'not asked for' : order.refund });
    else response.status(404).json({ note: 'There is no such order.' });
  });
  router.post('/customers/:customer/orders/:order/refund', (request, response) => {
    const key = request.get('idempotency-key');
    if (!key) {
      response.status(400).json({ note: 'A write needs an idempotency key.' });
      return;
    }
    requests.set(key, (requests.get(key) ?? 0) + 1);
    const answer = answers.get(key) ?? beginRefund(orderOf(request.params));
    answers.set(key, answer);
    response.status(answer.status).json(answer.body);
  });

  return { router, requestsWith: (key) => requests.get(key) ?? 0, refundsBegun: () => begun };
}
