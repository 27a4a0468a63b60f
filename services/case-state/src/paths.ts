import { type ApiPart, json, pageOf } from '@throughline/http/api-part';
import { MALFORMED_JSON, TOO_LARGE } from '@throughline/http/problem';
import { z } from 'zod';
import { ACTION_UNKNOWN, BAD_QUERY, BAD_RESULT, CASE_UNKNOWN, CONTACT_UNKNOWN, LOOK_UNANSWERED } from './problems.ts';
import { actionParams, caseParams, caseQuery, contactParams, threadQuery } from './requests.ts';
import { resultBody } from './results.ts';
import { threadSchema } from './thread-schemas.ts';
import { caseLineSchema, caseSchema, contactSchema, resultTakenSchema } from './view-schemas.ts';

/** The routes of `api.ts`. */
export const casePart: ApiPart = {
  name: 'Cases',
  description: 'Cases and their contacts, and the way back for backends that are done later.',
  access: 'operator',
  paths: {
    '/api/cases': {
      get: {
        id: 'listCases',
        summary: 'Lists cases',
        description:
          'Lists are no looks. With several filters a page may hold fewer than asked for although there is a next one.',
        query: caseQuery,
        answers: { 200: json('A page of cases.', pageOf(caseLineSchema)) },
        problems: [BAD_QUERY],
      },
    },
    '/api/cases/{caseId}': {
      get: {
        id: 'showCase',
        summary: 'Shows a case',
        description:
          'This is a look: it stands on the record of the case, after everything that was acknowledged before it.',
        params: caseParams,
        answers: {
          200: {
            ...json('The case.', caseSchema),
            headers: z.object({ ETag: z.string().meta({ description: 'The version of the case, in quotes.' }) }),
          },
        },
        problems: [CASE_UNKNOWN, LOOK_UNANSWERED],
      },
    },
    '/api/cases/{caseId}/thread': {
      get: {
        id: 'showThread',
        summary: 'Shows the entries of a case',
        description:
          'What was said in a provisional case that is continued in this one comes first, with `segmentOf`. The first page is a look: it stands on the record of each of these cases.',
        params: caseParams,
        query: threadQuery,
        answers: { 200: json('A page of entries.', threadSchema) },
        problems: [BAD_QUERY, CASE_UNKNOWN],
      },
    },
    '/api/contacts/{contactId}': {
      get: {
        id: 'showContact',
        summary: 'Shows a contact',
        description: 'This is a look: it stands on the record of the case where the contact is now.',
        params: contactParams,
        answers: { 200: json('The contact, where it is now.', contactSchema) },
        problems: [CONTACT_UNKNOWN],
      },
    },
    '/api/actions/{actionId}/result': {
      post: {
        id: 'takeResult',
        summary: 'Takes the result of an action that was pending',
        description:
          'The JSON that the backend could have answered with at once. Members become facts of the case. The same result sent again happens once.',
        params: actionParams,
        body: {
          mediaType: 'application/json',
          schema: resultBody,
          example: { status: 'refunded', note: 'The money is on its way.' },
        },
        answers: { 202: json('It was taken.', resultTakenSchema) },
        problems: [BAD_RESULT, MALFORMED_JSON, ACTION_UNKNOWN, TOO_LARGE],
      },
    },
  },
};
