import { type BodyOf, time } from '@throughline/http/api-part';
import { z } from 'zod';
import { membersOf, recordSchema, sharedRecord } from './catalogue-schemas.ts';

/** What the operators' API answers about cases and contacts. `view.ts` makes it. */

const channel = z.enum(['chat', 'voice', 'email']);
const sensitivity = z.enum(['status', 'personal', 'financial', 'secret']);
const status = z.enum(['open', 'waiting', 'resolved', 'closed']);
const assurance = z
  .int()
  .min(0)
  .max(3)
  .meta({ description: 'How sure we are who it is: 0 claimed, 1 possession, 2 verified, 3 strong.' });

export const factSchema = z
  .object({
    name: z.string().meta({ example: 'order_number' }),
    value: z.string().nullable().meta({ description: 'Null where it is a secret: those are read back to nobody.' }),
    sensitivity,
    assurance,
    source: z.enum(['customer', 'backend', 'agent']),
    at: time,
  })
  .meta({ id: 'Fact', description: 'Something known about a case.' });

export const caseLineSchema = z
  .object({
    caseId: z.string(),
    customerId: z.string(),
    provisional: z.boolean().meta({ description: 'Nobody is settled on it yet.' }),
    status,
    kind: z.string().nullable().meta({ description: 'Kind of matter, once it is known.', example: 'refund' }),
    needsPerson: z.boolean().meta({ description: 'A person has been asked to look at it.' }),
    channel: channel.meta({ description: 'Where it was opened.' }),
    openedAt: time,
    changedAt: time,
    version: z.int().meta({ description: 'Number of its newest entry.' }),
    continuedIn: z.string().nullable().meta({ description: 'The case that goes on with it, if one does.' }),
  })
  .meta({ id: 'CaseLine', description: 'A case in a list.' });

export const caseSchema = z
  .object({
    ...caseLineSchema.shape,
    externalId: z.string().nullable().meta({ description: "The customer's id in your own system." }),
    facts: z.array(
      z
        .object({ ...factSchema.shape, contactId: z.string().nullable() })
        .meta({ id: 'FactOfCase', description: 'A fact with the contact that it came from.' }),
    ),
    question: z
      .object({ fact: z.string(), text: z.string(), contactId: z.string(), assurance, at: time })
      .nullable()
      .meta({ description: 'What the customer was asked and has not answered.' }),
    promises: z.array(
      z
        .object({
          promiseId: z.string(),
          text: z.string(),
          state: z.enum(['open', 'kept', 'broken']),
          dueAt: time.nullable(),
          at: time,
        })
        .meta({ id: 'Promise', description: 'A commitment made to the customer.' }),
    ),
    actions: z.array(
      z
        .object({
          actionId: z.string(),
          name: z.string().meta({ example: 'request_refund' }),
          effect: z.enum(['read', 'write']),
          state: z.enum(['requested', 'pending', 'done', 'failed']),
          attempt: z.string(),
          note: z.string().nullable().meta({ description: 'What the backend said about it.' }),
          at: time,
        })
        .meta({ id: 'Action', description: 'Where a backend action stands.' }),
    ),
    contacts: z.array(z.string()).meta({ description: 'Contacts that are on it now.' }),
    segments: z.array(z.string()).meta({ description: 'Provisional cases that are continued in it.' }),
  })
  .meta({ id: 'Case', description: 'A case as an operator sees it.' });

const briefing = sharedRecord('Briefing');

export const contactSchema = z
  .object({
    contactId: z.string(),
    caseId: z.string().meta({ description: 'Where it is now.' }),
    channel,
    assurance,
    disposition: z
      .enum(['resumed', 'choose', 'verify', 'opened', 'unmatched'])
      .meta({ description: 'What became of it when it was identified.' }),
    settled: z.boolean().meta({ description: 'Identity has decided.' }),
    hop: z.int().meta({ description: 'The count of its homes.' }),
    answerable: z.boolean(),
    ended: z.boolean(),
    startedAt: time,
    lastActiveAt: time,
    briefing: z
      .object({
        ...membersOf(briefing.fields),
        facts: z.array(factSchema).meta({ description: 'Facts that this contact may use.' }),
        receipt: recordSchema('Receipt'),
      })
      .meta({ id: 'Briefing', description: `${briefing.doc} With the receipt of what was given and withheld.` })
      .nullable(),
  })
  .meta({
    id: 'Contact',
    description: 'One session of a customer on one channel, with the newest briefing it was given.',
  });

export const resultTakenSchema = z.object({
  actionId: z.string(),
  outcome: z.enum(['done', 'failed', 'pending']),
});

export type CaseLine = BodyOf<typeof caseLineSchema>;
export type CaseBody = BodyOf<typeof caseSchema>;
/** What a briefing holds is the catalogue's. */
export type ContactBody = Omit<BodyOf<typeof contactSchema>, 'briefing'> & { readonly briefing: object | null };
