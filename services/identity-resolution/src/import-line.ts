import { normalizeEmail, normalizePhone } from '@throughline/language/identifiers';
import type { CustomerSubmitted, Identifier } from '@throughline/schemas/generated/messages';
import { z } from 'zod';
import { customerIdOf } from './matching.ts';

/** What a line says, or why it cannot be taken. `reason` names fields and never repeats their values. */
export type ReadLine =
  | { readonly ok: true; readonly customer: Omit<CustomerSubmitted, 'batchId' | 'line'> }
  | { readonly ok: false; readonly reason: string };

/** Longest line, in bytes. */
export const LINE_BYTES_MAX = 64 * 1024;

/** One line of an import. */
export const customerLine = z.strictObject({
  externalId: z.string().trim().min(1).max(200),
  name: z.string().max(500).default(''),
  identifiers: z
    .array(z.strictObject({ type: z.enum(['phone', 'email']), value: z.string().max(320) }))
    .max(50)
    .default([]),
  attributes: z.record(z.string().max(100), z.union([z.string().max(2000), z.number(), z.boolean()])).default({}),
  region: z
    .string()
    .regex(/^[A-Za-z]{2}$/)
    .nullish(),
});

/**
 * Reads one line of an import.
 * @param brandRegion ISO 3166 region for numbers without a country code, where the line names none
 */
export function readLine(text: string, brandRegion: string): ReadLine {
  const parsed = customerLine.safeParse(jsonOf(text));
  if (!parsed.success) return { ok: false, reason: reasonOf(parsed.error) };
  const { externalId, name, attributes } = parsed.data;
  const region = parsed.data.region?.toUpperCase() ?? null;
  const identifiers = new Map<string, Identifier>();
  for (const [index, { type, value }] of parsed.data.identifiers.entries()) {
    const normal = type === 'email' ? normalizeEmail(value) : normalizePhone(value, region ?? brandRegion);
    if (!normal.ok) return { ok: false, reason: `identifiers.${index}: ${normal.reason.replaceAll('_', ' ')}` };
    identifiers.set(`${type}:${normal.value}`, { type, value: normal.value });
  }
  return {
    ok: true,
    customer: {
      customerId: customerIdOf(externalId),
      externalId,
      name,
      identifiers: [...identifiers.values()],
      attributes: Object.entries(attributes).map(([attribute, value]) => ({ name: attribute, value: String(value) })),
      region,
    },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Zod's own messages name types and limits, not values; keys that are unknown are not repeated either. */
function reasonOf(error: z.ZodError): string {
  const [issue] = error.issues;
  if (!issue || issue.path.length === 0) {
    return issue?.code === 'unrecognized_keys' ? 'it has members that are not known' : 'it is not a JSON object';
  }
  const where = issue.path[0] === 'attributes' ? 'attributes' : issue.path.join('.');
  if (issue.code === 'too_big') return `${where}: too long`;
  if (issue.code === 'too_small') return `${where}: empty`;
  return `${where}: missing or not of the right kind`;
}
