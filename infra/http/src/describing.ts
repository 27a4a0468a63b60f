import { createHash } from 'node:crypto';
import express, { type Router } from 'express';
import { renderPage } from './docs/render-page.ts';
import { STYLE } from './docs/style.ts';
import type { OpenApiDocument } from './openapi.ts';

/** `/openapi.json`, and `/docs`, which is the same as a page. They hold no data and need no token. */
export function createDescriptionRouter(document: OpenApiDocument): Router {
  const router = express.Router();
  for (const [path, answer] of Object.entries(describedAt(document))) {
    router.get(path, (_request, response) => {
      response.set(answer.headers).send(answer.body);
    });
  }
  return router;
}

/** What is answered there, of a document, by whoever serves it. */
export const describedAt = (document: OpenApiDocument): Readonly<Record<DescribedAt, Description>> => ({
  '/openapi.json': {
    // Tools of other sites read it.
    headers: { ...HEADERS, 'Access-Control-Allow-Origin': '*', 'Content-Type': 'application/json; charset=utf-8' },
    body: JSON.stringify(document),
  },
  '/docs': {
    headers: { ...HEADERS, 'Content-Security-Policy': PAGE_POLICY, 'Content-Type': 'text/html; charset=utf-8' },
    body: renderPage(document),
  },
});

export const DESCRIBED_AT = ['/openapi.json', '/docs'] as const;
export type DescribedAt = (typeof DESCRIBED_AT)[number];

export interface Description {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const HEADERS = { 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer', 'Cache-Control': 'no-cache' };

/** The page loads nothing, runs nothing, and nobody puts it into a frame. */
const PAGE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
