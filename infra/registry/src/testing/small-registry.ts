import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Just enough of a schema registry to see what is asked of one, and to be ill in ways that a real one is not on demand. */
export interface SmallRegistry {
  readonly url: string;
  /** Every request, as `GET /schemas/ids/7`. */
  readonly asked: string[];
  /** What requests showed to be let in; undefined among them where one showed nothing. */
  readonly shown: Set<string | undefined>;
  /** Answers all requests in its place while it is set. */
  ill: ((response: ServerResponse) => void) | undefined;
  /** Puts a schema under the next id. */
  put(subject: string, schema: unknown): number;
  close(): Promise<void>;
}

export async function smallRegistry(): Promise<SmallRegistry> {
  const schemas: { readonly subject: string; readonly schema: string }[] = [];
  const idOf = (subject: string, schema: string): number =>
    schemas.findIndex((one) => one.subject === subject && one.schema === schema) + 1;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const body = chunks.length === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString());
    const say = (status: number, what: object): void => {
      response.writeHead(status, { 'content-type': 'application/vnd.schemaregistry.v1+json' });
      response.end(JSON.stringify(what));
    };
    const absent = (code: number): void => say(404, { error_code: code, message: 'It is not here' });
    const [, kind, subject = '', rest = ''] = (request.url ?? '').split('/').map(decodeURIComponent);
    registry.asked.push(`${request.method} ${decodeURIComponent(request.url ?? '')}`);
    registry.shown.add(request.headers.authorization);
    if (registry.ill !== undefined) return registry.ill(response);
    if (kind === 'schemas') {
      const found = schemas[Number(rest) - 1];
      return found === undefined ? absent(40403) : say(200, { schema: found.schema });
    }
    if (kind === 'subjects' && rest === '') {
      const id = idOf(subject, body.schema);
      return id === 0 ? absent(40403) : say(200, { subject, id, version: 1, schema: body.schema });
    }
    const latest = schemas.findLastIndex((one) => one.subject === subject) + 1;
    return latest === 0 ? absent(40401) : say(200, { subject, id: latest, version: 1 });
  };
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const registry: SmallRegistry = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    shown: new Set(),
    ill: undefined,
    put: (subject, schema) =>
      schemas.push({ subject, schema: typeof schema === 'string' ? schema : JSON.stringify(schema) }),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return registry;
}
