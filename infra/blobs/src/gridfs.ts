import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Blobs } from '@throughline/kernel/ports';
import type { MongoConnection } from '@throughline/mongo/connect';
import { mongo } from 'mongoose';
import { BlobCorrupt, SHA256_HEX, sha256 } from './content.ts';

interface NamedRow {
  /** The name. */
  readonly _id: string;
  readonly value: Uint8Array;
}

/**
 * Blobs in MongoDB: content in GridFS, its hash as the file's name; named values as one document each, at most 16 MB,
 * so that they are replaced as a whole. Content that is put at the same moment twice may be there twice, and reads as
 * one. Chunks that a crash left without a file are never read.
 * `put` and `putNamed` resolve once a majority has the bytes, and reject with the driver's error in an outage.
 */
export function createGridFsBlobs({ connection }: { readonly connection: MongoConnection }): Blobs {
  const bucket = new mongo.GridFSBucket(connection.database, { bucketName: 'blobs' });
  const named = connection.database.collection<NamedRow>('blobs.named');

  const copiesOf = (hash: string): Promise<readonly mongo.GridFSFile[]> => bucket.find({ filename: hash }).toArray();

  /** Undefined where a chunk is missing or is not what it was. */
  async function contentOf({ _id, length }: mongo.GridFSFile, hash: string): Promise<Uint8Array | undefined> {
    // GridFS has no chunk of empty content, and its stream would wait for one.
    const parts: Uint8Array[] = [];
    try {
      if (length > 0) for await (const part of bucket.openDownloadStream(_id)) parts.push(part);
    } catch (error) {
      if (error instanceof mongo.MongoGridFSChunkError) return undefined;
      throw error;
    }
    const bytes = Buffer.concat(parts);
    return sha256(bytes) === hash ? bytes : undefined;
  }

  async function firstWhole(copies: readonly mongo.GridFSFile[], hash: string): Promise<Uint8Array | undefined> {
    for (const copy of copies) {
      const bytes = await contentOf(copy, hash);
      if (bytes !== undefined) return bytes;
    }
    return undefined;
  }

  return {
    put: async (bytes) => {
      const hash = sha256(bytes);
      const copies = await copiesOf(hash);
      if ((await firstWhole(copies, hash)) !== undefined) return hash;
      await pipeline(Readable.from([bytes], { objectMode: false }), bucket.openUploadStream(hash));
      // Only after a whole one is there do damaged ones go.
      for (const { _id } of copies) await bucket.delete(_id);
      return hash;
    },
    get: async (hash) => {
      if (!SHA256_HEX.test(hash)) return undefined;
      const copies = await copiesOf(hash);
      const bytes = await firstWhole(copies, hash);
      if (bytes === undefined && copies.length > 0) throw new BlobCorrupt(hash, 'the database');
      return bytes;
    },
    putNamed: async (name, bytes) => {
      await named.replaceOne({ _id: name }, { value: bytes }, { upsert: true });
    },
    getNamed: async (name) => (await named.findOne({ _id: name }))?.value,
  };
}
