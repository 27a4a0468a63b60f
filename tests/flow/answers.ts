import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect } from 'chai';

interface Content {
  readonly schema: object;
  readonly examples?: Readonly<Record<string, unknown>>;
}

export interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly required?: boolean }[];
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Content>> }>>;
}

/** What this reads of an OpenAPI document. */
export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** Holds an answer against the document: its status, its media type and, in JSON, every member, none more. */
export function checking(document: Document): (operation: Operation, response: Response) => Promise<void> {
  const ajv = new Ajv2020({ strict: false, discriminator: true });
  addFormats.default(ajv);
  ajv.addSchema(closed(document) as object, 'document');
  const validators = new Map<Content, ValidateFunction>();
  const validatorOf = (content: Content): ValidateFunction => {
    const validate = validators.get(content) ?? ajv.compile(within(content.schema));
    validators.set(content, validate);
    return validate;
  };
  return async ({ operationId, responses }, response) => {
    const where = `${operationId}: ${response.status} of ${response.url}`;
    const contents = responses[response.status]?.content ?? {};
    const [mediaType = ''] = (response.headers.get('content-type') ?? '').split(';');
    expect([where, response.status in responses, mediaType in contents]).to.deep.equal([where, true, true]);
    const text = await response.text();
    const content = contents[mediaType];
    if (content === undefined || !mediaType.endsWith('json')) return;
    const body: unknown = JSON.parse(text);
    const validate = validatorOf(content);
    validate(body);
    expect(validate.errors ?? [], `${where}: ${text.slice(0, 2000)}`).to.deep.equal([]);
    if (mediaType === 'application/problem+json')
      expect(Object.keys(content.examples ?? {}), where).to.include((body as { code: string }).code);
  };
}

/** A schema of the document by itself: its references lead into the whole. */
const within = (schema: object): object =>
  JSON.parse(JSON.stringify(closed(schema)).replaceAll('"#/', '"document#/')) as object;

/** With no room for members that are not described. The document leaves it to later versions, and nothing to this one. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  // ajv takes a discriminator without its mapping, which says nothing that the alternatives do not say.
  const entries = Object.entries(value).filter(([name]) => name !== 'mapping');
  const members = Object.fromEntries(entries.map(([name, member]) => [name, closed(member)]));
  const isOpen = members.type === 'object' && 'properties' in members && !('additionalProperties' in members);
  return isOpen ? { ...members, additionalProperties: false } : members;
}
