import type { Edge, EdgeDraft } from '@throughline/kernel/edge';
import { deriveId } from '@throughline/kernel/ids';
import type { Clock } from '@throughline/kernel/ports';
import type { CustomerRecorded } from '@throughline/schemas/generated/messages';
import { IDENTITY_INPUTS } from '@throughline/schemas/topics';
import { LINE_BYTES_MAX, readLine } from './import-line.ts';
import { SHARD } from './ledger.ts';
import type { ImportResult } from './view-schemas.ts';

export interface Importing {
  readonly edge: Edge;
  /** The answer to one line, asked for before it is sent; undefined when it does not come in time. */
  awaitRecorded(batchId: string, line: number): Promise<CustomerRecorded | undefined>;
  readonly clock: Clock;
  readonly region: string;
}

/** A line that was read, and what is sent of it. */
interface Line {
  readonly line: number;
  readonly draft: EdgeDraft;
}

/** Lines that are sent and not yet answered, at most: nobody else on the log has to wait long behind an import. */
const UNAPPLIED_MAX = 100;
const ERRORS_MAX = 1000;

/** The answers did not come in time: the lines may still be taken, and importing again is safe. */
export class ImportStalled extends Error {
  readonly code = 'import-stalled';
}

/** Sends every line and waits for what became of it. Throws `ImportStalled`. */
export async function importCustomers(
  importing: Importing,
  batch: { readonly batchId: string; readonly traceparent: string },
  body: AsyncIterable<Uint8Array>,
): Promise<ImportResult> {
  const result: ImportResult = { accepted: 0, changed: 0, unchanged: 0, rejected: 0, errors: [] };
  const reject = (line: number, reason: string): void => {
    result.rejected += 1;
    if (result.errors.length < ERRORS_MAX) result.errors.push({ line, reason });
  };
  let chunk: Line[] = [];
  const flush = async (): Promise<void> => {
    const sent = chunk;
    chunk = [];
    for (const { line, answer } of await sendAll(importing, batch.batchId, sent)) {
      if (!answer) throw new ImportStalled(`Line ${line} was not answered in time.`);
      if (answer === 'erased') {
        reject(line, 'the customer was erased');
        continue;
      }
      if (answer.outcome === 'rejected') reject(line, answer.reason ?? 'rejected');
      else result.accepted += 1;
      if (answer.outcome === 'changed') result.changed += 1;
      if (answer.outcome === 'unchanged') result.unchanged += 1;
    }
  };
  for await (const { line, text } of linesOf(body)) {
    const read =
      text === undefined ? { ok: false as const, reason: 'longer than 64 kB' } : readLine(text, importing.region);
    if (read.ok) chunk.push({ line, draft: draftOf(importing, batch, line, read.customer) });
    else reject(line, read.reason);
    if (chunk.length === UNAPPLIED_MAX) await flush();
  }
  await flush();
  result.errors.sort((a, b) => a.line - b.line);
  return result;
}

async function sendAll(
  { edge, awaitRecorded }: Importing,
  batchId: string,
  chunk: readonly Line[],
): Promise<{ line: number; answer: CustomerRecorded | 'erased' | undefined }[]> {
  const answers = new Map(chunk.map(({ line }) => [line, awaitRecorded(batchId, line)]));
  const sent = await sendKnowable(edge, chunk);
  const answerTo = async (one: Line) => (sent.includes(one) ? answers.get(one.line) : 'erased');
  return Promise.all(chunk.map(async (one) => ({ line: one.line, answer: await answerTo(one) })));
}

/**
 * Sends the lines of all but erased customers and returns them. There is nothing to seal a line of theirs with, which the edge
 * says before it has sent any; they come in every file that is older than the erasure.
 */
async function sendKnowable(edge: Edge, chunk: readonly Line[]): Promise<readonly Line[]> {
  let lines = chunk;
  while (lines.length > 0) {
    try {
      await edge.send(lines.map(({ draft }) => draft));
      return lines;
    } catch (error) {
      const others = lines.filter(({ draft }) => !isKeyMissing(error, `customer:${draft.subject}`));
      if (others.length === lines.length) throw error;
      lines = others;
    }
  }
  return lines;
}

/** The edge makes keys that do not exist, so that one which is missing is destroyed. */
const isKeyMissing = (error: unknown, keyId: string): boolean =>
  error instanceof Error &&
  'code' in error &&
  error.code === 'key-missing' &&
  'keyId' in error &&
  error.keyId === keyId;

function draftOf(
  { clock }: Importing,
  { batchId, traceparent }: { readonly batchId: string; readonly traceparent: string },
  line: number,
  customer: { readonly customerId: string },
): EdgeDraft {
  return {
    topic: IDENTITY_INPUTS,
    key: SHARD,
    type: 'CustomerSubmitted',
    subject: customer.customerId,
    id: deriveId('msg', 'CustomerSubmitted', batchId, String(line)),
    timeMs: clock.nowMs(),
    traceparent,
    body: { ...customer, batchId, line },
  };
}

/** Lines by number from 1, without the empty ones; one that is too long comes without its text. */
async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<{ line: number; text: string | undefined }> {
  let line = 0;
  let parts: Buffer[] = [];
  let bytes = 0;
  const take = (): { line: number; text: string | undefined } => {
    line += 1;
    const text = bytes > LINE_BYTES_MAX ? undefined : Buffer.concat(parts).toString('utf8').trim();
    parts = [];
    bytes = 0;
    return { line, text };
  };
  const keep = (part: Buffer): void => {
    bytes += part.length;
    if (bytes <= LINE_BYTES_MAX) parts.push(part);
  };
  for await (const piece of body) {
    const buffer = Buffer.from(piece);
    let from = 0;
    for (let end = buffer.indexOf(NEWLINE); end >= 0; end = buffer.indexOf(NEWLINE, from)) {
      keep(buffer.subarray(from, end));
      from = end + 1;
      const taken = take();
      if (taken.text !== '') yield taken;
    }
    keep(buffer.subarray(from));
  }
  const last = take();
  if (last.text !== '') yield last;
}

const NEWLINE = 0x0a;
