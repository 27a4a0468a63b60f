import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OPERATOR_TOKEN_FILE } from '@throughline/mesh/operator-token';
import { readSettings } from '@throughline/mesh/settings';

/** What the operators' API answered where it was no success; the message is for the person at the command line. */
export class ApiRefused extends Error {}

interface Page {
  readonly items: readonly Readonly<Record<string, unknown>>[];
  readonly next: string | null;
}

/** As many items as the API gives at once. */
const PAGE = 500;

/** The operators' API of a running mesh, as the environment says where it is and what its token is. */
export class OperatorApi {
  readonly #url: string;
  readonly #token: string;

  constructor(options: { readonly url?: string | undefined; readonly token?: string | undefined }) {
    const settings = readSettings(process.env, process.cwd());
    const file = join(settings.dataDirectory, OPERATOR_TOKEN_FILE);
    const token =
      options.token ?? settings.operatorToken ?? (existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined);
    if (token === undefined)
      throw new ApiRefused(
        `No operator token: give --token, set THROUGHLINE_ADMIN_TOKEN, or run this where ${file} is.`,
      );
    this.#token = token;
    this.#url = (options.url ?? `http://${settings.host}:${settings.httpPort}`).replace(/\/+$/, '');
  }

  async request(path: string, init: RequestInit = {}): Promise<unknown> {
    const response = await this.#fetch(path, init);
    const text = await response.text();
    if (!response.ok) throw new ApiRefused(refusalOf(response.status, text));
    return text === '' ? undefined : JSON.parse(text);
  }

  /** The items of all pages of a list. */
  async everything(path: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const items: Readonly<Record<string, unknown>>[] = [];
    let next: string | null = null;
    do {
      const cursor: string = next === null ? '' : `&cursor=${encodeURIComponent(next)}`;
      const page = (await this.request(`${path}?limit=${PAGE}${cursor}`)) as Page;
      items.push(...page.items);
      next = page.next;
    } while (next !== null);
    return items;
  }

  /** Sends JSON. */
  post(path: string, body: unknown): Promise<unknown> {
    return this.request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(`${this.#url}${path}`, {
        ...init,
        headers: { ...init.headers, authorization: `Bearer ${this.#token}` },
      });
    } catch {
      throw new ApiRefused(`Nothing answers at ${this.#url}: start the mesh, or say with --url where it is.`);
    }
  }
}

function refusalOf(status: number, text: string): string {
  try {
    const problem = JSON.parse(text) as { title?: string; detail?: string };
    return [problem.title, problem.detail].filter(Boolean).join(' ');
  } catch {
    return `The mesh answered ${status}.`;
  }
}
