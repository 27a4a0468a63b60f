import { createHash } from 'node:crypto';
import avro from 'avsc';
import type { SchemaJson, Schemas } from './load.ts';

/** Which number stands for which schema in the log: a registry, or what stands in for one. */
export interface SchemaIds {
  /** The id that our schema of this record is written under. Throws `SchemaUnknown` where the contract has no such record. */
  idOf(topic: string, record: string): number;
  /** Has the schemas at hand for `schemaOf`, as far as they exist. Rejects on an outage. */
  fetch(ids: readonly number[]): Promise<void>;
  /** The schema that a writer used; undefined where there is none, or where it was never fetched. */
  schemaOf(id: number): SchemaJson | undefined;
}

export interface KnownSchema {
  readonly id: number;
  readonly schema: SchemaJson;
}

/** Ids without a registry. What `all` lists must be kept, so that later versions can read what this one wrote. */
export interface EmbeddedSchemaIds extends SchemaIds {
  /** Every schema that is known here, ours and former ones, by id. */
  all(): readonly KnownSchema[];
}

export class SchemaUnknown extends Error {
  readonly code = 'schema-unknown';
}

/** Two schemas have one id, or a schema was kept under an id that is not its own. */
export class SchemaIdConflict extends Error {
  readonly code = 'schema-id-conflict';
}

/**
 * Ids computed from the schemas themselves. `known` are those that former versions wrote with, as `all` listed them.
 * Throws `SchemaIdConflict` where the two do not fit: the kept list was damaged, or two schemas share a fingerprint.
 */
export function embeddedSchemaIds(options: { schemas: Schemas; known: readonly KnownSchema[] }): EmbeddedSchemaIds {
  const byId = new Map<number, { readonly schema: SchemaJson; readonly canonical: string }>();
  const add = (schema: SchemaJson): number => {
    const canonical = canonicalForm(schema);
    const id = fingerprint(canonical);
    const former = byId.get(id);
    if (former !== undefined && former.canonical !== canonical) {
      throw new SchemaIdConflict(`Two schemas have the fingerprint ${id}: change a field's name in the newer one.`);
    }
    byId.set(id, { schema, canonical });
    return id;
  };
  for (const { id, schema } of options.known) {
    if (add(schema) !== id)
      throw new SchemaIdConflict(`The schema that was kept as ${id} is another one: restore the kept list of schemas.`);
  }
  const ours = new Map<string, number>();
  for (const [topic, records] of options.schemas.topics) {
    for (const [name, record] of records) ours.set(`${topic}/${name}`, add(record.schema));
  }
  return {
    idOf: (topic, record) => {
      const id = ours.get(`${topic}/${record}`);
      if (id === undefined)
        throw new SchemaUnknown(`${topic} has no record ${record}: add schemas/avro/${topic}/${record}.avsc.`);
      return id;
    },
    fetch: async () => {},
    schemaOf: (id) => byId.get(id)?.schema,
    all: () => [...byId].map(([id, { schema }]) => ({ id, schema })).sort((a, b) => a.id - b.id),
  };
}

/** Avro's Parsing Canonical Form: what decides how bytes are read, without docs, defaults and our own attributes. */
const canonicalForm = (schema: SchemaJson): string =>
  JSON.stringify(avro.Type.forSchema(schema as avro.Schema).schema());

/** 31 bits of SHA-256: positive in the signed four bytes of Confluent's wire format. */
const fingerprint = (canonical: string): number =>
  createHash('sha256').update(canonical).digest().readUInt32BE(0) & 0x7fffffff;
