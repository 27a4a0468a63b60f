import type { Clock } from '@throughline/kernel/ports';
import { redact } from '@throughline/language/redact';
import { z } from 'zod';
import type { BoundAction } from './actions.ts';

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** What one try came to. `again` is an outage, as far as one can tell: another try may do better. */
export type Answer =
  | {
      readonly kind: 'answered';
      readonly outcome: 'done' | 'pending' | 'failed';
      /** The JSON of a success. */
      readonly body: unknown;
      /** For people. */
      readonly note: string | null;
    }
  | { readonly kind: 'again'; readonly reason: string };

const TRY_TIMEOUT_MS = 4_000;
const BODY_BYTES_MAX = 64 * 1024;
const NOTE_LENGTH_MAX = 300;

/** Calls a backend once, within 4 s including its body. Never rejects; redirects are not followed, they could lead anywhere. */
export async function callBackend(call: {
  readonly bound: BoundAction;
  /** Sent with writes. */
  readonly idempotencyKey: string | undefined;
  readonly clock: Clock;
  readonly fetch: Fetch;
}): Promise<Answer> {
  const { bound, idempotencyKey, clock, fetch } = call;
  const abort = new AbortController();
  const timedOut = new Promise<Answer>((resolve) => {
    abort.signal.addEventListener('abort', () => resolve({ kind: 'again', reason: 'timeout' }), { once: true });
  });
  const cancel = clock.after(TRY_TIMEOUT_MS, () => abort.abort());
  const answered = fetch(bound.url, {
    method: bound.method,
    redirect: 'manual',
    signal: abort.signal,
    headers: {
      accept: 'application/json',
      ...(bound.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    },
    ...(bound.body === undefined ? {} : { body: bound.body }),
  }).then(readAnswer);
  try {
    return await Promise.race([answered.catch((): Answer => ({ kind: 'again', reason: 'unreachable' })), timedOut]);
  } finally {
    cancel();
  }
}

async function readAnswer(response: Response): Promise<Answer> {
  const { status } = response;
  if (response.type === 'opaqueredirect' || (status >= 300 && status < 400)) {
    await response.body?.cancel();
    return failed('The system that does this has moved.');
  }
  if (status >= 500) {
    await response.body?.cancel();
    return { kind: 'again', reason: `status ${status}` };
  }
  const text = await readText(response);
  if (status >= 400) return failed((text === undefined ? null : noteIn(parsedJson(text))) ?? refusalOf(status));
  if (text === undefined) return { kind: 'again', reason: 'body too large' };
  const body = text.trim() === '' ? {} : parsedJson(text);
  if (body === undefined) return { kind: 'again', reason: 'body is not JSON' };
  return { kind: 'answered', outcome: status === 202 ? 'pending' : 'done', body, note: noteIn(body) };
}

function failed(note: string): Answer {
  return { kind: 'answered', outcome: 'failed', body: undefined, note };
}

function refusalOf(status: number): string {
  if (status === 404) return 'Nothing was found for these details.';
  if (status === 409) return 'It is not possible as things stand.';
  if (status === 422) return 'The details were not accepted.';
  return 'The request was refused.';
}

/** Undefined where there is more than the limit; the rest is not read. */
async function readText(response: Response): Promise<string | undefined> {
  if (!response.body) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    if (size > BODY_BYTES_MAX) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const noted = z.object({ note: z.string().trim().min(1).max(NOTE_LENGTH_MAX) });

/** What a backend says for people, and nothing else of it. */
function noteIn(body: unknown): string | null {
  const parsed = noted.safeParse(body);
  // A note is read to the customer and kept: a card number in it is neither.
  return parsed.success ? redact(parsed.data.note, '').text : null;
}
