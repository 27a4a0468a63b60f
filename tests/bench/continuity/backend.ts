import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { seeded } from '../statistics.ts';
import type { Database } from './shop.ts';
import { actionsFor, argumentsOf, effectOf, useTool } from './tools.ts';
import { Refused } from './writes.ts';

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** A write that reached the backend: what was asked, how often, and how often it was carried out. */
export interface Asked {
  readonly customer: string;
  /** Tool and arguments. */
  readonly effect: string;
  times: number;
  done: number;
}

const DELAY_MS_MAX = 150;
const SLOW_DELAY_MS = 900;
const SLOW_SHARE = 0.05;
const LATER_SHARE = 0.25;
const LATER_MS_MAX = 2_500;
const LOST_SHARE = 0.12;
/** A caller tries three times: what is lost more often than twice is an outage. */
const LOST_MAX = 2;

/**
 * The shop's backend over HTTP. Each customer's task has a database of its own. It is slow now and then, and answers get lost
 * after it has acted, so callers try again; what comes with a key that it knows gets the first answer. Some writes it answers with
 * 202, and tells later that they are done.
 */
export class RetailBackend {
  readonly actionsFile: string;
  /** Writes by idempotency key. */
  readonly writes = new Map<string, Asked>();
  /** Requests for a customer who is in no task, and writes without a key. */
  readonly strays: string[] = [];
  lost = 0;
  /** How it tells the mesh that a write is done. */
  tellLater: (key: string, result: unknown) => Promise<void> = () => Promise.resolve();
  readonly #databases = new Map<string, Database>();
  readonly #answers = new Map<string, Answer>();
  readonly #losses = new Map<string, number>();
  readonly #random: () => number;
  readonly #folder: string;
  readonly #server: Server;

  private constructor(seed: number) {
    this.#random = seeded(seed);
    this.#folder = mkdtempSync(join(tmpdir(), 'throughline-retail-'));
    this.actionsFile = join(this.#folder, 'actions.json');
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
  }

  static async open(seed: number): Promise<RetailBackend> {
    const backend = new RetailBackend(seed);
    await new Promise<void>((resolve) => {
      backend.#server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = backend.#server.address() as AddressInfo;
    writeFileSync(backend.actionsFile, JSON.stringify({ actions: actionsFor(`http://127.0.0.1:${port}`) }));
    return backend;
  }

  /** From now on what is asked for this customer happens to this database. */
  serve(customer: string, database: Database): void {
    this.#databases.set(customer, database);
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const url = new URL(request.url ?? '', 'http://backend.example');
    const [, , customer = '', tool = ''] = url.pathname.split('/').map(decodeURIComponent);
    const sent =
      chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : Object.fromEntries(url.searchParams);
    const key = String(request.headers['idempotency-key'] ?? '');
    const answer = this.#answerTo(customer, tool, sent, key);
    await sleep(this.#random() < SLOW_SHARE ? SLOW_DELAY_MS : Math.round(this.#random() * DELAY_MS_MAX));
    if (this.#isLost(key || url.href)) {
      // Half of the lost ones break off, half come back as an outage: to the caller both may mean anything.
      if (this.#random() < 0.5) response.destroy();
      else response.writeHead(503).end();
      return;
    }
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
  }

  #answerTo(customer: string, tool: string, sent: Readonly<Record<string, string>>, key: string): Answer {
    const database = this.#databases.get(customer);
    const isWrite = effectOf(tool) === 'write';
    if (database === undefined || (isWrite && key === '')) {
      this.strays.push(`${tool} for ${customer}`);
      return { status: 404, body: { note: 'There is no such customer.' } };
    }
    const args = argumentsOf(customer, sent);
    if (!isWrite) return answered(database, customer, tool, args);
    const asked = this.writes.get(key) ?? { customer, effect: nameOfEffect(tool, args), times: 0, done: 0 };
    this.writes.set(key, asked);
    asked.times += 1;
    const former = this.#answers.get(key);
    if (former !== undefined) return former;
    const answer = answered(database, customer, tool, args);
    asked.done += 1;
    const isLater = answer.status === 200 && this.#random() < LATER_SHARE;
    const given = isLater ? { status: 202, body: { status: 'pending', note: 'It is being worked on.' } } : answer;
    this.#answers.set(key, given);
    if (isLater) void this.#tell(key, tool);
    return given;
  }

  /** As backends do that are not sure whether they have been heard: twice. */
  async #tell(key: string, tool: string): Promise<void> {
    await sleep(Math.round(this.#random() * LATER_MS_MAX));
    try {
      for (let time = 0; time < 2; time += 1) await this.tellLater(key, { status: 'done' });
    } catch (error) {
      this.strays.push(`${tool}: ${error instanceof Error ? error.message : 'unknown'}`);
    }
  }

  #isLost(what: string): boolean {
    const losses = this.#losses.get(what) ?? 0;
    if (losses >= LOST_MAX || this.#random() >= LOST_SHARE) return false;
    this.#losses.set(what, losses + 1);
    this.lost += 1;
    return true;
  }
}

/** What an order's owner may see and change is nobody else's: to others there is no such order. */
function answered(database: Database, customer: string, tool: string, args: ReturnType<typeof argumentsOf>): Answer {
  const owner = database.orders[String(args.order_id)]?.user_id;
  try {
    if (owner !== undefined && owner !== customer) throw new Refused('Order not found');
    return { status: 200, body: structuredClone(useTool(database, tool, args)) };
  } catch (refusal) {
    if (!(refusal instanceof Refused)) throw refusal;
    return { status: 409, body: { note: `${refusal.message}.` } };
  }
}

/** A tool and its arguments as one text, whatever their order. */
export const nameOfEffect = (tool: string, args: object): string =>
  `${tool} ${JSON.stringify(Object.entries(args).sort(([one], [other]) => (one < other ? -1 : 1)))}`;
