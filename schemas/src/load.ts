import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, NAMESPACE, type RecordShape, recordShape, SchemaInvalid, type Shape } from './shape.ts';

/** Any Avro schema as JSON. */
export type SchemaJson = unknown;

/** The contract: every topic's records and the records that they share. */
export interface Schemas {
  /** By topic, then by record name; both in alphabetical order. */
  readonly topics: ReadonlyMap<string, ReadonlyMap<string, TopicRecord>>;
  readonly shared: ReadonlyMap<string, RecordShape>;
}

export interface TopicRecord {
  readonly shape: RecordShape;
  /** One self-contained Avro schema: each shared record inline where it is first used, by name afterwards. */
  readonly schema: SchemaJson;
}

/**
 * Reads `<folder>/<topic>/<Record>.avsc` and `<folder>/shared/<Record>.avsc`.
 * Throws `SchemaInvalid` naming the file whose schema is not one that the contract allows.
 */
export function loadSchemas(folder: string = join(import.meta.dirname, '..', 'avro')): Schemas {
  const sources = readFolder(join(folder, SHARED));
  const shared = new Map([...sources].map(([name, source]) => [name, recordShape(source.where, source.schema)]));
  for (const [name, shape] of shared) checkReferences(`${SHARED}/${name}.avsc`, shape, shared);
  const topics = new Map<string, ReadonlyMap<string, TopicRecord>>();
  for (const topic of readdirSync(folder).sort()) {
    if (topic === SHARED) continue;
    const records = new Map<string, TopicRecord>();
    for (const [name, source] of readFolder(join(folder, topic))) {
      const shape = recordShape(source.where, source.schema);
      checkReferences(source.where, shape, shared);
      checkKey(source.where, shape, shared);
      records.set(name, { shape, schema: inline(source.schema, sources, new Set()) });
    }
    topics.set(topic, records);
  }
  return { topics, shared };
}

/** Whether a value of this shape can hold a protected field, at any depth. */
export function holdsProtected(shape: Shape, shared: ReadonlyMap<string, RecordShape>): boolean {
  switch (shape.kind) {
    case 'protected':
      return true;
    case 'optional':
    case 'array':
    case 'map':
      return holdsProtected(shape.of, shared);
    case 'record':
      return shared.get(shape.name)?.fields.some((field) => holdsProtected(field.shape, shared)) ?? false;
    default:
      return false;
  }
}

const SHARED = 'shared';

interface Source {
  readonly where: string;
  readonly schema: unknown;
}

function readFolder(folder: string): ReadonlyMap<string, Source> {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.avsc'))
    .sort();
  return new Map(
    files.map((file) => {
      const where = join(folder, file).split('/').slice(-2).join('/');
      const schema: unknown = JSON.parse(readFileSync(join(folder, file), 'utf8'));
      const name = file.slice(0, -'.avsc'.length);
      if (!isObject(schema) || schema.name !== name)
        throw new SchemaInvalid(where, `is named after its record, ${name}`);
      return [name, { where, schema }];
    }),
  );
}

/** References lead to shared records, and never in a circle: a record that holds itself has no end in the log. */
function checkReferences(
  where: string,
  record: RecordShape,
  shared: ReadonlyMap<string, RecordShape>,
  path: readonly string[] = [],
): void {
  for (const field of record.fields) {
    const name = referenceOf(field.shape);
    if (name === undefined) continue;
    const target = shared.get(name);
    if (target === undefined)
      throw new SchemaInvalid(where, `field ${field.name} names ${name}, which is not in shared/`);
    if (path.includes(name)) throw new SchemaInvalid(where, `${name} holds itself`);
    checkReferences(where, target, shared, [...path, name]);
  }
}

function referenceOf(shape: Shape): string | undefined {
  if (shape.kind === 'record') return shape.name;
  return 'of' in shape ? referenceOf(shape.of) : undefined;
}

/** A record with protected fields says whose key seals them, in a plain string that every body has; one without does not. */
function checkKey(where: string, record: RecordShape, shared: ReadonlyMap<string, RecordShape>): void {
  const holds = record.fields.some((field) => holdsProtected(field.shape, shared));
  if (holds !== (record.sealedBy !== undefined)) {
    throw new SchemaInvalid(
      where,
      holds ? 'has protected fields and needs "protectedBy" and "keyScope"' : 'has a key and nothing protected',
    );
  }
  if (record.sealedBy === undefined) return;
  let shape: Shape = { kind: 'record', name: '' };
  let at = record;
  for (const part of record.sealedBy.path.split('.')) {
    const field = at.fields.find(({ name }) => name === part);
    if (field === undefined) throw new SchemaInvalid(where, `protectedBy names ${part}, which is no field`);
    shape = field.shape;
    if (shape.kind === 'record') at = shared.get(shape.name) ?? at;
  }
  if (shape.kind !== 'string') throw new SchemaInvalid(where, 'protectedBy leads to a plain string');
}

/** Copies a schema and puts each shared record in where it is first named. */
function inline(schema: unknown, sources: ReadonlyMap<string, Source>, seen: Set<string>): unknown {
  if (typeof schema === 'string') {
    const name = schema.startsWith(`${NAMESPACE}.`) ? schema.slice(NAMESPACE.length + 1) : undefined;
    const source = name === undefined ? undefined : sources.get(name);
    if (name === undefined || source === undefined || seen.has(name)) return schema;
    seen.add(name);
    return inline(source.schema, sources, seen);
  }
  if (Array.isArray(schema)) return schema.map((branch: unknown) => inline(branch, sources, seen));
  if (!isObject(schema)) return schema;
  if (schema.type === 'record' && Array.isArray(schema.fields)) {
    const fields = schema.fields.map((field: unknown) =>
      isObject(field) ? { ...field, type: inline(field.type, sources, seen) } : field,
    );
    return { ...schema, fields };
  }
  if (schema.type === 'array') return { ...schema, items: inline(schema.items, sources, seen) };
  if (schema.type === 'map') return { ...schema, values: inline(schema.values, sources, seen) };
  return schema;
}
