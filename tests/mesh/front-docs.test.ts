import type { Server } from 'node:http';
import { Validator } from '@seriousme/openapi-schema-validator';
import { auditPart } from '@throughline/audit/paths';
import { casePart } from '@throughline/case-state/paths';
import { createFront, type Front } from '@throughline/front/front';
import { frontPart } from '@throughline/front/paths';
import type { ApiPart } from '@throughline/http/api-part';
import { describeApi } from '@throughline/http/openapi';
import { createHttpServer } from '@throughline/http/server';
import { expect } from 'chai';
import { listen } from './echo.ts';

const serving = (described: readonly ApiPart[]): Server =>
  createHttpServer({
    doors: [],
    upgrades: [],
    operators: undefined,
    described,
    metrics: { contentType: 'text/plain', text: async () => '' },
    waitingFor: () => [],
    report: () => undefined,
  });

describe('what the front says of the services behind it', () => {
  let services: Readonly<Record<'case-state' | 'audit' | 'agent', Server>>;
  let front: Front;
  let url: string;

  beforeEach(async () => {
    services = { 'case-state': serving([casePart]), audit: serving([auditPart]), agent: serving([]) };
    const places = new Map<string, readonly string[]>();
    for (const [service, server] of Object.entries(services))
      places.set(service, [`http://127.0.0.1:${await listen(server)}`]);
    front = createFront(places);
    url = `http://127.0.0.1:${await listen(front.server)}`;
  });
  afterEach(async () => {
    await front.close();
    for (const server of Object.values(services)) stop(server);
  });
  const stop = (server: Server): void => {
    server.close();
    server.closeAllConnections();
  };

  it('is one document of all that they serve, and of what it answers itself', async () => {
    const response = await fetch(`${url}/openapi.json`);
    const document = (await response.json()) as object;
    expect([
      response.status,
      response.headers.get('content-type'),
      response.headers.get('access-control-allow-origin'),
    ]).to.deep.equal([200, 'application/json; charset=utf-8', '*']);
    expect(document).to.deep.equal(JSON.parse(JSON.stringify(describeApi([casePart, auditPart, frontPart]))));
    expect(
      (await new Validator().validate(structuredClone(document) as Record<string, unknown>)).errors ?? [],
    ).to.deep.equal([]);
  });

  it('is the same as a page, which loads nothing', async () => {
    const response = await fetch(`${url}/docs?from=a-bookmark`);
    const page = await response.text();
    expect(response.headers.get('content-type')).to.equal('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).to.match(/^default-src 'none'; style-src 'sha256-/);
    for (const path of ['/api/cases/{caseId}', '/api/audit/verify', '/metrics/{service}'])
      expect(page).to.contain(path);
  });

  it('is nothing while a service that belongs into it does not answer', async () => {
    stop(services.audit);
    for (const path of ['/openapi.json', '/docs']) {
      const response = await fetch(`${url}${path}`);
      expect([response.status, ((await response.json()) as { code: string }).code]).to.deep.equal([
        503,
        'service-away',
      ]);
    }
  });
});
