import { type ApiPart, type BodyOf, json, pageOf, time } from '@throughline/http/api-part';
import { MALFORMED_JSON, type Problem, TOO_LARGE } from '@throughline/http/problem';
import { z } from 'zod';

const subject = z
  .string()
  .min(1)
  .meta({ description: 'What is held as one, in order: a case, or what identity handles as one.' });

export const redriveBody = z.object({
  processor: z.string().min(1).meta({ example: 'case-state' }),
  subject,
  skipFirst: z
    .boolean()
    .default(false)
    .meta({ description: 'Set the first aside for good; handle what waits behind it.' }),
});

export const heldSchema = z
  .object({
    processor: z.string(),
    subject: z.string(),
    reason: z.string().meta({ description: '`behind` for what only waits behind another.' }),
    topic: z.string(),
    partition: z.int(),
    offset: z.int(),
    type: z.string().meta({ description: 'Name of the record.' }),
    at: time.meta({ description: 'Since when it is held.' }),
  })
  .meta({ id: 'Held', description: 'A record that could not be handled, or that waits behind one.' });

export type Held = BodyOf<typeof heldSchema>;

/** docs/problems.md explains it. */
export const NOTHING_HELD: Problem = {
  status: 404,
  code: 'nothing-held',
  title: 'Nothing is held for that subject.',
  detail: 'GET /api/parked lists what is held, with processor and subject.',
};

/** The routes of `parked-api.ts`. */
export const parkedPart: ApiPart = {
  name: 'Parked records',
  description: 'What could not be handled. It holds up its own subject and nobody else.',
  access: 'operator',
  paths: {
    '/api/parked': {
      get: {
        id: 'listParked',
        summary: 'Lists what is held',
        answers: { 200: json('A list of one page.', pageOf(heldSchema)) },
      },
    },
    '/api/parked/redrive': {
      post: {
        id: 'redrive',
        summary: 'Handles what is held of a subject again, in order',
        body: {
          mediaType: 'application/json',
          schema: redriveBody,
          example: { processor: 'case-state', subject: 'case_9f2c' },
        },
        answers: { 202: json('It was asked for.', z.object({ processor: z.string(), subject: z.string() })) },
        problems: [MALFORMED_JSON, NOTHING_HELD, TOO_LARGE],
      },
    },
  },
};
