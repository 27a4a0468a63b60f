import { type Codec, type Message, Undecodable } from './envelope.ts';
import type { LogRecord } from './ports.ts';

/** A record with its message, or with the reason why it cannot be read. */
export type Decoded = { readonly record: LogRecord; readonly message: Message | undefined; readonly reason: string };

/** Rejects on an outage of schemas or keys; what cannot be read for good is said record by record. */
export async function decodeAll(codec: Codec, records: readonly LogRecord[]): Promise<readonly Decoded[]> {
  await codec.prepare(records);
  return records.map((record) => {
    try {
      return { record, message: codec.decode(record), reason: '' };
    } catch (error) {
      const reason = error instanceof Undecodable ? error.reason : 'it cannot be read';
      return { record, message: undefined, reason };
    }
  });
}

/** What an observer is told of a record: those attributes that it has. Without a sequence nothing counts as a repeat. */
export const observed = ({ topic, key, headers }: LogRecord): Message => ({
  topic,
  key,
  id: headers.ce_id ?? '',
  type: headers.ce_type ?? '',
  source: headers.ce_source ?? '',
  subject: headers.ce_subject ?? key,
  timeMs: Date.parse(headers.ce_time ?? '') || 0,
  traceparent: headers.traceparent ?? '',
  body: undefined,
});
