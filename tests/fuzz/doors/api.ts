import fc from 'fast-check';
import type { DoorKind } from '../door.ts';
import { mutatedJson } from '../grammar/json.ts';
import { anyText, mutated } from '../grammar/mutations.ts';
import type { Seeds } from '../seeds.ts';
import { demandAnswer, openStagedMesh } from '../staged-mesh.ts';

interface ApiInput {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS';
  /** With its query; `{case}` and the like stand for what the mesh has. */
  readonly path: string;
  readonly contentType: string;
  readonly body: string;
  readonly isOperator: boolean;
}

const READS: readonly string[] = [
  '/api/cases?customer={customer}&status=open&limit=3',
  '/api/cases?needs=person&cursor=YQ',
  '/api/cases/{case}',
  '/api/cases/{case}/thread?cursor=YQ&limit=500',
  '/api/contacts/{contact}',
  '/api/customers/{customer}',
  '/api/customers?identifier=%2B14155550132',
  '/api/customers?identifier=marta.lund@post.example',
  '/api/audit/cases/{case}',
  '/api/audit/verify',
  '/api/parked',
  '/livez',
  '/metrics',
  '/openapi.json',
  '/chat',
  '/chat/widget.js',
];

/** Sessions, results of actions, imports, redrives: every body that somebody may post. */
function posts(seeds: Seeds): fc.Arbitrary<Pick<ApiInput, 'path' | 'body' | 'contentType'>> {
  const json = (path: string, body: fc.Arbitrary<Readonly<Record<string, unknown>>>) =>
    fc.record({ path: fc.constant(path), body: mutatedJson(body), contentType: fc.constant('application/json') });
  const lines = fc.array(mutatedJson(fc.constantFrom(...seeds.customers)), { maxLength: 4 });
  return fc.oneof(
    json('/chat/sessions', fc.constantFrom({}, { sessionToken: '{session}' }, { hostToken: 'a.b.c' })),
    json('/chat/sessions', fc.record({ sessionToken: mutated(fc.constant('{session}')) })),
    json(
      '/api/actions/{action}/result',
      fc.record({
        status: fc.oneof(fc.constantFrom('done', 'pending', 'failed'), anyText),
        note: anyText,
        amount: fc.double(),
      }),
    ),
    json('/api/parked/redrive', fc.record({ processor: fc.constant('case-state'), subject: anyText })),
    fc.record({
      path: fc.constant('/api/customers/import'),
      body: lines.map((all) => all.join('\n')),
      contentType: fc.constantFrom('application/x-ndjson', 'application/x-ndjson', 'text/plain'),
    }),
  );
}

/** Every HTTP path of a whole mesh over its real sockets. */
export const apiDoor: DoorKind<ApiInput> = {
  name: 'api',
  about:
    "requests to the operators' API and for chat sessions: answered or refused as RFC 9457 says, and nothing is parked",
  inputsPerOpening: 1_000,
  inputs: (seeds) => {
    const encoded = (path: string): string =>
      encodeURI(path.toWellFormed()).replaceAll('%7B', '{').replaceAll('%7D', '}');
    const read = fc.record({
      method: fc.constant<ApiInput['method']>('GET'),
      path: fc.oneof(fc.constantFrom(...READS), mutated(fc.constantFrom(...READS))).map(encoded),
      contentType: fc.constant('application/json'),
      body: fc.constant(''),
      isOperator: fc.constant(true),
    });
    const write = posts(seeds).chain(({ path, body, contentType }) =>
      fc.record({
        method: fc.constantFrom<ApiInput['method']>('POST', 'POST', 'POST', 'PUT', 'DELETE', 'OPTIONS'),
        path: fc.oneof(
          { weight: 9, arbitrary: fc.constant(path) },
          { weight: 1, arbitrary: mutated(fc.constant(path)).map(encoded) },
        ),
        contentType: fc.oneof(
          { weight: 9, arbitrary: fc.constant(contentType) },
          {
            weight: 1,
            arbitrary: fc.constantFrom('text/plain', 'application/json; charset=utf-16', 'multipart/form-data'),
          },
        ),
        body: fc.constant(body),
        isOperator: fc.oneof(
          { weight: 19, arbitrary: fc.constant(true) },
          { weight: 1, arbitrary: fc.constant(false) },
        ),
      }),
    );
    return fc.oneof({ weight: 1, arbitrary: read }, { weight: 2, arbitrary: write });
  },
  async open() {
    const mesh = await openStagedMesh();
    const { stage } = mesh;
    return {
      async feed({ method, path, contentType, body, isOperator }) {
        // A path that is none stays in front of nobody: clients do not send it.
        const url = mesh.filled(path.startsWith('/') ? path : `/${path}`).slice(0, 8_000);
        if (!URL.canParse(url, stage.mesh.url) || new URL(url, stage.mesh.url).origin !== stage.mesh.url) return;
        const response = await fetch(new URL(url, stage.mesh.url), {
          method,
          headers: {
            'content-type': contentType,
            ...(isOperator ? { authorization: `Bearer ${stage.mesh.operatorToken}` } : {}),
          },
          ...(method === 'GET' ? {} : { body: mesh.filled(body) }),
        });
        await demandAnswer(response);
        await mesh.isWell();
      },
      close: () => mesh.close(),
    };
  },
};
