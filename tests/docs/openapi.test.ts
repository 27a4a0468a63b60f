import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { type AuditApiOptions, createAuditApi } from '@throughline/audit/api';
import { auditPart } from '@throughline/audit/paths';
import { type CaseApiOptions, createCaseApi } from '@throughline/case-state/api';
import { casePart } from '@throughline/case-state/paths';
import { createDoor as createChatDoor } from '@throughline/chat-gateway/door';
import { chatPart } from '@throughline/chat-gateway/paths';
import { frontPart } from '@throughline/front/paths';
import { joinDocuments } from '@throughline/http/joining';
import { describeApi, problemsOf } from '@throughline/http/openapi';
import { processPart } from '@throughline/http/process-paths';
import { createHttpServer } from '@throughline/http/server';
import { routesDescribed, routesOf } from '@throughline/http/testing/routes';
import { createIdentityApi, type IdentityApiOptions } from '@throughline/identity-resolution/api';
import { customersPart } from '@throughline/identity-resolution/paths';
import { createParkedApi } from '@throughline/operators/parked-api';
import { parkedPart } from '@throughline/operators/paths';
import { createDoor as createVoiceDoor } from '@throughline/voice-gateway/door';
import { voicePart } from '@throughline/voice-gateway/paths';
import { expect } from 'chai';
import type { Express } from 'express';
import { section, tableRows } from './markdown.ts';

const PARTS = [casePart, customersPart, auditPart, parkedPart, chatPart, voicePart, processPart];

/** A router is made without anything behind it: only its routes are looked at. */
const ROUTERS = [
  { part: casePart, router: createCaseApi({} as CaseApiOptions) },
  { part: customersPart, router: createIdentityApi({} as IdentityApiOptions) },
  { part: auditPart, router: createAuditApi({} as AuditApiOptions) },
  { part: parkedPart, router: createParkedApi({} as Parameters<typeof createParkedApi>[0]) },
  { part: chatPart, router: createChatDoor({} as Parameters<typeof createChatDoor>[0]) },
  { part: voicePart, router: createVoiceDoor({} as Parameters<typeof createVoiceDoor>[0]) },
];

describe('the OpenAPI document', () => {
  const document = describeApi(PARTS);

  it('is one of OpenAPI 3.1', async () => {
    const result = await new Validator().validate({ ...structuredClone(document) });
    expect(result.errors ?? []).to.deep.equal([]);
    expect([result.valid, document.openapi]).to.deep.equal([true, '3.1.1']);
  });

  for (const { part, router } of ROUTERS) {
    it(`describes exactly the routes of "${part.name}"`, () => {
      expect(routesOf(router)).to.deep.equal(routesDescribed(part));
    });
  }

  it('describes exactly the routes that every process has', () => {
    const server = createHttpServer({
      doors: [],
      upgrades: [],
      operators: undefined,
      described: [],
      metrics: { contentType: 'text/plain', text: async () => '' },
      waitingFor: () => [],
      report: () => undefined,
    });
    const [application] = server.listeners('request') as unknown as readonly Express[];
    expect(routesOf(application?.router ?? { stack: [] })).to.deep.equal(routesDescribed(processPart));
  });

  it('asks for the operator token for everything under /api, and for nothing else', () => {
    const secured = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
      Object.values(item).map((operation: { security?: readonly object[] }) => ({
        path,
        asks: operation.security?.some((scheme) => 'operator' in scheme) ?? false,
      })),
    );
    expect(secured.filter(({ path, asks }) => asks !== path.startsWith('/api/'))).to.deep.equal([]);
  });

  it('names exactly the problems over HTTP that docs/problems.md explains', () => {
    const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'problems.md'), 'utf8');
    const onSocket = tableRows(section(page, '## Chat on the socket')).map(([code]) => code);
    const explained = tableRows(page).flatMap(([code = '']) => (onSocket.includes(code) ? [] : [code]));
    expect(
      problemsOf(PARTS)
        .map(({ code }) => code)
        .sort(),
    ).to.deep.equal(explained.sort());
  });

  it('is the same whether one process makes it of all parts, or it is joined from what several say', () => {
    const joined = joinDocuments([
      describeApi([casePart, processPart]),
      ...PARTS.slice(1, -1).map((part) => describeApi([part, processPart])),
    ]);
    expect(joined).to.deep.equal({ ...document, tags: joined.tags });
    expect(joined.tags).to.have.deep.members(document.tags ?? []);
  });

  it('is not joined from what is none', () => {
    for (const other of [{}, { ...document, openapi: '2.0' }, 'nonsense', undefined])
      expect(() => joinDocuments([document, other])).to.throw();
  });

  it('describes what the front answers, and is one of OpenAPI 3.1 there too', async () => {
    const atFront = describeApi([frontPart]);
    expect((await new Validator().validate({ ...structuredClone(atFront) })).errors ?? []).to.deep.equal([]);
    expect(Object.keys(atFront.paths ?? {})).to.deep.equal([
      '/livez',
      '/readyz',
      '/openapi.json',
      '/docs',
      '/metrics/{service}',
    ]);
  });

  it('refuses to be made of two parts with the same route', () => {
    expect(() => describeApi([casePart, casePart])).to.throw('/api/cases is described twice.');
  });
});
