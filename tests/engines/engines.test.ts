import type { Engine } from '@throughline/engines/engine';
import type { Engines } from '@throughline/engines/engines';
import { isGone } from '@throughline/engines/process';
import { expect } from 'chai';
import { Kafka, logLevel } from 'kafkajs';
import { type Collection, createConnection } from 'mongoose';
import { until } from '../flow/until.ts';
import { ownEngines } from './running.ts';

const TOPIC = 'kept';

/** What an engine is asked to keep, and what it still has, each in its own protocol. */
interface Keeper {
  readonly engine: Engine;
  keep(): Promise<void>;
  kept(): Promise<unknown>;
}

const kafkaKeeper = ({ kafka }: Engines): Keeper => {
  const client = new Kafka({
    brokers: [kafka.brokers],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1000,
    requestTimeout: 1000,
    retry: { retries: 1 },
  });
  return {
    engine: kafka,
    keep: async () => {
      const [admin, producer] = [client.admin(), client.producer({ allowAutoTopicCreation: false })];
      await Promise.all([admin.connect(), producer.connect()]);
      await admin.createTopics({ topics: [{ topic: TOPIC, numPartitions: 1 }], waitForLeaders: true });
      await producer.send({ topic: TOPIC, messages: [{ value: 'one' }, { value: 'two' }] });
      await Promise.all([admin.disconnect(), producer.disconnect()]);
    },
    kept: async () => {
      const admin = client.admin();
      try {
        await admin.connect();
        return (await admin.fetchTopicOffsets(TOPIC)).map(({ high }) => high);
      } finally {
        await admin.disconnect();
      }
    },
  };
};

const registryKeeper = ({ registry }: Engines): Keeper => {
  const request = async (path: string, body?: object): Promise<unknown> => {
    const answer = await fetch(registry.url + path, {
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(1000),
    });
    expect(answer.status, path).to.equal(200);
    return answer.json();
  };
  const schemaOf = (name: string): object => ({ schema: JSON.stringify({ type: 'record', name, fields: [] }) });
  const names = ['Second', 'First', 'Third'];
  return {
    engine: registry,
    keep: async () => {
      for (const name of names) await request(`/subjects/${name}/versions`, schemaOf(name));
    },
    kept: () => Promise.all(names.map((_, index) => request(`/schemas/ids/${index + 1}`))),
  };
};

const mongoKeeper = ({ mongo }: Engines): Keeper => {
  const withDocuments = async <T>(work: (documents: Collection) => Promise<T>) => {
    const connection = createConnection(mongo.url, { serverSelectionTimeoutMS: 1000, socketTimeoutMS: 1000 });
    try {
      return await work((await connection.asPromise()).collection('kept'));
    } finally {
      await connection.close();
    }
  };
  return {
    engine: mongo,
    keep: () => withDocuments(async (documents) => void (await documents.insertOne({ said: 'one' }))),
    kept: () => withDocuments(async (documents) => (await documents.find().toArray()).map((document) => document.said)),
  };
};

describe('engines', () => {
  let engines: Engines;
  before(async () => {
    engines = await ownEngines();
  });
  after(() => engines.stop());

  const KEEPERS = { Kafka: kafkaKeeper, 'the registry': registryKeeper, "MongoDB's protocol": mongoKeeper };
  for (const [name, keeperOf] of Object.entries(KEEPERS)) {
    describe(name, () => {
      let keeper: Keeper;
      let asKept: unknown;
      before(async () => {
        keeper = keeperOf(engines);
        await keeper.keep();
        asKept = await keeper.kept();
      });

      it('keeps what it acknowledged when it is killed, and is another process behind the same port', async () => {
        const { pid } = keeper.engine;
        await keeper.engine.kill();
        expect(isGone(pid)).to.equal(true);
        await keeper.engine.start();
        expect(keeper.engine.pid).not.to.equal(pid);
        expect(await keeper.kept()).to.deep.equal(asKept);
      });

      it('answers nothing while it is paused, and goes on as the same process', async () => {
        const { pid } = keeper.engine;
        keeper.engine.pause();
        const asked = await keeper.kept().catch(() => 'nothing');
        keeper.engine.resume();
        expect(asked).to.equal('nothing');
        expect(await until('an answer', () => keeper.kept().catch(() => false as const))).to.deep.equal(asKept);
        expect(keeper.engine.pid).to.equal(pid);
      });

      it('leaves no process when it is stopped, even paused', async () => {
        const { pid } = keeper.engine;
        keeper.engine.pause();
        await keeper.engine.stop();
        expect(isGone(pid)).to.equal(true);
        await keeper.engine.start();
        expect(await keeper.kept()).to.deep.equal(asKept);
      });
    });
  }
});
