import { deriveId } from '@throughline/kernel/ids';
import { factsFromBody } from '@throughline/language/backend-facts';
import { redact } from '@throughline/language/redact';
import type { ActionReported } from '@throughline/schemas/generated/messages';
import { z } from 'zod';
import type { ActionDocument } from './documents.ts';

/** What a backend sends when it is done later: the same JSON that it could have answered with at once. */
export const resultBody = z
  .looseObject({ status: z.string().max(100).optional(), note: z.string().optional() })
  .refine((body) => isWithin(DEPTH_MAX, body));
export type ResultBody = z.infer<typeof resultBody>;

/** Objects and lists inside of each other, far more than a backend's answer has and far fewer than the stack holds. */
const DEPTH_MAX = 32;
const NOTE_LENGTH_MAX = 500;
const FAILED = new Set(['failed', 'error', 'rejected']);

/** The report that a backend's result is; the same result sent again is the same report. Pure. */
export function reportOf(action: ActionDocument, body: ResultBody, atMs: number): ActionReported {
  const { actionId, caseId, name } = action;
  const outcome = outcomeOf(body.status);
  const facts = factsFromBody(name, body).map((fact) => ({
    ...fact,
    assurance: 0,
    source: 'backend' as const,
    atMs,
  }));
  const note = body.note === undefined ? null : redact(body.note, '').text.slice(0, NOTE_LENGTH_MAX).toWellFormed();
  const reportId = deriveId('rep', actionId, sorted(body));
  return { caseId, actionId, outcome, facts, note, promiseDueMs: null, by: 'backend', reportId, atMs };
}

function outcomeOf(status: string | undefined): ActionReported['outcome'] {
  const said = status?.toLowerCase() ?? 'done';
  if (FAILED.has(said)) return 'failed';
  return said === 'pending' ? 'pending' : 'done';
}

function isWithin(depth: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((each) => isWithin(depth - 1, each));
}

/** JSON with its members in one order. */
function sorted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sorted).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, each]) => `${JSON.stringify(name)}:${sorted(each)}`).join()}}`;
}
