import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Blobs } from '@throughline/kernel/ports';
import { BlobCorrupt, SHA256_HEX, sha256 } from './content.ts';

/**
 * Blobs as files, readable by their owner only: `content/ab/abcd…` by hash, `named/<name>.value`. A file appears under
 * its name only once it is whole and on the disk; what a crash leaves behind ends in `.tmp` and is never read.
 * `put` and `putNamed` reject with the file system's own error where the disk fails.
 */
export function createFileBlobs({ directory }: { readonly directory: string }): Blobs {
  let written = 0;
  const contentPath = (hash: string): string => join(directory, 'content', hash.slice(0, 2), hash);
  const namedPath = (name: string): string => join(directory, 'named', `${encodeURIComponent(name)}.value`);

  /** Whole or not at all: written beside, flushed, renamed, and the rename flushed. */
  async function write(path: string, bytes: Uint8Array): Promise<void> {
    await makeDirectory(dirname(path));
    written += 1;
    const beside = `${path}.${process.pid}-${written}.tmp`;
    const file = await open(beside, 'w', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
    await syncDirectory(dirname(path));
  }

  return {
    put: async (bytes) => {
      const hash = sha256(bytes);
      const path = contentPath(hash);
      const present = await readIfThere(path);
      // A damaged file is replaced. A whole one may be there without its rename being on the disk yet.
      if (present !== undefined && sha256(present) === hash) await syncDirectory(dirname(path));
      else await write(path, bytes);
      return hash;
    },
    get: async (hash) => {
      if (!SHA256_HEX.test(hash)) return undefined;
      const bytes = await readIfThere(contentPath(hash));
      if (bytes !== undefined && sha256(bytes) !== hash) throw new BlobCorrupt(hash, 'the data directory');
      return bytes;
    },
    putNamed: (name, bytes) => write(namedPath(name), bytes),
    getNamed: (name) => readIfThere(namedPath(name)),
  };
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Makes the directory and whatever is missing above it, so that all of them survive a power failure. */
async function makeDirectory(path: string): Promise<void> {
  const highest = await mkdir(path, { recursive: true, mode: 0o700 });
  if (highest === undefined) return;
  for (let made = path; made.length >= highest.length; made = dirname(made)) await syncDirectory(dirname(made));
}

async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
