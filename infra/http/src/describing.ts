import { createHash } from 'node:crypto';
import express, { type Router } from 'express';
import { renderPage } from './docs/render-page.ts';
import { STYLE } from './docs/style.ts';
import type { OpenApiDocument } from './openapi.ts';

/** `/openapi.json`, and `/docs`, which is the same as a page. They hold no data and need no token. */
export function createDescriptionRouter(document: OpenApiDocument): Router {
  const page = renderPage(document);
  const router = express.Router();
  router.get('/openapi.json', (_request, response) => {
    // Tools of other sites read it.
    response.set({ ...HEADERS, 'Access-Control-Allow-Origin': '*' }).json(document);
  });
  router.get('/docs', (_request, response) => {
    response
      .set({ ...HEADERS, 'Content-Security-Policy': PAGE_POLICY })
      .type('html')
      .send(page);
  });
  return router;
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
