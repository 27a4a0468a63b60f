import type { Codec, Message } from '@throughline/kernel/envelope';
import type { LogRecord } from '@throughline/kernel/ports';
import type { SchemaIds } from '@throughline/schemas/registry';

const SCHEMA_ID_AT = 1;

/**
 * A codec that decodes each record once for all processes of a history, since many read the same one. It is theirs to read and
 * nobody's to change, so it is frozen. Whoever does not know its schema yet has to fetch it all the same.
 */
export function decodingOnce(
  codec: Codec,
  ids: Pick<SchemaIds, 'schemaOf'>,
  decoded: WeakMap<LogRecord, Message>,
): Codec {
  const knows = ({ value }: LogRecord): boolean =>
    ids.schemaOf(Buffer.from(value.buffer, value.byteOffset, value.byteLength).readUInt32BE(SCHEMA_ID_AT)) !==
    undefined;
  const former = (record: LogRecord): Message | undefined => {
    const message = decoded.get(record);
    return message !== undefined && knows(record) ? message : undefined;
  };
  return {
    ...codec,
    prepare: (records) => codec.prepare(records.filter((record) => former(record) === undefined)),
    decode(record) {
      const known = former(record);
      if (known !== undefined) return known;
      const message = frozen(codec.decode(record));
      decoded.set(record, message);
      return message;
    },
  };
}

function frozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  for (const each of Object.values(value)) frozen(each);
  return Object.freeze(value);
}
