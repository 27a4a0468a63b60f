import { type Message, Undecodable } from '@throughline/kernel/envelope';

/** The envelope of a message without topic, key and body, which are the record's own. */
export type Attributes = Omit<Message, 'topic' | 'key' | 'body'>;

/** CloudEvents 1.0, Kafka protocol binding, binary mode: every attribute is a header `ce_…`. */
export function headersOf(message: Attributes): Readonly<Record<string, string>> {
  return {
    ce_specversion: '1.0',
    ce_id: message.id,
    ce_type: message.type,
    ce_source: message.source,
    ce_subject: message.subject,
    ce_time: timeText(message.timeMs),
    ...(message.sequence === undefined ? {} : { ce_sequence: String(message.sequence) }),
    traceparent: message.traceparent,
    'content-type': CONTENT_TYPE,
  };
}

/** Reads the headers back. Throws `Undecodable`, naming the header that is missing or makes no sense. */
export function attributesOf(headers: Readonly<Record<string, string>>): Attributes {
  if (headers.ce_specversion !== '1.0') throw new Undecodable('ce_specversion is not 1.0');
  if (headers['content-type'] !== CONTENT_TYPE) throw new Undecodable(`content-type is not ${CONTENT_TYPE}`);
  return {
    id: header(headers, 'ce_id'),
    type: header(headers, 'ce_type'),
    source: header(headers, 'ce_source'),
    subject: header(headers, 'ce_subject'),
    timeMs: timeOf(header(headers, 'ce_time')),
    ...(headers.ce_sequence === undefined ? {} : { sequence: sequenceOf(headers.ce_sequence) }),
    traceparent: headers.traceparent ?? '',
  };
}

const CONTENT_TYPE = 'application/avro';
/** The last millisecond that RFC 3339 can write: the end of the year 9999. */
const TIME_MS_MAX = 253_402_300_799_999;

function header(headers: Readonly<Record<string, string>>, name: string): string {
  const value = headers[name];
  if (value === undefined || value === '') throw new Undecodable(`${name} is missing`);
  return value;
}

function timeText(timeMs: number): string {
  if (!Number.isInteger(timeMs) || timeMs < 0 || timeMs > TIME_MS_MAX)
    throw new RangeError('timeMs is not a time in milliseconds since 1970.');
  return new Date(timeMs).toISOString();
}

function timeOf(text: string): number {
  const timeMs = Date.parse(text);
  if (timeMs > TIME_MS_MAX) throw new Undecodable('ce_time is beyond the year 9999');
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) || Number.isNaN(timeMs))
    throw new Undecodable('ce_time is not a time of RFC 3339');
  return timeMs;
}

function sequenceOf(text: string): number {
  const sequence = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(sequence)) throw new Undecodable('ce_sequence is not a number');
  return sequence;
}
