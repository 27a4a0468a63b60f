import type { SchemaJson, Schemas } from '@throughline/schemas/load';
import { NAMESPACE } from '@throughline/schemas/shape';

/** One record of the contract and where its schema belongs in a registry. */
export interface Registered {
  readonly topic: string;
  readonly record: string;
  /** As the strategy TopicRecordName has it: a topic carries many records, and each evolves by itself. */
  readonly subject: string;
  readonly schema: SchemaJson;
}

/** All records of the contract, in its order. */
export const subjectsOf = (schemas: Schemas): readonly Registered[] =>
  [...schemas.topics].flatMap(([topic, records]) =>
    [...records].map(([record, { schema }]) => ({
      topic,
      record,
      subject: `${topic}-${NAMESPACE}.${record}`,
      schema,
    })),
  );
