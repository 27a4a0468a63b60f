import { DEMO_CUSTOMERS } from '@throughline/agent/demo-backend';
import { expect } from 'chai';
import { Stage } from '../../scripts/demo/stage.ts';
import { playStory } from '../../scripts/demo/story.ts';
import { checking, type Document, type Operation } from './answers.ts';
import { hasChromium, openBrowser } from './browser.ts';
import { until } from './until.ts';

/** After the story: what the running mesh says of itself, and what it answers. */
describe('the document of a running mesh', () => {
  let stage: Stage;
  let document: Document;
  let check: (operation: Operation, response: Response) => Promise<void>;
  before(async () => {
    stage = await Stage.open();
    await playStory(stage, () => undefined);
    await until('the trail to have caught up', async () => {
      const { pending } = await stage.api<{ pending: number }>('/api/audit/verify');
      return pending === 0;
    });
    document = (await (await fetch(`${stage.mesh.url}/openapi.json`)).json()) as Document;
    check = checking(document);
  });
  after(() => stage.close());

  const gets = (): readonly (readonly [string, Operation])[] =>
    Object.entries(document.paths).flatMap(([path, { get }]) =>
      get && !(101 in get.responses) ? [[path, get] as const] : [],
    );

  it('names the paths of every service, and each is there', async () => {
    const missing: string[] = [];
    for (const [path, item] of Object.entries(document.paths)) {
      for (const [method, { responses }] of Object.entries(item)) {
        const response = await stage.fetch(path, { method: method.toUpperCase() });
        const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json') ?? false;
        const text = await response.text();
        if (isProblem && text.includes('no-such-page') && !(101 in responses)) missing.push(`${method} ${path}`);
      }
    }
    expect(missing).to.deep.equal([]);
    const firsts = Object.keys(document.paths).map((path) => /^(\/api)?\/[^/]+/.exec(path)?.[0]);
    expect([...new Set(firsts)]).to.have.members([
      ...['/api/cases', '/api/contacts', '/api/actions', '/api/customers', '/api/audit', '/api/parked'],
      ...['/chat', '/voice', '/livez', '/readyz', '/metrics', '/openapi.json', '/docs'],
    ]);
  });

  it('says exactly what each GET answers, with every case, contact and customer there is', async () => {
    const known = await everyone(stage);
    const called = new Set<string>();
    for (const [path, operation] of gets()) {
      for (const url of urlsOf(path, operation, known)) {
        const response = await stage.fetch(url);
        expect([url, response.status]).to.deep.equal([url, 200]);
        await check(operation, response);
        called.add(path);
      }
    }
    expect([...called]).to.deep.equal(gets().map(([path]) => path));
  });

  it('says what a GET answers that asks for nobody there is, or without the token', async () => {
    const nobody = { caseId: ['case_none'], contactId: ['ctc_none'], customerId: ['cus_none'], identifier: ['nobody'] };
    for (const [path, operation] of gets()) {
      for (const url of urlsOf(path, operation, nobody)) {
        await check(operation, await stage.fetch(url));
        await check(operation, await fetch(`${stage.mesh.url}${url}`));
      }
    }
  });

  it('says what imports and results of actions are answered with', async () => {
    const post = (path: string, type: string, body: string): Promise<Response> =>
      stage.fetch(path, { method: 'POST', headers: { 'content-type': type }, body });
    const lines = `${JSON.stringify(DEMO_CUSTOMERS[0])}\n{}`;
    for (const type of ['application/x-ndjson', 'text/plain'])
      await check(postOf('/api/customers/import'), await post('/api/customers/import', type, lines));
    const actionIds = ['act_none', ...(await actionsOf(stage))];
    expect(actionIds).to.have.length.greaterThan(1);
    const bodies = [JSON.stringify({ status: 'refunded', note: 'The money is on its way.' }), '[]', '{'];
    for (const actionId of actionIds) {
      for (const body of bodies) {
        const response = await post(`/api/actions/${actionId}/result`, 'application/json', body);
        await check(postOf('/api/actions/{actionId}/result'), response);
      }
    }
  });

  it('says what a chat session is answered with', async () => {
    for (const body of ['', '{"hostToken":"x"}', '{"sessionToken":"x"}', '{"other":1}', '{'])
      await check(postOf('/chat/sessions'), await fetch(`${stage.mesh.url}/chat/sessions`, { method: 'POST', body }));
  });

  it('is a page that loads nothing from elsewhere and breaks no rule of its own (left out without chromium)', async function () {
    if (!hasChromium) this.skip();
    const browser = await openBrowser();
    try {
      const page = await browser.context.newPage();
      const asked: string[] = [];
      const complaints: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      page.on('console', (message) => complaints.push(message.text()));
      await page.goto(`${stage.mesh.url}/docs`);
      await page.getByRole('link', { name: 'Lists cases' }).click();
      expect(await page.locator('#operation-listCases').isVisible()).to.equal(true);
      const loaded = asked.filter((url) => !url.startsWith('data:'));
      expect([loaded, complaints]).to.deep.equal([[`${stage.mesh.url}/docs`], []]);
    } finally {
      await browser.close();
    }
  });

  function postOf(path: string): Operation {
    const operation = document.paths[path]?.post;
    if (!operation) throw new Error(`The document has no POST ${path}.`);
    return operation;
  }
});

type Known = Readonly<Record<string, readonly string[]>>;

/** Ids of everybody and everything in the mesh. */
async function everyone(stage: Stage): Promise<Known> {
  const { items } = await stage.api<{ items: readonly { caseId: string; customerId: string }[] }>('/api/cases');
  const caseId = items.map((item) => item.caseId);
  const threads = await Promise.all(
    caseId.map((id) => stage.api<{ items: readonly { contactId: string | null }[] }>(`/api/cases/${id}/thread`)),
  );
  const contacts = threads.flatMap((thread) => thread.items.flatMap(({ contactId }) => contactId ?? []));
  return {
    caseId,
    contactId: [...new Set(contacts)],
    customerId: [...new Set(items.map((item) => item.customerId))],
    identifier: DEMO_CUSTOMERS.flatMap(({ identifiers }) => identifiers.map(({ value }) => value)),
  };
}

async function actionsOf(stage: Stage): Promise<readonly string[]> {
  const { caseId = [] } = await everyone(stage);
  const shown = caseId.map((id) => stage.api<{ actions: readonly { actionId: string }[] }>(`/api/cases/${id}`));
  return (await Promise.all(shown)).flatMap(({ actions }) => actions.map(({ actionId }) => actionId));
}

/** A URL for every known value of what the operation needs. */
function urlsOf(path: string, { parameters = [] }: Operation, known: Known): readonly string[] {
  const needed = parameters.find((parameter) => parameter.required);
  if (needed === undefined) return [path];
  return (known[needed.name] ?? []).map((value) =>
    needed.in === 'path'
      ? path.replace(`{${needed.name}}`, value)
      : `${path}?${needed.name}=${encodeURIComponent(value)}`,
  );
}
