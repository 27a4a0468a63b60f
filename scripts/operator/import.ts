import { readFile } from 'node:fs/promises';
import { SingleBar } from 'cli-progress';
import type { OperatorApi } from './api.ts';

export interface ImportCounts {
  accepted: number;
  changed: number;
  rejected: number;
  errors: { line: number; reason: string }[];
}

/** Lines in one request: small enough that the bar moves, large enough that requests do not count. */
const LINES_PER_REQUEST = 200;

/** Imports a file of one customer a line, in order, with a progress bar on a terminal. */
export async function importCustomers(api: OperatorApi, file: string): Promise<ImportCounts> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  if (lines.at(-1) === '') lines.pop();
  const bar = process.stderr.isTTY
    ? new SingleBar({ format: 'importing {bar} {value}/{total} lines, {eta} s left', stream: process.stderr })
    : undefined;
  bar?.start(lines.length, 0);
  const total: ImportCounts = { accepted: 0, changed: 0, rejected: 0, errors: [] };
  for (let start = 0; start < lines.length; start += LINES_PER_REQUEST) {
    const body = lines.slice(start, start + LINES_PER_REQUEST).join('\n');
    const counts = (await api.request('/api/customers/import', {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body,
    })) as Partial<ImportCounts>;
    total.accepted += counts.accepted ?? 0;
    total.changed += counts.changed ?? 0;
    total.rejected += counts.rejected ?? 0;
    total.errors.push(...(counts.errors ?? []).map(({ line, reason }) => ({ line: line + start, reason })));
    bar?.update(Math.min(lines.length, start + LINES_PER_REQUEST));
  }
  bar?.stop();
  return total;
}
