import { randomBytes } from 'node:crypto';
import { createKeyring } from '@throughline/keyring/keyring';
import { createMongoKeyStorage } from '@throughline/keyring/mongo-storage';
import { expect } from 'chai';
import { mongo } from 'mongoose';
import { declareKeyringContract, type KeyringSetting } from '../contract/keyring.ts';
import { type MongoPlace, openMongoPlace } from './mongo-place.ts';

async function openKeyring(): Promise<KeyringSetting> {
  const place = await openMongoPlace();
  const drawn: Uint8Array[] = [];
  const random = (bytes: number): Uint8Array => {
    const made = randomBytes(bytes);
    drawn.push(made);
    return made;
  };
  const firstMasterKey = new Uint8Array(32).fill(1);
  const setting = async (masterKey: Uint8Array): Promise<KeyringSetting> => ({
    keyring: await createKeyring({
      storage: createMongoKeyStorage({ connection: place.connection() }),
      masterKey,
      random,
    }),
    drawn,
    stored: () => storedIn(place),
    reopen: async (otherMasterKey) => {
      await place.reopen();
      return setting(otherMasterKey ?? firstMasterKey);
    },
    close: () => place.close(),
  });
  return setting(firstMasterKey);
}

/** All rows of the database. */
async function storedIn(place: MongoPlace): Promise<Uint8Array> {
  const collections = await place.connection().database.collections();
  const rows = await Promise.all(collections.map((collection) => collection.find().toArray()));
  return Buffer.concat(rows.flat().map((row) => mongo.BSON.serialize(row)));
}

// The server's files, its oplog and its backups have a destroyed key, wrapped, for a while longer.
declareKeyringContract('mongo', openKeyring, { erasesFromDisk: false });

describe('keys in MongoDB', () => {
  it('leaves nothing of a destroyed key in its collection', async () => {
    const { keyring, stored, drawn, close } = await openKeyring();
    await keyring.ensure(['case:case_1']);
    const nonce = Buffer.from(drawn.find(({ length }) => length === 12) ?? []);
    expect(Buffer.from(await stored()).includes(nonce)).to.equal(true);
    await keyring.destroy('case:case_1');
    expect(Buffer.from(await stored()).includes(nonce)).to.equal(false);
    await close();
  });
});
