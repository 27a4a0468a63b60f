import { type BodyOf, time } from '@throughline/http/api-part';
import { z } from 'zod';

/** What the operators' API answers about customers. `view.ts` makes it. */

const identifierType = z.enum(['phone', 'email', 'session', 'account', 'case']);

export const customerSchema = z
  .object({
    id: z.string(),
    externalId: z.string().nullable().meta({ description: 'Id in your own system.' }),
    name: z.string(),
    provisional: z.boolean().meta({ description: 'An identifier, or a single contact, that nobody has claimed yet.' }),
    retiredInto: z
      .string()
      .nullable()
      .meta({ description: 'The known customer that a provisional one turned out to be.' }),
    region: z.string().nullable().meta({ description: 'Of numbers without a country code.', example: 'US' }),
    attributes: z.record(z.string(), z.string()),
    identifiers: z
      .array(z.object({ type: identifierType, value: z.string() }))
      .meta({ description: 'What is on file and believed.' }),
    claims: z.array(
      z
        .object({
          id: z.string(),
          type: identifierType,
          value: z.string(),
          proof: z.enum(['import', 'code', 'host-token', 'provisional']),
          scope: z
            .enum(['full', 'status'])
            .meta({ description: 'What it may open: status alone, or what its assurance allows.' }),
          contactId: z.string().nullable(),
          at: time,
        })
        .meta({ id: 'Claim', description: 'Evidence that an identifier belongs to the customer.' }),
    ),
    cases: z.array(
      z
        .object({
          caseId: z.string(),
          status: z.enum(['open', 'waiting', 'resolved', 'closed']),
          kind: z.string().nullable(),
          continuedIn: z.string().nullable(),
          version: z.int().meta({ description: 'As of the newest notice; 0 before the first one.' }),
          at: time,
        })
        .meta({ id: 'CaseNote', description: 'What identity knows of a case; `/api/cases/{caseId}` knows the rest.' }),
    ),
  })
  .meta({ id: 'Customer', description: 'A customer as an operator sees them.' });

export const importSchema = z
  .object({
    accepted: z.int().meta({ description: 'Lines that were taken, whether they changed anything or not.' }),
    changed: z.int(),
    unchanged: z.int(),
    rejected: z.int(),
    errors: z
      .array(z.object({ line: z.int().meta({ description: 'From 1.' }), reason: z.string() }))
      .meta({ description: 'The first rejected lines; `rejected` counts them all.' }),
  })
  .meta({ id: 'ImportResult', description: 'How an import went.' });

export type CustomerBody = BodyOf<typeof customerSchema>;
export type ImportResult = z.output<typeof importSchema>;
