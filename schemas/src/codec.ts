import { type Codec, ERASED, type Message, Undecodable } from '@throughline/kernel/envelope';
import type { Keyring, LogRecord, OutgoingRecord } from '@throughline/kernel/ports';
import { BodyUnfit, stringAt, walkRecord } from './body.ts';
import { attributesOf, headersOf } from './headers.ts';
import type { Schemas, TopicRecord } from './load.ts';
import type { SchemaIds } from './registry.ts';
import type { RecordShape } from './shape.ts';
import { createWire } from './wire.ts';

export interface CodecOptions {
  readonly keyring: Pick<Keyring, 'seal' | 'open' | 'keyIdOf' | 'fetch'>;
  readonly schemas: Schemas;
  readonly ids: SchemaIds;
}

/**
 * Messages as CloudEvents in Kafka's binary mode around Confluent's wire format, each protected field sealed by itself under the
 * record's key, bound to the place that it stands in. A field that is `ERASED` already is written as no bytes at all.
 *
 * `encode` throws `BodyUnfit` (naming the path, never the value) where a body is not what its schema says. `decode` throws
 * `Undecodable`; what the keyring throws for lack of a key goes through, because that is an outage and not a broken record.
 */
export function createCodec({ keyring, schemas, ids }: CodecOptions): Codec {
  const wire = createWire(ids);
  const shared = schemas.shared;
  /** Records are asked for their keys and then decoded: the bytes are read once. */
  const parsed = new WeakMap<LogRecord, Parsed>();

  const parse = (record: LogRecord): Parsed => {
    const former = parsed.get(record);
    if (former !== undefined) return former;
    const attributes = attributesOf(record.headers);
    const ours = schemas.topics.get(record.topic)?.get(attributes.type);
    if (ours === undefined) throw new Undecodable(`${record.topic} has no record of this ce_type`);
    const body = wire.read(ours, record.value);
    const result = { attributes, record: ours.shape, body, keyId: keyIdOf(ours.shape, body) };
    parsed.set(record, result);
    return result;
  };

  /** Only for records of ours: what anybody else has written is no reason to ask for its schema. */
  const unknownSchemaOf = ({ topic, headers, value }: LogRecord): readonly number[] => {
    const id = schemas.topics.get(topic)?.has(headers.ce_type ?? '') ? wire.schemaIdIn(value) : undefined;
    return id === undefined || ids.schemaOf(id) !== undefined ? [] : [id];
  };

  const keyIdsToDecode = (record: LogRecord): readonly string[] => {
    let sealed = false;
    const protectedField = (value: unknown, path: string): unknown => {
      sealed ||= sealedBytes(value, path).length > 0;
      return null;
    };
    try {
      const { record: shape, body, keyId } = parse(record);
      walkRecord({ shared, protectedField }, shape, body, '');
      return sealed && keyId !== undefined ? [keyId] : [];
    } catch {
      return [];
    }
  };

  return {
    keyIdsToEncode(message) {
      const { shape } = ourRecord(schemas, message);
      const keyId = keyIdOf(shape, message.body);
      if (keyId === undefined) return [];
      let seals = false;
      const protectedField = (value: unknown, path: string): unknown => {
        seals ||= plainText(value, path) !== ERASED;
        return null;
      };
      walkRecord({ shared, protectedField }, shape, message.body, '');
      return seals ? [keyId] : [];
    },

    encode(message): OutgoingRecord {
      const record = ourRecord(schemas, message);
      const keyId = keyIdOf(record.shape, message.body);
      const protectedField = (value: unknown, path: string): Uint8Array => {
        const plain = plainText(value, path);
        if (plain === ERASED) return NO_BYTES;
        if (keyId === undefined) throw new BodyUnfit(record.shape.sealedBy?.path ?? path, 'names no key');
        return Buffer.from(keyring.seal(keyId, Buffer.from(plain, 'utf8'), contextOf(message, path)));
      };
      const body = walkRecord({ shared, protectedField }, record.shape, message.body, '');
      return {
        topic: message.topic,
        key: message.key,
        headers: headersOf(message),
        value: wire.write(message.topic, record, body),
      };
    },

    async prepare(records) {
      const unknown = records.flatMap(unknownSchemaOf);
      if (unknown.length > 0) await ids.fetch([...new Set(unknown)]);
      const keyIds = records.flatMap(keyIdsToDecode);
      if (keyIds.length > 0) await keyring.fetch([...new Set(keyIds)]);
    },

    decode(record): Message {
      const { attributes, record: shape, body, keyId } = parse(record);
      const protectedField = (value: unknown, path: string): string => {
        const bytes = sealedBytes(value, path);
        if (bytes.length === 0) return ERASED;
        return openField(keyring, bytes, keyId, contextOf(attributes, path), path);
      };
      const plain = readable(() => walkRecord({ shared, protectedField }, shape, body, ''));
      return { ...attributes, topic: record.topic, key: record.key, body: plain };
    },
  };
}

interface Parsed {
  readonly attributes: ReturnType<typeof attributesOf>;
  readonly record: RecordShape;
  /** As Avro has it: protected fields are still sealed. */
  readonly body: unknown;
  readonly keyId: string | undefined;
}

const NO_BYTES = Buffer.alloc(0);

/** Binds sealed bytes to their place: moved to another message or field they do not open. */
const contextOf = (of: Pick<Message, 'type' | 'id'>, path: string): string => `${of.type}/${of.id}/${path}`;

function ourRecord(schemas: Schemas, message: Message): TopicRecord {
  const record = schemas.topics.get(message.topic)?.get(message.type);
  if (record === undefined)
    throw new BodyUnfit(`${message.topic}/${message.type}`, 'is not in the contract: add its .avsc file');
  return record;
}

function keyIdOf(record: RecordShape, body: unknown): string | undefined {
  if (record.sealedBy === undefined) return undefined;
  const owner = stringAt(body, record.sealedBy.path);
  return owner === undefined || owner === '' ? undefined : `${record.sealedBy.scope}:${owner}`;
}

function plainText(value: unknown, path: string): string {
  if (typeof value !== 'string') throw new BodyUnfit(path, 'is not a string');
  return value;
}

function sealedBytes(value: unknown, path: string): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new BodyUnfit(path, 'is not sealed');
  return value;
}

/** The record's own key and no other: otherwise a flipped bit in a key id would read as an erased field. */
function openField(
  keyring: CodecOptions['keyring'],
  bytes: Uint8Array,
  keyId: string | undefined,
  context: string,
  path: string,
): string {
  let named: string;
  try {
    named = keyring.keyIdOf(bytes);
  } catch {
    throw new Undecodable(`${path} is not sealed as the keyring seals`);
  }
  if (named !== keyId) throw new Undecodable(`${path} is sealed under another key than the record's`);
  let plain: Uint8Array | undefined;
  try {
    plain = keyring.open(bytes, context);
  } catch (error) {
    if (codeOf(error) === KEY_MISSING) throw error;
    throw new Undecodable(`the seal of ${path} is broken`);
  }
  return plain === undefined ? ERASED : Buffer.from(plain).toString('utf8');
}

/** The keyring's code for a key that was not fetched: the caller's defect or an outage. */
const KEY_MISSING = 'key-missing';

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

/** A body that does not fit is a defect of the caller when writing, and a broken record when reading. */
function readable<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof BodyUnfit) throw new Undecodable(error.message);
    throw error;
  }
}
