import { readFile } from 'node:fs/promises';
import { SingleBar } from 'cli-progress';
import { ApiRefused, type OperatorApi } from './api.ts';

export interface ImportCounts {
  accepted: number;
  changed: number;
  rejected: number;
  errors: { line: number; reason: string }[];
}

/** An import that did not come to its end, with what came of the requests before the one that was refused. */
export class ImportStopped extends Error {
  readonly counts: ImportCounts;
  constructor(message: string, counts: ImportCounts) {
    super(message);
    this.counts = counts;
  }
}

/** Lines in one request: small enough that the bar moves, large enough that requests do not count. */
const LINES_PER_REQUEST = 200;

/** Imports a file of one customer a line, in order, with a progress bar on a terminal. Throws `ImportStopped` where it got somewhere, `ApiRefused` where it did not. */
export async function importCustomers(api: OperatorApi, file: string): Promise<ImportCounts> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  if (lines.at(-1) === '') lines.pop();
  const bar = process.stderr.isTTY
    ? new SingleBar({ format: 'importing {bar} {value}/{total} lines, {eta} s left', stream: process.stderr })
    : undefined;
  bar?.start(lines.length, 0);
  const total: ImportCounts = { accepted: 0, changed: 0, rejected: 0, errors: [] };
  try {
    for (let start = 0; start < lines.length; start += LINES_PER_REQUEST) {
      const body = lines.slice(start, start + LINES_PER_REQUEST).join('\n');
      const counts = await send(api, body).catch((refusal: unknown) => {
        if (start === 0 || !(refusal instanceof ApiRefused)) throw refusal;
        throw new ImportStopped(
          `${ofTheFile(refusal.message, start)} The counts are those of lines 1 to ${start}.`,
          total,
        );
      });
      total.accepted += counts.accepted ?? 0;
      total.changed += counts.changed ?? 0;
      total.rejected += counts.rejected ?? 0;
      total.errors.push(...(counts.errors ?? []).map(({ line, reason }) => ({ line: line + start, reason })));
      bar?.update(Math.min(lines.length, start + LINES_PER_REQUEST));
    }
  } finally {
    bar?.stop();
  }
  return total;
}

const send = async (api: OperatorApi, body: string): Promise<Partial<ImportCounts>> =>
  (await api.request('/api/customers/import', {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body,
  })) as Partial<ImportCounts>;

/** The mesh counts the lines of one request; a person counts those of the file. */
const ofTheFile = (message: string, start: number): string =>
  message.replace(/\bLine (\d+)\b/, (_said, line: string) => `Line ${Number(line) + start}`);
