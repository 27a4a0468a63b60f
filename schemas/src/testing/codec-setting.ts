import type { Codec, Message } from '@throughline/kernel/envelope';
import type { LogRecord } from '@throughline/kernel/ports';
import fc from 'fast-check';
import { createCodec } from '../codec.ts';
import { loadSchemas } from '../load.ts';
import { embeddedSchemaIds, type KnownSchema } from '../registry.ts';
import { isObject } from '../shape.ts';
import { messageOf } from './arbitrary.ts';
import { memoryKeyring } from './memory-keyring.ts';

export const MARKER = 'PLAINTEXT';
/** What protected fields hold: text that can be looked for in bytes. */
export const secret = fc.string({ unit: 'grapheme', maxLength: 30 }).map((rest) => MARKER + rest);
export const schemas = loadSchemas();

/** A codec of the contract as it is; `known` are schemas of former versions. */
export function setUp(known: readonly KnownSchema[] = []) {
  const keyring = memoryKeyring();
  const ids = embeddedSchemaIds({ schemas, known });
  return { keyring, ids, codec: createCodec({ keyring, schemas, ids }) };
}

/** The record as the log gives it back. */
export const logged = (codec: Codec, message: Message): LogRecord => ({
  ...codec.encode(message),
  partition: 0,
  offset: 0,
});

/** One message of the first record that has a protected string right in its body. */
export function withProtectedField(): { message: Message; field: string } {
  for (const [topic, records] of schemas.topics) {
    for (const { shape } of records.values()) {
      const field = shape.fields.find((candidate) => candidate.shape.kind === 'protected');
      if (field === undefined) continue;
      const [message] = fc.sample(messageOf(schemas, topic, shape, secret), { numRuns: 1, seed: 7 });
      if (message !== undefined) return { message, field: field.name };
    }
  }
  throw new Error('No record has a protected field in its body.');
}

export const bodyOf = (message: Message): Record<string, unknown> =>
  isObject(message.body) ? { ...message.body } : {};
