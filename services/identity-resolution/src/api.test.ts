import type { AddressInfo } from 'node:net';
import type { EdgeDraft } from '@throughline/kernel/edge';
import type { CustomerRecorded, CustomerSubmitted } from '@throughline/schemas/generated/messages';
import { expect } from 'chai';
import express from 'express';
import { createIdentityApi } from './api.ts';
import type { Kind } from './documents.ts';
import { customerIdOf } from './matching.ts';
import { mac, Specification } from './specification.ts';

/** The API over a processor in memory that answers each line; `unapplied` counts lines in flight. */
async function serve(options: { answers?: boolean; erased?: readonly string[] } = {}) {
  const specification = new Specification();
  const waiting = new Map<string, (recorded: CustomerRecorded) => void>();
  const seen = { sent: 0, unapplied: 0 };
  const api = createIdentityApi({
    reader: {
      get: async <Content>(kind: string, id: string) => specification.document(kind as Kind, id) as Content | undefined,
      list: async () => ({ items: [], next: null }),
    },
    edge: {
      async send(drafts: readonly EdgeDraft[]) {
        const gone = drafts.find(({ subject }) => options.erased?.includes(subject));
        if (gone) throw Object.assign(new Error(), { code: 'key-missing', keyId: `customer:${gone.subject}` });
        seen.sent += drafts.length;
        seen.unapplied = Math.max(seen.unapplied, waiting.size);
        for (const draft of drafts) {
          specification.when({ type: 'CustomerSubmitted', body: draft.body as CustomerSubmitted });
          const recorded = specification.one('CustomerRecorded');
          waiting.get(`${recorded.batchId} ${recorded.line}`)?.(recorded);
          waiting.delete(`${recorded.batchId} ${recorded.line}`);
        }
      },
    },
    awaitRecorded: (batchId, line) =>
      options.answers === false
        ? Promise.resolve(undefined)
        : new Promise((resolve) => waiting.set(`${batchId} ${line}`, resolve)),
    mac,
    clock: { nowMs: () => specification.nowMs, after: () => () => undefined },
    random: (bytes) => new Uint8Array(bytes).fill(7),
    region: 'US',
  });
  const server = express().use(api).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  opened.push(() => new Promise((resolve) => server.close(() => resolve(undefined))));
  const post = (body: string, type = 'application/x-ndjson') =>
    fetch(`${base}/api/customers/import`, { method: 'POST', headers: { 'content-type': type }, body });
  return { seen, post, get: (path: string) => fetch(`${base}${path}`) };
}

const opened: (() => Promise<unknown>)[] = [];

const INES = {
  externalId: 'ines',
  name: 'Ines Okafor',
  identifiers: [
    { type: 'phone', value: '(415) 555-0142' },
    { type: 'email', value: 'Ines@Post.example' },
  ],
  attributes: { postalCode: '94107' },
};

describe('the customers API', () => {
  afterEach(async () => {
    for (const close of opened.splice(0)) await close();
  });

  it('imports line by line and says what became of each', async () => {
    const { post } = await serve();
    const lines = [INES, INES, { ...INES, name: 'Ines O.' }].map((line) => JSON.stringify(line));
    const response = await post(
      `${lines.join('\n')}\n\nnot json\n{"externalId":"x","identifiers":[{"type":"phone","value":"12"}]}\n{"externalId":"y","secretMember":1}`,
    );
    expect(response.status).to.equal(200);
    expect(await response.json()).to.deep.equal({
      accepted: 3,
      changed: 1,
      unchanged: 1,
      rejected: 3,
      errors: [
        { line: 5, reason: 'it is not a JSON object' },
        { line: 6, reason: 'identifiers.0: not a phone number' },
        { line: 7, reason: 'it has members that are not known' },
      ],
    });
  });

  it('rejects a line that is too long, and takes the next', async () => {
    const { post } = await serve();
    const response = await post(`"${'x'.repeat(70_000)}"\n${JSON.stringify(INES)}`);
    expect(await response.json()).to.include({ accepted: 1, rejected: 1 });
  });

  it('rejects the lines of customers who were erased, and takes all others', async () => {
    const { post, seen } = await serve({ erased: ['b', 'd'].map(customerIdOf) });
    const lines = ['a', 'b', 'c', 'd', 'b'].map((externalId) => JSON.stringify({ externalId }));
    const reason = 'the customer was erased';
    expect(await (await post(lines.join('\n'))).json()).to.deep.equal({
      ...{ accepted: 2, changed: 0, unchanged: 0, rejected: 3 },
      errors: [2, 4, 5].map((line) => ({ line, reason })),
    });
    expect(seen.sent).to.equal(2);
    expect(await (await post(lines[1] ?? '')).json()).to.include({ accepted: 0, rejected: 1 });
  });

  it('never has more than a hundred lines unapplied', async () => {
    const { post, seen } = await serve();
    const lines = Array.from({ length: 250 }, (_, index) => JSON.stringify({ externalId: `c${index}` }));
    expect(await (await post(lines.join('\n'))).json()).to.include({ accepted: 250, rejected: 0 });
    expect(seen).to.deep.equal({ sent: 250, unapplied: 100 });
  });

  it('says that an import was not finished when its lines are not answered', async () => {
    const { post } = await serve({ answers: false });
    const response = await post(JSON.stringify(INES));
    expect(response.status).to.equal(503);
    expect(response.headers.get('content-type')).to.include('application/problem+json');
    const { code, detail } = (await response.json()) as { code: string; detail: string };
    expect(code).to.equal('import-stalled');
    // The command line finds the number by the word before it.
    expect(detail).to.match(/^Line 1 was not answered in time\./);
  });

  it('takes only lines of JSON', async () => {
    const { post } = await serve();
    expect((await post('{}', 'application/json')).status).to.equal(415);
  });

  it('shows a customer with identifiers and claims, found by any way of writing them', async () => {
    const { post, get } = await serve();
    await post(JSON.stringify(INES));
    for (const identifier of ['INES@post.example', '+14155550142', '415-555-0142']) {
      const found = (await (await get(`/api/customers?identifier=${encodeURIComponent(identifier)}`)).json()) as {
        items: { id: string }[];
        next: null;
      };
      expect(found.next).to.equal(null);
      expect(found.items).to.have.length(1);
      const one = await (await get(`/api/customers/${found.items[0]?.id}`)).json();
      expect(one).to.deep.equal(found.items[0]);
      expect(one).to.deep.include({
        externalId: 'ines',
        name: 'Ines Okafor',
        attributes: { postalCode: '94107' },
        identifiers: [
          { type: 'phone', value: '+14155550142' },
          { type: 'email', value: 'ines@post.example' },
        ],
        cases: [],
      });
    }
  });

  it('reads a plus sign that was not encoded', async () => {
    const { post, get } = await serve();
    await post(JSON.stringify(INES));
    const found = (await (await get('/api/customers?identifier=+14155550142')).json()) as { items: unknown[] };
    expect(found.items).to.have.length(1);
  });

  it('answers with problems: nobody of that id, nothing to look for', async () => {
    const { get } = await serve();
    expect((await get('/api/customers/cus_nobody')).status).to.equal(404);
    expect((await get('/api/customers')).status).to.equal(400);
    expect((await get('/api/customers?identifier=hello')).status).to.equal(400);
    expect(await (await get('/api/customers?identifier=nobody@post.example')).json()).to.deep.equal({
      items: [],
      next: null,
    });
  });
});
