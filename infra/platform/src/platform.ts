import { createGridFsBlobs } from '@throughline/blobs/gridfs';
import type { Clock, Closable, Random, Reporter } from '@throughline/kernel/ports';
import { goOn } from '@throughline/kernel/steps';
import { createKeyring } from '@throughline/keyring/keyring';
import { createMongoKeyStorage } from '@throughline/keyring/mongo-storage';
import { type KafkaLog, openKafkaLog } from '@throughline/log-kafka/log';
import { connectMongo } from '@throughline/mongo/connect';
import { openRegistryIds } from '@throughline/registry/registry-ids';
import { createCodec } from '@throughline/schemas/codec';
import { loadSchemas } from '@throughline/schemas/load';
import { TOPICS } from '@throughline/schemas/topics';
import type { Foundation } from '@throughline/service/service';
import { checkIndexes } from '@throughline/store-mongo/indexes';
import { createMongoStore } from '@throughline/store-mongo/store';
import { noBroker } from './deploying.ts';
import type { ProcessSettings } from './settings.ts';

/** What a service stands on in production. */
export interface Platform extends Foundation {
  /** Rejects with a sentence where indexes for the documents of these processors are missing: nobody makes them but a deployment. */
  checkStore(processors: readonly string[]): Promise<void>;
  /** The engines that do not answer now. Never rejects. */
  unreachable(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface PlatformOptions {
  /** The service's, for the engines' own logs. */
  readonly name: string;
  readonly settings: ProcessSettings;
  readonly clock: Clock;
  readonly random: Random;
  readonly reporter: Reporter;
  /** Called where going on would lose or repeat records for good: the process has to end, with this reason. */
  readonly onFatal: (reason: Error) => void;
}

/** Opens MongoDB, the registry and Kafka. Rejects with a sentence that says what to do where one of them cannot be used. */
export async function openPlatform(options: PlatformOptions): Promise<Platform> {
  const { settings, clock, random, reporter } = options;
  const schemas = loadSchemas();
  const opened: Closable[] = [];
  try {
    const connection = await connectMongo({ url: settings.mongoUrl, reporter });
    opened.unshift(connection);
    const ids = await openRegistryIds({ url: settings.registryUrl, schemas, clock, reporter });
    const storage = createMongoKeyStorage({ connection });
    const keyring = await createKeyring({ storage, masterKey: settings.masterKey, random });
    const log = await openLog(options);
    opened.unshift(log);
    const answers = { log: () => log.reachable(), store: () => connection.reachable() };
    return {
      log,
      store: createMongoStore({ connection }),
      blobs: createGridFsBlobs({ connection }),
      keyring,
      codec: createCodec({ keyring, schemas, ids }),
      clock,
      random,
      reporter,
      reach: goOn,
      checkStore: (processors) => checkIndexes({ connection, processors }),
      async unreachable() {
        const asked = Object.entries(answers).map(async ([engine, answer]) => ((await answer()) ? [] : [engine]));
        return (await Promise.all(asked)).flat();
      },
      close: () => closeAll(opened),
    };
  } catch (refusal) {
    await closeAll(opened);
    throw refusal;
  }
}

function openLog({ name, settings, clock, reporter, onFatal }: PlatformOptions): Promise<KafkaLog> {
  const { kafka } = settings;
  return openKafkaLog({ ...kafka, clientId: name, topics: TOPICS, clock, reporter, onFatal }).catch(
    (error: unknown) => {
      throw noBroker(error, kafka.brokers);
    },
  );
}

async function closeAll(opened: readonly Closable[]): Promise<void> {
  for (const each of opened) await each.close();
}
