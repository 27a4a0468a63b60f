import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly key: string | undefined;
  readonly body: string;
}

type Answer = (asked: Asked) => { status: number; body?: unknown } | 'never' | 'garbage';

/** A shop's backend of its own making, as a user's would be: it answers as the test says and keeps what it was asked. */
export class ShopBackend {
  readonly asked: Asked[] = [];
  readonly actionsFile: string;
  answer: Answer;
  readonly #server: ReturnType<typeof createServer>;
  readonly #folder: string;

  private constructor(server: ReturnType<typeof createServer>, folder: string, answer: Answer) {
    this.#server = server;
    this.#folder = folder;
    this.actionsFile = join(folder, 'actions.json');
    this.answer = answer;
  }

  static async open(answer: Answer): Promise<ShopBackend> {
    const server = createServer();
    const folder = mkdtempSync(join(tmpdir(), 'throughline-shop-'));
    const shop = new ShopBackend(server, folder, answer);
    server.on('request', (request, response) => void shop.#serve(request, response));
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    shop.#writeActions(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return shop;
  }

  /** Writes that reached the backend, by idempotency key. */
  writes(): ReadonlySet<string> {
    return new Set(this.asked.flatMap((one) => (one.method === 'POST' ? [one.key ?? 'none'] : [])));
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const key = request.headers['idempotency-key'];
    const asked = {
      method: request.method ?? '',
      path: request.url ?? '',
      key: Array.isArray(key) ? key[0] : key,
      body,
    };
    this.asked.push(asked);
    const answer = this.answer(asked);
    if (answer === 'never') return;
    if (answer === 'garbage') {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"status": "pend');
      return;
    }
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body ?? {}));
  }

  #writeActions(base: string): void {
    const order = `${base}/customers/{customer}/orders/{orderId}`;
    const params = { orderId: { type: 'string', fact: 'order_number' }, customer: { from: 'customer.externalId' } };
    const actions = [
      {
        name: 'order_status',
        description: 'Where an order is.',
        method: 'GET',
        url: order,
        params,
        assurance: 1,
        effect: 'read',
      },
      {
        name: 'refund_status',
        description: 'Where a refund is.',
        method: 'GET',
        url: `${order}/refund`,
        params,
        assurance: 1,
        effect: 'read',
      },
      {
        name: 'request_refund',
        description: 'Asks for a refund.',
        method: 'POST',
        url: `${order}/refunds`,
        params,
        assurance: 1,
        effect: 'write',
      },
    ];
    writeFileSync(this.actionsFile, JSON.stringify({ actions }));
  }
}

/** Takes refunds as pending, and knows every order as shipped. */
export const takesRefunds: Answer = ({ method, path }) => {
  if (method === 'POST')
    return { status: 202, body: { status: 'pending', note: 'The finance team approves refunds within three days.' } };
  return path.endsWith('/refund')
    ? { status: 200, body: { status: 'pending' } }
    : { status: 200, body: { status: 'shipped', eta: '2026-12-01' } };
};

export const MARTA = {
  externalId: 'M-77',
  name: 'Marta Nowak',
  identifiers: [
    { type: 'email', value: 'marta.nowak@mailbox.example' },
    { type: 'phone', value: '+12025550143' },
  ],
  attributes: { postalCode: '20001' },
  region: 'US',
};

export const JOEL = {
  externalId: 'J-12',
  name: 'Joel Brandt',
  identifiers: [
    { type: 'email', value: 'joel.brandt@mailbox.example' },
    { type: 'phone', value: '+12025550178' },
  ],
  attributes: {},
  region: 'US',
};
