import type { Socket } from 'node:net';
import { connectMongo } from '@throughline/mongo/connect';
import { applyIndexes, checkIndexes } from '@throughline/store-mongo/indexes';
import { expect } from 'chai';
import { Schema } from 'mongoose';
import { keepingReporter } from '../contract/embedded-place.ts';
import { rejectionOf } from '../contract/waiting.ts';
import { freePort } from '../flow/ports.ts';
import { type MongoPlace, openMongoPlace } from './mongo-place.ts';
import { runningEngines } from './running.ts';

/** What the driver keeps to itself. */
interface DriverTopology {
  readonly s: { readonly servers: ReadonlyMap<string, { readonly pool: DriverPool }> };
}
interface DriverPool {
  readonly connections: {
    first(): { readonly socket: Socket; command(namespace: object, command: object): Promise<unknown> } | null;
  };
}

describe('a connection to MongoDB', () => {
  let place: MongoPlace;
  beforeEach(async () => {
    place = await openMongoPlace();
  });
  afterEach(() => place.close());

  it('says where no server answers, and not with which password', async () => {
    const port = await freePort();
    const url = `mongodb://service:sesame@127.0.0.1:${port}/throughline`;
    const refusal = await rejectionOf(connectMongo({ url, reporter: keepingReporter() }));
    expect(refusal).to.have.property('code', 'mongo-unreachable');
    expect(refusal).to.have.property('message').that.contains(`127.0.0.1:${port}`);
    expect(JSON.stringify(refusal, Object.getOwnPropertyNames(refusal))).not.to.contain('sesame');
  });

  it('has writes kept by a majority and reads what one has, whatever the URL says', async () => {
    const url = `${(await runningEngines()).mongo.url}?w=1&readConcernLevel=local&readPreference=secondary&journal=false`;
    const connection = await connectMongo({ url, reporter: keepingReporter() });
    const { writeConcern, readConcern, readPreference } = connection.database.collection('any');
    expect([writeConcern?.w, writeConcern?.journal, readConcern?.level, readPreference?.mode]).to.deep.equal([
      'majority',
      true,
      'majority',
      'primary',
    ]);
    await connection.close();
  });

  it('takes operators in the filter of a model for values, unless they are ours', async () => {
    const { models, database } = place.connection();
    await database.collection('people').insertOne({ token: 'secret' });
    const people = models.model<{ token: unknown }>('Person', new Schema({ token: Schema.Types.Mixed }), 'people');
    expect(await people.find({ token: { $ne: null } }).lean()).to.deep.equal([]);
    expect(await people.find({ token: 'secret' }).lean()).to.have.length(1);
  });

  it('rejects at once where it was closed: nothing waits', async () => {
    const { models, close } = await connectMongo({
      url: (await runningEngines()).mongo.url,
      reporter: keepingReporter(),
    });
    const things = models.model('Thing', new Schema({ name: String }), 'things');
    await close();
    expect(await rejectionOf(things.findOne({ name: 'x' }).lean())).to.be.instanceOf(Error);
  });

  it('rejects what is asked on a socket that is gone and has not said so (the patch of the driver)', async () => {
    const connection = await connectMongo({ url: (await runningEngines()).mongo.url, reporter: keepingReporter() });
    await connection.reachable();
    const { topology } = connection.models.getClient() as unknown as { topology: DriverTopology };
    const [server] = topology.s.servers.values();
    const free = server?.pool.connections.first() ?? expect.fail('The pool has no connection.');
    free.socket.destroy();
    // A driver that waits here for ever never looks for its server again once that happens to its monitor.
    expect(await rejectionOf(free.command({ db: 'admin' }, { ping: 1 }))).to.have.property('name', 'MongoNetworkError');
    await connection.close();
  });
});

describe('the indexes of the store on MongoDB', () => {
  let place: MongoPlace;
  beforeEach(async () => {
    place = await openMongoPlace();
  });
  afterEach(() => place.close());
  const at = () => ({ connection: place.connection(), processors: ['case-state', 'audit-case'] });

  it('are made at deploy time, once', async () => {
    const made = await applyIndexes(at());
    expect(made.filter((line) => line.startsWith('documents.case-state'))).to.have.length(3);
    expect(await applyIndexes(at())).to.deep.equal([]);
    await checkIndexes(at());
  });

  it('are named where they are missing, with what to do', async () => {
    await applyIndexes({ ...at(), processors: ['case-state'] });
    const refusal = await rejectionOf(checkIndexes(at()));
    expect(refusal).to.have.property('code', 'store-indexes-missing');
    expect(refusal).to.have.property('message').that.contains('documents.audit-case').and.contains('store apply');
  });

  it('have nothing unique but _id', async () => {
    await applyIndexes(at());
    const indexes = await place.connection().database.collection('documents.case-state').indexes();
    expect(indexes.filter(({ unique }) => unique)).to.deep.equal([]);
  });
});
