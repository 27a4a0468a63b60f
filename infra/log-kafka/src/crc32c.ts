/** Bytes that are taken at once, each with a table of its own: no byte's step then waits for that of the byte before. */
const STRIDE = 8;
/** Castagnoli's polynomial, its bits in reverse. */
const POLYNOMIAL = 0x82f63b78;

const TABLES = makeTables();

/** CRC-32C of a part of the bytes, as Kafka asks for it (RFC 3720, appendix B.4); Node has only CRC-32. */
export function crc32c(bytes: Uint8Array, from: number, to: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let crc = -1;
  let at = from;
  for (; at + STRIDE <= to; at += STRIDE) {
    const low = crc ^ view.getInt32(at, true);
    const high = view.getInt32(at + 4, true);
    crc =
      step(7, low & 0xff) ^
      step(6, (low >>> 8) & 0xff) ^
      step(5, (low >>> 16) & 0xff) ^
      step(4, low >>> 24) ^
      step(3, high & 0xff) ^
      step(2, (high >>> 8) & 0xff) ^
      step(1, (high >>> 16) & 0xff) ^
      step(0, high >>> 24);
  }
  for (; at < to; at += 1) crc = step(0, (crc ^ view.getUint8(at)) & 0xff) ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** What a byte does to the checksum that so many bytes are still to follow in the stride. */
function step(following: number, byte: number): number {
  return TABLES[following * 256 + byte] ?? 0;
}

function makeTables(): Int32Array {
  const tables = new Int32Array(STRIDE * 256);
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let following = 0; following < STRIDE; following += 1) {
      for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
      tables[following * 256 + byte] = crc;
    }
  }
  return tables;
}
