import { pageOf, time } from '@throughline/http/api-part';
import type { RecordShape } from '@throughline/schemas/shape';
import { z } from 'zod';
import { eventRecords, membersOf, sharedRecord } from './catalogue-schemas.ts';
import { UNKEPT } from './drafting.ts';
import { LEFT_OUT, SAID } from './view.ts';
import { factSchema } from './view-schemas.ts';

/**
 * The entries of a thread, as `entryView` makes them of the events of a case: each record of the catalogue without what is left out.
 * The first one stands apart because a union has at least one member.
 */
const [first, ...others] = eventRecords.map(entrySchema);
if (first === undefined) throw new Error('The catalogue has no events of cases.');

export const threadSchema = pageOf(
  z
    .discriminatedUnion('type', [first, ...others])
    .meta({ id: 'Entry', description: 'One numbered item of a thread; `type` says what it is.' }),
);

function entrySchema({ name, doc, fields }: RecordShape) {
  const fact = fields.find((field) => field.name === 'fact');
  return z
    .object({
      ...membersOf(fields.filter((field) => !LEFT_OUT.has(field.name) && !UNKEPT.has(field.name))),
      ...(fields.some((field) => field.name === 'turn') ? turnMembers() : {}),
      ...(fact ? { fact: fact.shape.kind === 'record' ? factSchema : z.string() } : {}),
      number: z.int().meta({ description: 'Its number in its case, from 1, without gaps.' }),
      type: z.literal(name),
      channel: z.enum(['chat', 'voice', 'email']).nullable(),
      contactId: z.string().nullable(),
      at: time,
      segmentOf: z
        .string()
        .optional()
        .meta({ description: 'The provisional case where it was said, if not this one.' }),
    })
    .meta({ id: name, description: doc });
}

function turnMembers(): Record<string, z.ZodType> {
  return membersOf(sharedRecord('Turn').fields.filter(({ name }) => SAID.some((said) => said === name)));
}
