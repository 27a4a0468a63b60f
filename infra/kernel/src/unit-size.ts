import type { Unit } from './ports.ts';

/** A unit is committed as one value, and a store may keep it as one document (16 MB at most, with what surrounds it). */
export const UNIT_BYTES_MAX = 8_000_000;

/** For the names of members, lengths and types around each value. */
const AROUND_BYTES = 64;

/** About how many bytes a unit takes in a store; never less than its contents. */
export function unitBytes({ documents, messages, timers }: Pick<Unit, 'documents' | 'messages' | 'timers'>): number {
  let bytes = 0;
  const add = (...contents: readonly (string | Uint8Array | null)[]): void => {
    for (const content of contents) {
      bytes += AROUND_BYTES + (typeof content === 'string' ? Buffer.byteLength(content) : (content?.length ?? 0));
    }
  };
  for (const { kind, id, body, lists } of documents) {
    add(kind, id, body);
    for (const { list, sort } of lists) add(list, sort);
  }
  for (const { topic, key, headers, value } of messages) {
    add(topic, key, value);
    for (const [name, header] of Object.entries(headers)) add(name, header);
  }
  for (const { id, key, body } of timers) add(id, key, body);
  return bytes;
}
