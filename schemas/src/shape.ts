/**
 * The part of Avro that the contract uses, as a type that a switch can be exhaustive about. The generator, the codec and
 * the documentation all read the `.avsc` files through this file, so what it refuses nobody can write.
 */
export type Shape =
  | { readonly kind: 'string'; readonly values: readonly string[] | undefined }
  | { readonly kind: 'long' | 'double' | 'boolean' }
  /** Text to everybody who reads and writes, sealed bytes in the log. */
  | { readonly kind: 'protected' }
  | { readonly kind: 'optional' | 'array' | 'map'; readonly of: Shape }
  | { readonly kind: 'record'; readonly name: string };

export interface Field {
  readonly name: string;
  readonly doc: string;
  readonly shape: Shape;
}

export interface RecordShape {
  /** Without the namespace. */
  readonly name: string;
  readonly doc: string;
  readonly fields: readonly Field[];
  /** Which key seals the protected fields of a topic's record; undefined where the record has none. */
  readonly sealedBy: { readonly scope: string; readonly path: string } | undefined;
}

export const NAMESPACE = 'io.throughline';

/** Where something in a `.avsc` file is not what the contract allows. */
export class SchemaInvalid extends Error {
  readonly code = 'schema-invalid';
  constructor(where: string, problem: string) {
    super(`${where}: ${problem}`);
  }
}

const KEY_SCOPES = ['case', 'contact', 'customer'];

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads one record. Throws `SchemaInvalid`, naming the file or field. */
export function recordShape(where: string, schema: unknown): RecordShape {
  if (!isObject(schema) || schema.type !== 'record') throw new SchemaInvalid(where, 'is not a record');
  if (schema.namespace !== NAMESPACE) throw new SchemaInvalid(where, `needs "namespace": "${NAMESPACE}"`);
  const name = text(where, schema, 'name');
  if (!Array.isArray(schema.fields)) throw new SchemaInvalid(where, 'has no list of fields');
  const fields = schema.fields.map((field: unknown) => fieldShape(where, field));
  const twice = fields.find((field, index) => fields.findIndex((other) => other.name === field.name) !== index);
  if (twice !== undefined) throw new SchemaInvalid(where, `has two fields ${twice.name}`);
  return { name, doc: text(where, schema, 'doc'), fields, sealedBy: sealedBy(where, schema) };
}

function fieldShape(where: string, field: unknown): Field {
  if (!isObject(field)) throw new SchemaInvalid(where, 'has a field that is not an object');
  const name = text(where, field, 'name');
  const at = `${where}, field ${name}`;
  const shape = shapeOf(at, field.type);
  if (shape.kind === 'optional' && field.default !== null)
    throw new SchemaInvalid(at, 'is optional and needs "default": null');
  return { name, doc: text(at, field, 'doc'), shape };
}

function sealedBy(where: string, schema: Readonly<Record<string, unknown>>): RecordShape['sealedBy'] {
  if (schema.protectedBy === undefined && schema.keyScope === undefined) return undefined;
  const scope = text(where, schema, 'keyScope');
  if (!KEY_SCOPES.includes(scope)) throw new SchemaInvalid(where, `keyScope is one of ${KEY_SCOPES.join(', ')}`);
  return { scope, path: text(where, schema, 'protectedBy') };
}

function text(where: string, object: Readonly<Record<string, unknown>>, attribute: string): string {
  const value = object[attribute];
  if (typeof value !== 'string' || value === '') throw new SchemaInvalid(where, `needs "${attribute}"`);
  return value;
}

function shapeOf(where: string, type: unknown): Shape {
  if (Array.isArray(type)) return optionalShape(where, type);
  if (typeof type === 'string') return namedShape(where, type);
  if (!isObject(type)) throw new SchemaInvalid(where, 'has no type');
  switch (type.type) {
    case 'array':
      return { kind: 'array', of: shapeOf(where, type.items) };
    case 'map':
      return { kind: 'map', of: shapeOf(where, type.values) };
    case 'string':
      return { kind: 'string', values: closedSet(where, type.values) };
    case 'bytes':
      if (type.logicalType === 'protected') return { kind: 'protected' };
      throw new SchemaInvalid(where, 'is bytes: only protected fields are, and big content goes to the blobs');
    default:
      throw new SchemaInvalid(where, 'has an inline type that the contract does not use: put records into shared/');
  }
}

function optionalShape(where: string, branches: readonly unknown[]): Shape {
  if (branches.length !== 2 || branches[0] !== 'null')
    throw new SchemaInvalid(where, 'a union is ["null", X] and nothing else');
  const of = shapeOf(where, branches[1]);
  if (of.kind === 'optional') throw new SchemaInvalid(where, 'is optional twice');
  return { kind: 'optional', of };
}

function namedShape(where: string, name: string): Shape {
  if (name === 'string') return { kind: 'string', values: undefined };
  if (name === 'long' || name === 'double' || name === 'boolean') return { kind: name };
  if (name.startsWith(`${NAMESPACE}.`)) return { kind: 'record', name: name.slice(NAMESPACE.length + 1) };
  throw new SchemaInvalid(where, `has type ${name}, which the contract does not use`);
}

function closedSet(where: string, values: unknown): readonly string[] | undefined {
  if (values === undefined) return undefined;
  if (!Array.isArray(values) || values.length === 0) throw new SchemaInvalid(where, '"values" is a list of strings');
  return values.map((value: unknown) => {
    if (typeof value !== 'string') throw new SchemaInvalid(where, '"values" is a list of strings');
    return value;
  });
}
