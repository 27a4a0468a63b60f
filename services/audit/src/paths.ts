import { type ApiPart, json } from '@throughline/http/api-part';
import type { Problem } from '@throughline/http/problem';
import { z } from 'zod';
import { reconstructionSchema, verificationSchema } from './view-schemas.ts';

export const trailParams = z.object({ caseId: z.string().meta({ example: 'case_9f2c' }) });

/** docs/problems.md explains it. */
export const CASE_UNKNOWN: Problem = {
  status: 404,
  code: 'case-unknown',
  title: 'The trail knows no such case.',
  detail: 'Check the id, or try again in a moment if the case is new.',
};

/** The routes of `api.ts`. */
export const auditPart: ApiPart = {
  name: 'Audit',
  description: 'The record of everything, and whether it is whole.',
  access: 'operator',
  paths: {
    '/api/audit/cases/{caseId}': {
      get: {
        id: 'reconstructCase',
        summary: 'Rebuilds a case from the record',
        description: 'This is a look: it stands on the record of the case and of each of its segments.',
        params: trailParams,
        answers: { 200: json('The case, end to end.', reconstructionSchema) },
        problems: [CASE_UNKNOWN],
      },
    },
    '/api/audit/verify': {
      get: {
        id: 'verifyTrail',
        summary: 'Verifies the whole trail',
        description: 'Walks every chain; takes as long as the record is.',
        answers: { 200: json('What was found.', verificationSchema) },
      },
    },
  },
};
