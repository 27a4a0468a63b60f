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
  readonly attributes: Readonly<Record<string, string>>;
  /** Of the process that made it: its name, and an id that no other process has. */
  readonly process: Readonly<Record<'service.name' | 'service.instance.id', string>>;
}

const ATTRIBUTES = z
  .array(z.object({ key: z.string(), value: z.object({ stringValue: z.string() }) }))
  .transform((all) => Object.fromEntries(all.map(({ key, value }) => [key, value.stringValue])));
const PROCESS = ATTRIBUTES.pipe(z.object({ 'service.name': z.string(), 'service.instance.id': z.string() }));
const SPAN = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().default(''),
  name: z.string(),
  attributes: ATTRIBUTES,
});
/** OTLP as JSON, as far as it is read here. */
const OTLP = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: PROCESS }),
      scopeSpans: z.array(z.object({ spans: z.array(SPAN) })),
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

  /** How each span of this name came about: from the root of its trace, or from where a parent is missing, to itself. */
  waysTo(name: string): readonly (readonly CollectedSpan[])[] {
    const all = new Map(this.spans.map((span) => [keyOf(span), span]));
    return this.spans
      .filter((span) => span.name === name)
      .map((span) => {
        const way = [span];
        for (let parent = all.get(parentOf(span)); parent; parent = all.get(parentOf(parent))) way.unshift(parent);
        return way;
      });
  }

  /** Spans whose parent is in no trace of theirs. */
  orphans(): readonly CollectedSpan[] {
    const keys = new Set(this.spans.map(keyOf));
    return this.spans.filter((span) => span.parentSpanId !== '' && !keys.has(parentOf(span)));
  }

  async #take(request: IncomingMessage): Promise<void> {
    const body = (await buffer(request)).toString('latin1');
    const { url: path = '', headers } = request;
    this.bodies.push({ path, contentType: headers['content-type'] ?? '', body });
    if (path !== '/v1/traces' || headers['content-type'] !== 'application/json') return;
    for (const { resource, scopeSpans } of OTLP.parse(JSON.parse(body)).resourceSpans)
      for (const span of scopeSpans.flatMap(({ spans }) => spans))
        this.spans.push({ ...span, process: resource.attributes });
  }
}

const keyOf = ({ traceId, spanId }: CollectedSpan): string => `${traceId}/${spanId}`;
const parentOf = ({ traceId, parentSpanId }: CollectedSpan): string => `${traceId}/${parentSpanId}`;
