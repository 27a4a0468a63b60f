import { type BodyOf, time } from '@throughline/http/api-part';
import { z } from 'zod';

/** What the operators' API answers about the record. */

const receiptLine = z
  .object({
    item: z.string().meta({ description: 'What.', example: 'fact:order_number' }),
    sensitivity: z.enum(['status', 'personal', 'financial', 'secret']),
    reason: z.string().meta({ description: 'Why it was given or withheld.' }),
  })
  .meta({ id: 'ReceiptItem', description: 'One item that a contact was given, or not.' });

export const trailEntrySchema = z
  .object({
    at: time,
    type: z.string().meta({ description: 'Name of the event; new ones come without notice.' }),
    number: z.int().nullable().meta({ description: 'Its number in its case; null for what identity decided.' }),
    caseId: z.string().nullable(),
    contactId: z.string().nullable(),
    channel: z.string().nullable(),
    assurance: z.int().nullable(),
    says: z.string().meta({ description: 'In words, for people.' }),
    receipt: z
      .object({ policy: z.string(), given: z.array(receiptLine), withheld: z.array(receiptLine) })
      .nullable()
      .meta({ description: 'What a load gave and withheld; null for what is no load.' }),
    trace: z.string().meta({ description: 'W3C trace id.' }),
    link: z
      .object({ topic: z.string(), partition: z.int(), offset: z.int(), hash: z.string() })
      .meta({ description: 'Where the proof is.' }),
  })
  .meta({ id: 'TrailEntry', description: 'One line of a reconstruction.' });

export const reconstructionSchema = z
  .object({
    caseId: z.string(),
    segments: z
      .array(z.string())
      .meta({ description: 'Provisional cases whose contacts came into this one; their entries are in it.' }),
    verified: z
      .boolean()
      .meta({ description: 'Every link of it is whole. `/api/audit/verify` verifies the whole trail.' }),
    entries: z.array(trailEntrySchema),
  })
  .meta({
    id: 'Reconstruction',
    description: 'One case end to end: who was on, what they could see, what was withheld, why and under which policy.',
  });

export const verificationSchema = z
  .object({
    verified: z.boolean().meta({ description: 'Nothing was found.' }),
    links: z.int().meta({ description: 'Links that were walked.' }),
    pending: z.int().meta({ description: 'Records that the log has and the trail has not reached yet.' }),
    findings: z.array(
      z
        .object({
          topic: z.string(),
          partition: z.int(),
          offset: z.int().nullable(),
          problem: z.string().meta({ description: 'What is wrong, in words.' }),
        })
        .meta({ id: 'Finding' }),
    ),
  })
  .meta({ id: 'Verification', description: 'The trail held against the log and the checkpoint.' });

export type TrailEntry = BodyOf<typeof trailEntrySchema>;
export type Reconstruction = BodyOf<typeof reconstructionSchema>;
export type Verification = BodyOf<typeof verificationSchema>;
