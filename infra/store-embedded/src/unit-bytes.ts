import { createHash } from 'node:crypto';
import type { OutgoingRecord, Unit } from '@throughline/kernel/ports';

/**
 * Names a unit by all that it says; its messages are given packed, which says as much. Two units with one name change the same things in the same way, so a commit
 * whose answer was lost can be asked for again. Hex of SHA-256.
 */
export function unitIdOf(unit: Omit<Unit, 'messages'>, messages: Uint8Array): string {
  const hash = createHash('sha256');
  const bodies: Uint8Array[] = [];
  /** Stands for the bytes in the outline; with its length there, the bodies in a row cannot be cut in another way. */
  const place = (body: Uint8Array | null): number | null => {
    if (body === null) return null;
    bodies.push(body);
    return body.length;
  };
  const outline = [
    [unit.processor, unit.partition, unit.epoch, unit.fromCursor, unit.state],
    unit.documents.map(({ kind, id, body, lists }) => [kind, id, place(body), lists]),
    unit.timers.map(({ id, dueMs, body, key }) => [id, dueMs, place(body), key]),
    place(messages),
  ];
  hash.update(JSON.stringify(outline));
  for (const body of bodies) hash.update(body);
  return hash.digest('hex');
}

type Outline = readonly (readonly [
  topic: string,
  key: string,
  headers: Readonly<Record<string, string>>,
  length: number,
])[];

const LENGTH_BYTES = 4;

/** The messages of a unit as one value: the length of the outline, the outline as JSON, the values one after the other. */
export function packMessages(messages: readonly OutgoingRecord[]): Uint8Array {
  const outline: Outline = messages.map(({ topic, key, headers, value }) => [topic, key, headers, value.length]);
  const head = Buffer.from(JSON.stringify(outline));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(head.length);
  return Buffer.concat([length, head, ...messages.map((message) => message.value)]);
}

/** The reverse of `packMessages`, for bytes that have passed their checksum. */
export function unpackMessages(bytes: Uint8Array): readonly OutgoingRecord[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headEnd = LENGTH_BYTES + buffer.readUInt32BE(0);
  const outline: Outline = JSON.parse(buffer.toString('utf8', LENGTH_BYTES, headEnd));
  let at = headEnd;
  return outline.map(([topic, key, headers, length]) => {
    const value = buffer.subarray(at, at + length);
    at += length;
    return { topic, key, headers, value };
  });
}
