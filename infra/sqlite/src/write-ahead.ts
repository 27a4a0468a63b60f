/**
 * Whether more was committed to a write-ahead file than SQLite will take from it. SQLite stops at the first frame that is broken,
 * as if the power had gone there. Every commit is flushed before the next one begins, so a power cut breaks the last commit and
 * no other: a broken frame with two commits at or behind it was whole once, and so is a broken head in front of two.
 * The format is that of https://sqlite.org/fileformat2.html, section 4.
 */
export function losesCommits(bytes: Buffer): boolean {
  if (bytes.length < HEAD_BYTES) return false;
  const head = bytes.subarray(0, HEAD_BYTES);
  const sum = checksum(head.subarray(0, 24), [0, 0], isBigEndian(head));
  const isHeadWhole = (head.readUInt32BE(0) & ~1) === MAGIC && isSum(sum, head, 24);
  const pageBytes = head.readUInt32BE(8);
  if (isHeadWhole) return commitsFrom(bytes, wholeFrames(bytes, pageBytes, sum), pageBytes, 16) > 1;
  // Nothing that the head says can be believed, so the first frame says which generation it is of.
  return PAGE_SIZES.some((size) => commitsFrom(bytes, 0, size, HEAD_BYTES + 8) > 1);
}

type Sum = readonly [number, number];

const HEAD_BYTES = 32;
const FRAME_HEAD_BYTES = 24;
const SALTS_BYTES = 8;
/** Its last bit: the checksums are over big-endian words. */
const MAGIC = 0x377f0682;
const PAGE_SIZES = [512, 1024, 2048, 4096, 8192, 16384, 32768, 65536];

const isBigEndian = (head: Buffer): boolean => (head.readUInt32BE(0) & 1) === 1;

const isSum = ([first, second]: Sum, bytes: Buffer, at: number): boolean =>
  bytes.readUInt32BE(at) === first && bytes.readUInt32BE(at + 4) === second;

const saltsIn = (bytes: Buffer, at: number): Buffer => bytes.subarray(at, at + SALTS_BYTES);

/** How many frames are whole, from the first one on. */
function wholeFrames(bytes: Buffer, pageBytes: number, headSum: Sum): number {
  const salts = saltsIn(bytes, 16);
  let sum = headSum;
  for (let frame = 0; ; frame += 1) {
    const at = HEAD_BYTES + frame * (FRAME_HEAD_BYTES + pageBytes);
    const end = at + FRAME_HEAD_BYTES + pageBytes;
    if (end > bytes.length || !saltsIn(bytes, at + 8).equals(salts)) return frame;
    sum = checksum(bytes.subarray(at, at + 8), sum, isBigEndian(bytes));
    sum = checksum(bytes.subarray(at + FRAME_HEAD_BYTES, end), sum, isBigEndian(bytes));
    if (!isSum(sum, bytes, at + 16)) return frame;
  }
}

/** Commits among the frames from this one on, of the generation whose salts stand there: a file is written over and over. */
function commitsFrom(bytes: Buffer, from: number, pageBytes: number, saltsAt: number): number {
  const frameBytes = FRAME_HEAD_BYTES + pageBytes;
  let commits = 0;
  const salts = saltsIn(bytes, saltsAt);
  for (let at = HEAD_BYTES + from * frameBytes; at + frameBytes <= bytes.length; at += frameBytes) {
    const isCommit = bytes.readUInt32BE(at) !== 0 && bytes.readUInt32BE(at + 4) !== 0;
    if (isCommit && isOneOf(saltsIn(bytes, at + 8), salts)) commits += 1;
  }
  return commits;
}

/** Two salts name a generation, and of another one both differ: where one is the same the other is broken. */
const isOneOf = (salts: Buffer, generation: Buffer): boolean =>
  salts.readUInt32BE(0) === generation.readUInt32BE(0) || salts.readUInt32BE(4) === generation.readUInt32BE(4);

/** SQLite's own: Fibonacci-like sums over pairs of 32-bit words. */
function checksum(bytes: Buffer, [first, second]: Sum, bigEndian: boolean): Sum {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let [one, other] = [first, second];
  for (let at = 0; at < bytes.length; at += 8) {
    one = (one + view.getUint32(at, !bigEndian) + other) >>> 0;
    other = (other + view.getUint32(at + 4, !bigEndian) + one) >>> 0;
  }
  return [one, other];
}
