import type { Message } from '@throughline/kernel/envelope';
import fc from 'fast-check';
import { LONG_MAX } from '../body.ts';
import type { Schemas } from '../load.ts';
import type { RecordShape, Shape } from '../shape.ts';

/** Any message that the contract allows. Protected fields are drawn from `secret`. */
export function anyMessage(schemas: Schemas, secret: fc.Arbitrary<string>): fc.Arbitrary<Message> {
  const records = [...schemas.topics].flatMap(([topic, ofTopic]) =>
    [...ofTopic.values()].map(({ shape }) => ({ topic, shape })),
  );
  return fc.constantFrom(...records).chain(({ topic, shape }) => messageOf(schemas, topic, shape, secret));
}

/** Any message of one record. */
export function messageOf(
  schemas: Schemas,
  topic: string,
  record: RecordShape,
  secret: fc.Arbitrary<string>,
): fc.Arbitrary<Message> {
  const envelope = {
    topic: fc.constant(topic),
    key: word,
    id: word,
    type: fc.constant(record.name),
    source: word,
    subject: word,
    timeMs: fc.integer({ min: 0, max: 253_402_300_799_999 }),
    traceparent: fc.constant('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'),
    body: bodyOf(schemas, record, secret),
  };
  return fc.oneof(fc.record(envelope), fc.record({ ...envelope, sequence: fc.nat() }));
}

const word = fc.string({ minLength: 1, maxLength: 12 });
const text = fc.string({ unit: 'grapheme', maxLength: 30 });
const LIST_MAX = 3;

function bodyOf(
  schemas: Schemas,
  record: RecordShape | undefined,
  secret: fc.Arbitrary<string>,
): fc.Arbitrary<Record<string, unknown>> {
  const owner = record?.sealedBy?.path;
  return fc.record(
    Object.fromEntries(
      (record?.fields ?? []).map((field) => [
        field.name,
        field.name === owner ? word : anyOf(schemas, field.shape, secret),
      ]),
    ),
    { noNullPrototype: true },
  );
}

function anyOf(schemas: Schemas, shape: Shape, secret: fc.Arbitrary<string>): fc.Arbitrary<unknown> {
  switch (shape.kind) {
    case 'string':
      return shape.values === undefined ? text : fc.constantFrom(...shape.values);
    case 'protected':
      return secret;
    case 'long':
      return fc.integer({ min: -LONG_MAX, max: LONG_MAX });
    case 'double':
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case 'boolean':
      return fc.boolean();
    case 'optional':
      return fc.option(anyOf(schemas, shape.of, secret));
    case 'array':
      return fc.array(anyOf(schemas, shape.of, secret), { maxLength: LIST_MAX });
    case 'map':
      return fc.dictionary(word, anyOf(schemas, shape.of, secret), { maxKeys: LIST_MAX, noNullPrototype: true });
    case 'record':
      return bodyOf(schemas, schemas.shared.get(shape.name), secret);
  }
}
