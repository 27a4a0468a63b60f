import { z } from 'zod';
import { type ApiPart, json } from './api-part.ts';

const readiness = z
  .object({
    ready: z.boolean(),
    waitingFor: z
      .array(z.string())
      .optional()
      .meta({ description: 'What it is not ready for yet; absent when there is nothing.' }),
  })
  .meta({ id: 'Readiness' });

/** What every process answers, whatever it is for: the routes of `server.ts` and `describing.ts`. They hold no data and need no token. */
export const processPart: ApiPart = {
  name: 'Process',
  description: 'Whether a process lives and can work, and what it offers. Keep these inside: they need no token.',
  access: 'anybody',
  paths: {
    '/livez': {
      get: {
        id: 'isAlive',
        summary: 'The process answers',
        answers: { 200: json('It does.', z.object({ live: z.literal(true) })) },
      },
    },
    '/readyz': {
      get: {
        id: 'isReady',
        summary: 'The process can do all of its work',
        answers: { 200: json('It can.', readiness), 503: json('It cannot yet, or not any more.', readiness) },
      },
    },
    '/metrics': {
      get: {
        id: 'showMetrics',
        summary: 'Metrics for Prometheus',
        answers: { 200: { description: 'The text.', content: { mediaType: 'text/plain', schema: z.string() } } },
      },
    },
    '/openapi.json': {
      get: {
        id: 'showDocument',
        summary: 'This document',
        answers: { 200: json('OpenAPI 3.1.', z.looseObject({ openapi: z.string() })) },
      },
    },
    '/docs': {
      get: {
        id: 'showDocs',
        summary: 'This document as a page',
        answers: { 200: { description: 'The page.', content: { mediaType: 'text/html', schema: z.string() } } },
      },
    },
  },
};
