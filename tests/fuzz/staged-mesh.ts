import { Stage } from '../../scripts/demo/stage.ts';
import { MARTA, ShopBackend, takesRefunds } from '../flow/backend.ts';
import { demand, Violation } from './door.ts';

export const AUTH_TOKEN = 'the-auth-token-of-a-fuzzed-carrier';

/** A whole mesh behind its real sockets, with one customer who has asked for something. */
export interface StagedMesh {
  readonly stage: Stage;
  /** What inputs say in braces: `{case}`, `{contact}`, `{customer}`, `{action}`, `{session}`. */
  filled(text: string): string;
  /** Rejects with `Violation` where it does not serve a good request, or holds a record that came through a door. */
  isWell(): Promise<void>;
  close(): Promise<void>;
}

export async function openStagedMesh(): Promise<StagedMesh> {
  const shop = await ShopBackend.open(takesRefunds);
  const stage = await Stage.open({
    THROUGHLINE_ACTIONS: shop.actionsFile,
    THROUGHLINE_TWILIO_AUTH_TOKEN: AUTH_TOKEN,
    THROUGHLINE_LOG_LEVEL: 'silent',
  });
  await stage.importCustomers([MARTA]);
  const chat = await stage.loggedIn('M-77');
  const { caseId = '' } = await chat.ask('Please refund order 10-4477.');
  const thread = JSON.stringify(await stage.api(`/api/cases/${caseId}/thread?limit=500`));
  const found = (prefix: string): string => new RegExp(`${prefix}_[0-9a-f]+`).exec(thread)?.[0] ?? '';
  const names: Readonly<Record<string, string>> = {
    case: caseId,
    contact: chat.contactId,
    customer: found('cus'),
    action: found('act'),
    session: chat.sessionToken,
  };
  for (const [name, value] of Object.entries(names))
    if (value === '') throw new Error(`The mesh has no ${name} to use.`);
  return {
    stage,
    filled: (text) => text.replace(/\{(\w+)\}/g, (all, name: string) => names[name] ?? all),
    async isWell() {
      const response = await stage.fetch('/api/parked');
      demand(response.status === 200, `A good request is answered with ${response.status}.`);
      const { items } = (await response.json()) as { items: readonly unknown[] };
      if (items.length > 0) throw new Violation(`What came through a door is parked: ${JSON.stringify(items[0])}`);
    },
    async close() {
      chat.close();
      await stage.close();
      shop.close();
    },
  };
}

/** Holds an answer to the laws of RFC 9457: a refusal says what it is, and the fault is not ours. */
export async function demandAnswer(
  response: Response,
  isAnswer: (body: string) => boolean = () => true,
): Promise<void> {
  const { status } = response;
  const body = await response.text();
  demand(status < 500, `It is answered with ${status}: ${body}`);
  if (status < 400) {
    demand(isAnswer(body), `It is answered with ${status} and ${body.slice(0, 200)}`);
    return;
  }
  const type = response.headers.get('content-type') ?? 'none';
  demand(type.startsWith('application/problem+json'), `It is refused with ${status} and ${type}.`);
  const problem = JSON.parse(body) as { status: number; code: string; title: string };
  demand(
    problem.status === status && /\w.*\.$/.test(problem.title) && problem.code !== '',
    `It is refused with ${body}`,
  );
}
