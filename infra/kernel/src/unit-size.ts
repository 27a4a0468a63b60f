import type { Unit } from './ports.ts';

/** A unit is committed as one value, and a store may keep it as one document (16 MB at most, with what surrounds it). */
export const UNIT_BYTES_MAX = 8_000_000;

/** For the names of members, lengths and types around each value. */
const AROUND_BYTES = 64;

/** About how many bytes a unit takes in a store; never less than its contents. */
export function unitBytes({ documents, messages, timers }: Pick<Unit, 'documents' | 'messages' | 'timers'>): number {
  let bytes = 0;
  for (const { kind, id, body, lists } of documents) {
    bytes += textBytes(kind) + textBytes(id) + AROUND_BYTES + (body?.length ?? 0);
    for (const { list, sort } of lists) bytes += textBytes(list) + textBytes(sort);
  }
  for (const { topic, key, headers, value } of messages) {
    bytes += textBytes(topic) + textBytes(key) + AROUND_BYTES + value.length;
    for (const name in headers) bytes += textBytes(name) + textBytes(headers[name] ?? '');
  }
  for (const { id, key, body } of timers) bytes += textBytes(id) + textBytes(key) + AROUND_BYTES + body.length;
  return bytes;
}

const textBytes = (text: string): number => AROUND_BYTES + Buffer.byteLength(text);
