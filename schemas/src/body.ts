import type { RecordShape, Shape } from './shape.ts';

/** A message body does not fit its schema. Names the path and what belongs there, never the value. */
export class BodyUnfit extends Error {
  readonly code = 'body-unfit';
  constructor(path: string, problem: string) {
    super(`${path} ${problem}`);
  }
}

/** Largest magnitude that avsc's zigzag arithmetic on doubles takes through unharmed: one bit less than a safe integer. */
export const LONG_MAX = 2 ** 52 - 1;

/** What to do with protected fields while walking over a body. `path` leads to the field from the body's root: `turn.text`, `facts.0.value`. */
export interface Walker {
  readonly shared: ReadonlyMap<string, RecordShape>;
  protectedField(value: unknown, path: string): unknown;
}

/**
 * A copy of a value of this shape, checked down to the last field, each protected field replaced by what the walker makes of it.
 * Members that the schema does not name are left out. Throws `BodyUnfit`.
 */
export function walk(walker: Walker, shape: Shape, value: unknown, path: string): unknown {
  switch (shape.kind) {
    case 'string':
      return text(shape.values, value, path);
    case 'long':
      return long(value, path);
    case 'double':
      if (!Number.isFinite(value)) throw new BodyUnfit(path, 'is not a finite number');
      return value;
    case 'boolean':
      if (typeof value !== 'boolean') throw new BodyUnfit(path, 'is not a boolean');
      return value;
    case 'protected':
      return walker.protectedField(value, path);
    case 'optional':
      return value === null ? null : walk(walker, shape.of, value, path);
    case 'array':
      if (!Array.isArray(value)) throw new BodyUnfit(path, 'is not a list');
      return value.map((item: unknown, index) => walk(walker, shape.of, item, `${path}.${index}`));
    case 'map':
      return Object.fromEntries(
        Object.entries(members(value, path)).map(([key, member]) => [
          key,
          walk(walker, shape.of, member, `${path}.${key}`),
        ]),
      );
    case 'record':
      return walkRecord(walker, walker.shared.get(shape.name), value, path);
  }
}

/** The same for a whole record; the path of the root is empty. */
export function walkRecord(
  walker: Walker,
  record: RecordShape | undefined,
  value: unknown,
  path: string,
): Readonly<Record<string, unknown>> {
  const from = members(value, path === '' ? 'The body' : path);
  const to: Record<string, unknown> = {};
  for (const field of record?.fields ?? []) {
    to[field.name] = walk(walker, field.shape, from[field.name], path === '' ? field.name : `${path}.${field.name}`);
  }
  return to;
}

/** The string that a dotted path leads to; undefined where there is none. */
export function stringAt(body: unknown, path: string): string | undefined {
  let at = body;
  for (const part of path.split('.'))
    at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[part] : undefined;
  return typeof at === 'string' ? at : undefined;
}

function text(values: readonly string[] | undefined, value: unknown, path: string): string {
  if (typeof value !== 'string') throw new BodyUnfit(path, 'is not a string');
  if (values !== undefined && !values.includes(value)) throw new BodyUnfit(path, `is not one of ${values.join(', ')}`);
  return value;
}

function long(value: unknown, path: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || Math.abs(value) > LONG_MAX)
    throw new BodyUnfit(path, 'is not an integer of at most 52 bits');
  return value;
}

function members(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new BodyUnfit(path, 'is not an object');
  return value as Readonly<Record<string, unknown>>;
}
