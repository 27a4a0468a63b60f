import { Undecodable } from '@throughline/kernel/envelope';
import avro from 'avsc';
import { type BoundsCheck, boundsCheck } from './bounds.ts';
import type { SchemaJson, TopicRecord } from './load.ts';
import type { SchemaIds } from './registry.ts';

/** Confluent's wire format: a zero byte, the schema id in four bytes (big-endian), the Avro body. */
export interface Wire {
  /** `body` was checked before; protected fields are bytes. */
  write(topic: string, record: TopicRecord, body: unknown): Uint8Array;
  /** The id of the schema that a value names; undefined where it is not in this format. */
  schemaIdIn(value: Uint8Array): number | undefined;
  /** Reads with the writer's schema and returns the body as our schema has it. Throws `Undecodable`. */
  read(record: TopicRecord, value: Uint8Array): unknown;
}

export function createWire(ids: SchemaIds): Wire {
  const readerFor = (id: number, record: TopicRecord): Reader => {
    const schema = ids.schemaOf(id);
    if (schema === undefined) throw new Undecodable(`there is no schema ${id}`);
    const ours = kept(readers, asKey(record.schema), () => new Map<SchemaJson, Reader>());
    return kept(ours, schema, () => readerOf(id, schema, record));
  };

  return {
    write(topic, record, body) {
      const bytes = typeOf(record.schema).toBuffer(body);
      const value = Buffer.alloc(PREFIX_BYTES + bytes.length);
      value.writeUInt32BE(ids.idOf(topic, record.shape.name), 1);
      bytes.copy(value, PREFIX_BYTES);
      return value;
    },
    schemaIdIn,
    read(record, value) {
      const id = schemaIdIn(value);
      if (id === undefined) throw new Undecodable("the value is not in Confluent's wire format");
      const reader = readerFor(id, record);
      const body = viewOf(value).subarray(PREFIX_BYTES);
      try {
        reader.check(body);
        return reader.type.fromBuffer(body, reader.resolver);
      } catch {
        // avsc's messages may quote what it read.
        throw new Undecodable('the bytes are not what their schema says');
      }
    },
  };
}

const PREFIX_BYTES = 5;

/**
 * Types and resolvers are made once per schema of a process, however many codecs it has: making them anew for each record costs
 * hundreds of times as much. Readers are by our schema, then by the writer's.
 */
const types = new WeakMap<WeakKey, avro.Type>();
const readers = new WeakMap<WeakKey, Map<SchemaJson, Reader>>();

const typeOf = (schema: SchemaJson): avro.Type =>
  kept(types, asKey(schema), () => avro.Type.forSchema(schema as avro.Schema));

/** The schema of a record is an object. */
const asKey = (schema: SchemaJson): WeakKey => schema as WeakKey;

const viewOf = (value: Uint8Array): Buffer => Buffer.from(value.buffer, value.byteOffset, value.byteLength);

const schemaIdIn = (value: Uint8Array): number | undefined =>
  value.length < PREFIX_BYTES || value[0] !== 0 ? undefined : viewOf(value).readUInt32BE(1);

interface Reader {
  readonly check: BoundsCheck;
  readonly type: avro.Type;
  readonly resolver: ReturnType<avro.Type['createResolver']> | undefined;
}

function readerOf(id: number, schema: SchemaJson, record: TopicRecord): Reader {
  try {
    const writer = typeOf(schema);
    const ours = typeOf(record.schema);
    return {
      check: boundsCheck(schema),
      type: ours,
      resolver: writer === ours ? undefined : ours.createResolver(writer),
    };
  } catch {
    throw new Undecodable(`schema ${id} cannot be read as the record that its ce_type names`);
  }
}

interface Keeps<Key, Value> {
  get(key: Key): Value | undefined;
  set(key: Key, value: Value): unknown;
}

function kept<Key, Value>(map: Keeps<Key, Value>, key: Key, make: () => Value): Value {
  const former = map.get(key);
  if (former !== undefined) return former;
  const value = make();
  map.set(key, value);
  return value;
}
