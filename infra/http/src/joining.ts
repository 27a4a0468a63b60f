import { z } from 'zod';
import type { OpenApiDocument } from './openapi.ts';

const names = z.looseObject({ enum: z.array(z.string()) });
const problem = z.looseObject({ properties: z.looseObject({ type: names, code: names }) });

/** What of a document of `describeApi` is looked at when it comes from another process. */
const described = z.looseObject({
  openapi: z.string().startsWith('3.1.'),
  info: z.looseObject({ title: z.string(), version: z.string() }),
  tags: z.array(z.looseObject({ name: z.string() })),
  paths: z.record(z.string(), z.unknown()),
  components: z.looseObject({ schemas: z.looseObject({ Problem: problem }) }),
});
type Described = z.output<typeof described>;

/**
 * One document of what several processes serve, in their order: what `describeApi` says of all of their parts together. Where
 * two have one tag, path or schema, that of the later one counts; a problem is one of any of them.
 * Throws where one is not such a document.
 */
export function joinDocuments(documents: readonly [unknown, ...unknown[]]): OpenApiDocument {
  return documents.map((document) => described.parse(document)).reduce(joined) as OpenApiDocument;
}

function joined(one: Described, other: Described): Described {
  const schemas = { ...one.components.schemas, ...other.components.schemas, Problem: eitherProblem(one, other) };
  return {
    ...one,
    tags: [...new Map([...one.tags, ...other.tags].map((tag) => [tag.name, tag])).values()],
    paths: { ...one.paths, ...other.paths },
    components: { ...one.components, schemas },
  };
}

function eitherProblem(one: Described, other: Described): z.output<typeof problem> {
  const [{ properties }, { properties: more }] = [one.components.schemas.Problem, other.components.schemas.Problem];
  const either = (member: 'type' | 'code') => ({
    ...properties[member],
    enum: [...new Set([...properties[member].enum, ...more[member].enum])],
  });
  return {
    ...one.components.schemas.Problem,
    properties: { ...properties, type: either('type'), code: either('code') },
  };
}

/** The same without what a part describes, for whoever has another word for that. */
export const withoutPart = (document: unknown, part: { readonly name: string; readonly paths: object }): unknown => {
  const { tags, paths, ...rest } = described.parse(document);
  return {
    ...rest,
    tags: tags.filter(({ name }) => name !== part.name),
    paths: Object.fromEntries(Object.entries(paths).filter(([path]) => !Object.hasOwn(part.paths, path))),
  };
};
