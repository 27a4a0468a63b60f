import { createHash } from 'node:crypto';

/** Stored content is no longer what its name says. */
export class BlobCorrupt extends Error {
  readonly code = 'blob-corrupt';
  readonly hash: string;
  /** `place`: what a copy is to be put back of. */
  constructor(hash: string, place: 'the data directory' | 'the database') {
    super(`Blob ${hash} does not match its hash: put back a copy of ${place} from a backup.`);
    this.name = 'BlobCorrupt';
    this.hash = hash;
  }
}

export const SHA256_HEX = /^[0-9a-f]{64}$/;

/** In hex: the name of content. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
