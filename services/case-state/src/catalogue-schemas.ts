import { loadSchemas } from '@throughline/schemas/load';
import type { Field, RecordShape, Shape } from '@throughline/schemas/shape';
import { CASE_EVENTS } from '@throughline/schemas/topics';
import { z } from 'zod';

/** The records of `case.events.v1` as the operators' API tells of them: its schemas follow from the catalogue. */
const catalogue = loadSchemas();

export const eventRecords: readonly RecordShape[] = [...(catalogue.topics.get(CASE_EVENTS)?.values() ?? [])].map(
  ({ shape }) => shape,
);

/** A shared record whole. Throws where the catalogue has none of that name. */
export function recordSchema(name: string): z.ZodObject {
  const former = records.get(name);
  if (former !== undefined) return former;
  const { doc, fields } = sharedRecord(name);
  const schema = z.object(membersOf(fields)).meta({ id: name, description: doc });
  records.set(name, schema);
  return schema;
}

export function sharedRecord(name: string): RecordShape {
  const record = catalogue.shared.get(name);
  if (record === undefined) throw new Error(`schemas/avro/shared has no ${name}.`);
  return record;
}

/** Members of JSON for the fields of a record. */
export const membersOf = (fields: readonly Field[]): Record<string, z.ZodType> =>
  Object.fromEntries(fields.map(({ name, doc, shape }) => [name, schemaOf(shape).meta({ description: doc })]));

/** Each record once, so that the document has it once. */
const records = new Map<string, z.ZodObject>();

function schemaOf(shape: Shape): z.ZodType {
  switch (shape.kind) {
    case 'string':
      return shape.values === undefined ? z.string() : z.enum(shape.values);
    case 'protected':
      return z.string();
    case 'long':
      return z.int();
    case 'double':
      return z.number();
    case 'boolean':
      return z.boolean();
    case 'optional':
      return schemaOf(shape.of).nullable();
    case 'array':
      return z.array(schemaOf(shape.of));
    case 'map':
      return z.record(z.string(), schemaOf(shape.of));
    case 'record':
      return recordSchema(shape.name);
  }
}
