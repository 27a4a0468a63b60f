import { createGridFsBlobs } from '@throughline/blobs/gridfs';
import { type BlobsSetting, declareBlobsContract } from '../contract/blobs.ts';
import { type MongoPlace, openMongoPlace } from './mongo-place.ts';

async function openBlobs(): Promise<BlobsSetting> {
  const place = await openMongoPlace();
  const setting = (): BlobsSetting => ({
    blobs: createGridFsBlobs({ connection: place.connection() }),
    damage: (hash) => damage(place, hash),
    reopen: async () => {
      await place.reopen();
      return setting();
    },
    close: () => place.close(),
  });
  return setting();
}

async function damage(place: MongoPlace, hash: string): Promise<void> {
  const { database } = place.connection();
  const file = await database.collection('blobs.files').findOne({ filename: hash });
  const chunks = database.collection<{ files_id: unknown; n: number; data: Uint8Array }>('blobs.chunks');
  const chunk = await chunks.findOne({ files_id: file?._id, n: 0 });
  const data = Uint8Array.from(chunk?.data ?? [], (byte, index) => (index === 0 ? byte ^ 1 : byte));
  await chunks.updateOne({ files_id: file?._id, n: 0 }, { $set: { data } });
}

declareBlobsContract('gridfs', openBlobs, { healsOnPut: true });
