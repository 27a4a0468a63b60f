import type { SchemaJson } from './load.ts';
import { isObject } from './shape.ts';

/** Walks Avro bytes as their writer's schema says. Throws `OutOfBounds` where they do not hold what it says. */
export type BoundsCheck = (bytes: Uint8Array) => void;

export class OutOfBounds extends Error {
  readonly code = 'out-of-bounds';
}

/**
 * avsc believes the counts that it reads: a broken one makes it fill memory, or step back for ever. So every value is walked
 * with its bounds checked before avsc sees it. Throws on a schema that is not Avro.
 */
export function boundsCheck(schema: SchemaJson): BoundsCheck {
  const walk = walkOf(schema, new Map(), '');
  return (bytes) => {
    const cursor = new Cursor(bytes);
    walk(cursor);
    if (cursor.left() > 0) throw new OutOfBounds('there are bytes behind the record');
  };
}

type Walk = (cursor: Cursor) => void;

const LONG_BYTES_MAX = 10;

class Cursor {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  at(): number {
    return this.#at;
  }

  left(): number {
    return this.#bytes.length - this.#at;
  }

  skip(count: number): void {
    if (count < 0 || count > this.left()) throw new OutOfBounds('a length leads outside of the record');
    this.#at += count;
  }

  /** A zigzag number; inexact beyond 2^53, where only its size matters. */
  long(): number {
    let value = 0;
    for (let index = 0; index < LONG_BYTES_MAX; index += 1) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) break;
      this.#at += 1;
      value += (byte & 0x7f) * 2 ** (7 * index);
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
    throw new OutOfBounds('a number has no end');
  }
}

const skip =
  (count: number): Walk =>
  (cursor) =>
    cursor.skip(count);

const long: Walk = (cursor) => {
  cursor.long();
};

const sized: Walk = (cursor) => cursor.skip(cursor.long());

const PRIMITIVES: Readonly<Record<string, Walk>> = {
  null: skip(0),
  boolean: skip(1),
  int: long,
  long,
  float: skip(4),
  double: skip(8),
  bytes: sized,
  string: sized,
};

function walkOf(schema: unknown, named: Map<string, Walk>, namespace: string): Walk {
  if (Array.isArray(schema)) return unionWalk(schema.map((branch: unknown) => walkOf(branch, named, namespace)));
  if (typeof schema === 'string') return PRIMITIVES[schema] ?? reference(fullName(schema, namespace), named);
  if (!isObject(schema)) throw new Error('A schema is neither a name nor an object.');
  switch (schema.type) {
    case 'array':
      return blocksWalk(walkOf(schema.items, named, namespace));
    case 'map': {
      const value = walkOf(schema.values, named, namespace);
      return blocksWalk((cursor) => {
        sized(cursor);
        value(cursor);
      });
    }
    case 'record':
    case 'enum':
    case 'fixed':
      return namedWalk(schema, named, namespace);
    default:
      return walkOf(schema.type, named, namespace);
  }
}

function namedWalk(schema: Readonly<Record<string, unknown>>, named: Map<string, Walk>, outer: string): Walk {
  const namespace = typeof schema.namespace === 'string' ? schema.namespace : outer;
  const name = fullName(String(schema.name), namespace);
  const inside = name.slice(0, Math.max(0, name.lastIndexOf('.')));
  const fields: readonly unknown[] = Array.isArray(schema.fields) ? schema.fields : [];
  const steps: Walk[] = [];
  const walk: Walk = (cursor) => {
    for (const step of steps) step(cursor);
  };
  named.set(name, walk);
  if (schema.type === 'enum') steps.push(long);
  else if (schema.type === 'fixed') steps.push(skip(Number(schema.size)));
  else steps.push(...fields.map((field) => walkOf(isObject(field) ? field.type : undefined, named, inside)));
  return walk;
}

const fullName = (name: string, namespace: string): string =>
  name.includes('.') || namespace === '' ? name : `${namespace}.${name}`;

function reference(name: string, named: ReadonlyMap<string, Walk>): Walk {
  const walk = named.get(name);
  if (walk === undefined) throw new Error(`A schema names ${name} before it says what that is.`);
  return walk;
}

function unionWalk(branches: readonly Walk[]): Walk {
  return (cursor) => {
    const branch = branches[cursor.long()];
    if (branch === undefined) throw new OutOfBounds('a union has no such branch');
    branch(cursor);
  };
}

/** Arrays and maps: blocks of items until an empty one. A negative count is followed by the block's size, which has to be true. */
function blocksWalk(item: Walk): Walk {
  return (cursor) => {
    for (let count = cursor.long(); count !== 0; count = cursor.long()) {
      const size = count < 0 ? cursor.long() : undefined;
      const items = Math.abs(count);
      if (items > cursor.left()) throw new OutOfBounds('a list has more items than the record has bytes');
      const start = cursor.at();
      for (let index = 0; index < items; index += 1) item(cursor);
      if (size !== undefined && cursor.at() - start !== size)
        throw new OutOfBounds('a block is not as long as it says');
    }
  };
}
