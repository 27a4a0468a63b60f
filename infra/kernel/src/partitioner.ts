const MULTIPLIER = 0x5bd1e995;
const SEED = 0x9747b28c;
const encoder = new TextEncoder();

/**
 * The partition of a key: Kafka's default partitioner (murmur2 of the UTF-8 bytes, sign bit cleared, modulo), so a
 * key has the same partition on the embedded log as on Kafka.
 */
export function partitionOf(key: string, partitions: number): number {
  return (murmur2(encoder.encode(key)) & 0x7fffffff) % partitions;
}

/** Kafka's 32-bit murmur2 (org.apache.kafka.common.utils.Utils), a signed number. */
export function murmur2(data: Uint8Array): number {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const whole = data.length & ~3;
  let hash = SEED ^ data.length;
  for (let at = 0; at < whole; at += 4) {
    const word = Math.imul(view.getInt32(at, true), MULTIPLIER);
    hash = Math.imul(hash, MULTIPLIER) ^ Math.imul(word ^ (word >>> 24), MULTIPLIER);
  }
  if (whole < data.length) {
    for (let at = data.length - 1; at >= whole; at -= 1) hash ^= view.getUint8(at) << ((at - whole) * 8);
    hash = Math.imul(hash, MULTIPLIER);
  }
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER);
  return hash ^ (hash >>> 15);
}
