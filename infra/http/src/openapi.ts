import { z } from 'zod';
import { createDocument } from 'zod-openapi';
import type { Answer, ApiPart, Content, Method, Operation } from './api-part.ts';
import { OPERATOR_TOKEN_NEEDED } from './operators.ts';
import { BAD_REQUEST, INTERNAL, NO_SUCH_PAGE, type Problem, problemBody, SERVICE_AWAY, TYPE_BASE } from './problem.ts';

export type OpenApiDocument = ReturnType<typeof createDocument>;

/** Of the API, which changes when its clients have to: a new member or route changes the last number only. */
const API_VERSION = '1.0.0';

/** One OpenAPI 3.1 document of what a process serves. Throws where two parts have one path or one operation id. */
export function describeApi(parts: readonly ApiPart[]): OpenApiDocument {
  const operations = parts.flatMap((part) => Object.entries(part.paths).map(([path, item]) => ({ part, path, item })));
  refuseTwice(operations.map(({ path }) => path));
  refuseTwice(operations.flatMap(({ item }) => Object.values(item).map(({ id }) => id)));
  const problem = problemSchema(parts);
  return createDocument(
    {
      openapi: '3.1.1',
      info: { title: 'Throughline', version: API_VERSION, description: ABOUT },
      servers: [{ url: '/' }],
      tags: parts.map(({ name, description }) => ({ name, description })),
      paths: Object.fromEntries(operations.map(({ part, path, item }) => [path, pathItem(part, item, problem)])),
      components: { securitySchemes: SECURITY_SCHEMES, responses: { Otherwise: refusal(ANYWHERE, problem) } },
    },
    { override: ({ jsonSchema, io }) => simplify(jsonSchema, io) },
  );
}

/** Leaves out what zod adds and a reader of the document has no use for. */
function simplify(schema: JsonSchema, io: 'input' | 'output'): void {
  // A reader ignores members that it does not know: an answer may get new ones.
  if (io === 'output' && schema.additionalProperties === false) delete schema.additionalProperties;
  // Beside a reference to a named schema zod leaves it standing.
  for (const member of Object.values(schema.properties ?? {}))
    if (typeof member === 'object' && '$ref' in member) delete member.additionalProperties;
  if (schema.format === 'date-time') delete schema.pattern;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
}

type JsonSchema = Parameters<
  NonNullable<NonNullable<Parameters<typeof createDocument>[1]>['override']>
>[0]['jsonSchema'];

const ABOUT = [
  'Lists are `{"items":[…],"next":"<cursor>"|null}`, oldest first. Times are RFC 3339 in UTC, ids are opaque.',
  'Errors are problems as of RFC 9457; besides those that are listed with it, any route may answer `bad-request`, `internal` or `service-away`.',
  'New members of answers come without notice: ignore those that you do not know.',
].join(' ');

const SECURITY_SCHEMES = {
  operator: { type: 'http', scheme: 'bearer', description: 'The operator token: printed at the start.' },
  carrier: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Twilio-Signature',
    description: "The carrier's signature of the public URL and the form, by its auth token.",
  },
} as const;

/** Problems that any route may answer. */
const ANYWHERE = [BAD_REQUEST, INTERNAL, SERVICE_AWAY];

/** Every problem that can occur in these parts, by code, in the order of the document. */
export function problemsOf(parts: readonly ApiPart[]): readonly Problem[] {
  const operators = parts.some(({ access }) => access === 'operator') ? [OPERATOR_TOKEN_NEEDED] : [];
  const declared = parts
    .flatMap(({ paths }) => Object.values(paths).flatMap((item) => Object.values(item)))
    .flatMap(({ problems = [] }) => problems);
  const all = [NO_SUCH_PAGE, ...ANYWHERE, ...operators, ...declared];
  return [...new Map(all.map((problem) => [problem.code, problem])).values()];
}

function problemSchema(parts: readonly ApiPart[]): z.ZodType {
  const codes = problemsOf(parts).map(({ code }) => code);
  return z
    .object({
      type: z
        .enum(codes.map((code) => `${TYPE_BASE}${code}`))
        .meta({ description: 'Names the problem; not an address to open.' }),
      title: z.string().meta({ description: 'What is wrong, for people.' }),
      status: z.int().meta({ description: 'The status of the answer.' }),
      detail: z.string().optional().meta({ description: 'What to do about it, for people.' }),
      code: z.enum(codes).meta({ description: 'The last segment of `type`: what a program branches on.' }),
    })
    .meta({ id: 'Problem', description: 'RFC 9457. docs/problems.md explains each type.' });
}

function pathItem(part: ApiPart, item: ApiPart['paths'][string], problem: z.ZodType) {
  const entries = Object.entries(item) as [Method, Operation][];
  return Object.fromEntries(entries.map(([method, operation]) => [method, operationObject(part, operation, problem)]));
}

function operationObject({ name, access }: ApiPart, operation: Operation, problem: z.ZodType) {
  const { id, summary, description, params, query, body, answers, problems = [] } = operation;
  const refusals = access === 'operator' ? [OPERATOR_TOKEN_NEEDED, ...problems] : problems;
  return {
    operationId: id,
    tags: [name],
    summary,
    ...(description === undefined ? {} : { description }),
    ...(access === 'anybody' ? {} : { security: [{ [access]: [] }] }),
    requestParams: { ...(params ? { path: params } : {}), ...(query ? { query } : {}) },
    ...(body ? { requestBody: { required: !body.isOptional, content: contentObject(body) } } : {}),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, responseObject(answer)])),
      ...Object.fromEntries(
        [...Map.groupBy(refusals, ({ status }) => status)].map(([status, all]) => [status, refusal(all, problem)]),
      ),
      default: { $ref: '#/components/responses/Otherwise' },
    },
  };
}

const responseObject = ({ description, content, headers }: Answer) => ({
  description,
  ...(headers ? { headers } : {}),
  ...(content ? { content: contentObject(content) } : {}),
});

const contentObject = ({ mediaType, schema, example }: Content) => ({
  [mediaType]: { schema, ...(example === undefined ? {} : { example }) },
});

/** The problems of one status, each with an example that is what it looks like. */
const refusal = (problems: readonly Problem[], schema: z.ZodType) => ({
  description: problems.map(({ title }) => title).join(' Or: '),
  content: {
    'application/problem+json': {
      schema,
      examples: Object.fromEntries(
        problems.map((problem) => [problem.code, { summary: problem.title, value: problemBody(problem) }]),
      ),
    },
  },
});

function refuseTwice(names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`${twice} is described twice.`);
}
