import { loadSchemas, type SchemaJson, type Schemas, type TopicRecord } from '@throughline/schemas/load';
import { embeddedSchemaIds, type SchemaIds } from '@throughline/schemas/registry';
import type { Around } from './reached.ts';

/**
 * Which of two versions of the contract a process is built with: the one at hand, or one that comes after it, in which every record
 * has one more field. Both are at work at once while a service is upgraded, and each has to read what the other writes.
 */
export type Release = 'this' | 'next';

const ADDED = { name: 'addedByNextRelease', type: ['null', 'string'], default: null };

const current = loadSchemas();
export const SCHEMAS: Readonly<Record<Release, Schemas>> = { this: current, next: following(current) };

const ids = {
  this: embeddedSchemaIds({ schemas: SCHEMAS.this, known: [] }),
  next: embeddedSchemaIds({ schemas: SCHEMAS.next, known: [] }),
};
const registry = new Map([...ids.this.all(), ...ids.next.all()].map(({ id, schema }) => [id, schema]));

/** What a process knows of schemas: its own, and what it has asked the registry for. */
export function idsOf(release: Release, around: Around): SchemaIds {
  const own = ids[release];
  const asked = new Map<number, SchemaJson>();
  return {
    idOf: own.idOf,
    fetch: (wanted) =>
      around({ call: 'schemas', parts: ['registry'] }, async () => {
        for (const id of wanted) if (registry.has(id)) asked.set(id, registry.get(id));
      }),
    schemaOf: (id) => own.schemaOf(id) ?? asked.get(id),
  };
}

/** For the oracles: everything is at hand. */
export const allIds: SchemaIds = { ...ids.this, schemaOf: (id) => registry.get(id) };

function following({ topics, shared }: Schemas): Schemas {
  const withField = ({ shape, schema }: TopicRecord): TopicRecord => {
    const { fields, ...rest } = schema as { readonly fields: readonly SchemaJson[] };
    return { shape, schema: { ...rest, fields: [...fields, ADDED] } };
  };
  return {
    shared,
    topics: new Map(
      [...topics].map(([topic, records]) => [
        topic,
        new Map([...records].map(([name, record]) => [name, withField(record)])),
      ]),
    ),
  };
}
