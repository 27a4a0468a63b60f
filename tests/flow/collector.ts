import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { z } from 'zod';

/** A span as a collector gets it. */
export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for a root. */
  readonly parentSpanId: string;
  readonly name: string;
  /** Who made it. */
  readonly service: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** OTLP as JSON, as far as it is read here. */
const OTLP = z.object({
  resourceSpans: z.array(
    z.object({
      scopeSpans: z.array(
        z.object({
          scope: z.object({ name: z.string() }),
          spans: z.array(
            z.object({
              traceId: z.string(),
              spanId: z.string(),
              parentSpanId: z.string().default(''),
              name: z.string(),
              attributes: z.array(z.object({ key: z.string(), value: z.object({ stringValue: z.string() }) })),
            }),
          ),
        }),
      ),
    }),
  ),
});

/** An OpenTelemetry collector of one's own: takes traces as JSON and keeps what else comes as it came. */
export class Collector {
  readonly spans: CollectedSpan[] = [];
  /** Every body of every request, byte for byte. */
  readonly bodies: { readonly path: string; readonly contentType: string; readonly body: string }[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#take(request).then(
        () => response.setHeader('content-type', request.headers['content-type'] ?? '').end(),
        (refusal: unknown) => response.writeHead(400).end(String(refusal)),
      );
    });
  }

  static async open(): Promise<Collector> {
    const collector = new Collector();
    await new Promise<void>((resolve) => {
      collector.#server.listen(0, '127.0.0.1', resolve);
    });
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #take(request: IncomingMessage): Promise<void> {
    const body = (await buffer(request)).toString('latin1');
    const { url: path = '', headers } = request;
    this.bodies.push({ path, contentType: headers['content-type'] ?? '', body });
    if (path !== '/v1/traces' || headers['content-type'] !== 'application/json') return;
    for (const { scopeSpans } of OTLP.parse(JSON.parse(body)).resourceSpans)
      for (const { scope, spans } of scopeSpans)
        for (const { attributes, ...span } of spans) {
          const values = attributes.map(({ key, value }) => [key, value.stringValue] as const);
          this.spans.push({ ...span, service: scope.name, attributes: Object.fromEntries(values) });
        }
  }
}
