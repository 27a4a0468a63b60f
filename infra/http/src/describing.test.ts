import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import express from 'express';
import { z } from 'zod';
import { type ApiPart, json, pageOf } from './api-part.ts';
import { createDescriptionRouter } from './describing.ts';
import { describeApi } from './openapi.ts';
import { NO_SUCH_PAGE } from './problem.ts';

const lamp = z
  .object({
    colour: z.enum(['red', 'green']),
    shade: z.object({ width: z.int() }).nullable(),
    maker: z.string().optional().meta({ description: 'Written as `<b>"Lumen & Sons"</b>`.' }),
  })
  .meta({ id: 'Lamp', description: 'It <script>glows</script>.' });

const lamps: ApiPart = {
  name: 'Lamps',
  description: 'All <i>lamps</i>.',
  access: 'operator',
  paths: {
    '/api/lamps/{lampId}': {
      get: {
        id: 'listLamps',
        summary: 'Lists lamps',
        params: z.object({ lampId: z.string() }),
        answers: { 200: json('A page of lamps.', pageOf(lamp)) },
        problems: [NO_SUCH_PAGE],
      },
    },
  },
};

describe('the description of an API', () => {
  let server: Server;
  let page: Response;
  let text: string;
  before(async () => {
    server = express()
      .use(createDescriptionRouter(describeApi([lamps])))
      .listen(0, '127.0.0.1');
    await once(server, 'listening');
    page = await get('/docs');
    text = await page.text();
  });
  after(() => {
    server.close();
  });

  const get = (path: string): Promise<Response> =>
    fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);

  it('is served as a document and as a page, to anybody', async () => {
    const document = await get('/openapi.json');
    expect(document.headers.get('content-type')).to.match(/^application\/json/);
    expect(await document.json()).to.deep.equal(JSON.parse(JSON.stringify(describeApi([lamps]))));
    expect([page.status, page.headers.get('content-type')]).to.deep.equal([200, 'text/html; charset=utf-8']);
  });

  it('shows routes, members of members, and problems with what to do', () => {
    const words = text
      .replace(/<style>[\s\S]*<\/style>/, '')
      .replace(/<[^>]+>/g, ' ')
      .replace(/\s+/g, ' ');
    expect(words).to.contain('GET /api/lamps/{lampId} Lists lamps. Needs the operator token.');
    expect(words).to.contain('items list of Lamp');
    expect(words).to.contain('shade.width');
    expect(words).to.contain('no-such-page There is nothing here. Chat is at /chat');
  });

  it('takes texts for texts', () => {
    expect(text).to.not.match(/<script|<i>|<b>/);
    expect(text).to.contain('It &#60;script&#62;glows&#60;/script&#62;.');
    expect(text).to.contain('<code>&#60;b&#62;&#34;Lumen &#38; Sons&#34;&#60;/b&#62;</code>');
  });

  it('has every place that it links to', () => {
    const targets = [...text.matchAll(/href="#([^"]+)"/g)].map((match) => match[1]);
    expect(targets).to.include.members(['content', 'operation-listLamps', 'schema-Lamp']);
    expect(targets.filter((target) => !text.includes(`id="${target}"`))).to.deep.equal([]);
  });

  it('allows a page its own style and nothing else', () => {
    const [, style = ''] = /<style>([\s\S]*)<\/style>/.exec(text) ?? [];
    const hash = createHash('sha256').update(style).digest('base64');
    expect(page.headers.get('content-security-policy')).to.equal(
      `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
  });
});
