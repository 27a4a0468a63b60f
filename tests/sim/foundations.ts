import type { Engine } from '@throughline/kernel/partition';
import type { Blobs, Clock, Keyring, Mac, Random, Reporter } from '@throughline/kernel/ports';
import { createKeyring } from '@throughline/keyring/keyring';
import { createCodec } from '@throughline/schemas/codec';
import { TOPICS } from '@throughline/schemas/topics';
import { decodingOnce } from './decoding.ts';
import type { Faults } from './faults.ts';
import { SimLog } from './log.ts';
import { memoryBlobs, memoryKeys } from './memory.ts';
import { SimProcess } from './process.ts';
import { allIds, SCHEMAS } from './releases.ts';
import { SimStore } from './store.ts';
import type { World } from './world.ts';

/** Each partition costs its opening, and two are enough for one to go on while another stands still. */
const PARTITIONS_MAX = 2;
const INSIST_EVERY_MS = 200;

/** The topics as a simulation has them. */
export const SIM_TOPICS = TOPICS.map(({ name, partitions }) => ({
  name,
  partitions: Math.min(partitions, PARTITIONS_MAX),
}));
export const simPartitionsOf = (topic: string): number =>
  SIM_TOPICS.find(({ name }) => name === topic)?.partitions ?? 0;

/** What a process stands on. */
export type On = Engine & {
  readonly keyring: Keyring;
  readonly blobs: Blobs;
  readonly clock: Clock;
  readonly random: Random;
};

/** One world, and what all processes of it share: the log, the store, the keys. */
export interface Foundations {
  readonly world: World;
  readonly faults: Faults;
  readonly log: SimLog;
  readonly store: SimStore;
  /** One more process of a service. */
  process(service: string): SimProcess;
  /** What a process stands on. */
  on(process: SimProcess): On;
  /** What stands beside the faults, for whoever only looks. */
  readonly plain: On;
}

export async function layFoundations(world: World, faults: Faults): Promise<Foundations> {
  const log = new SimLog(SIM_TOPICS, world.clock);
  const store = new SimStore();
  const made = await createKeyring({ storage: memoryKeys(), masterKey: MASTER_KEY, random: world.random });
  const keyring = { ...made, mac: rememberingMac(made.mac) };
  const codec = decodingOnce(
    createCodec({ keyring, schemas: SCHEMAS.this, ids: allIds }),
    allIds,
    faults.place.decoded.this,
  );
  const { random, clock } = world;
  const shared = { keyring, codec, blobs: memoryBlobs(), random, reporter: notingReporter(world) };
  let processes = 0;
  return {
    world,
    faults,
    log,
    store,
    process(service) {
      processes += 1;
      return new SimProcess(`${service}#${processes}`, world, faults);
    },
    on: (process) => ({
      ...shared,
      log: process.log(log),
      store: process.store(store),
      clock: process.clock,
      reach: process.reach,
      keyring: process.keyring(keyring),
      codec: process.codec(keyring),
    }),
    plain: { ...shared, log, store, clock, reach: () => undefined },
  };
}

const MASTER_KEY = Buffer.alloc(32, 7);

/** Keyed hashes of all histories: they have one master key and say much the same things. */
const macs = new Map<string, string>();
const MACS_MAX = 10_000;

const rememberingMac =
  (mac: Mac): Mac =>
  (purpose, text) => {
    const name = `${purpose}/${text}`;
    const known = macs.get(name);
    if (known !== undefined) return known;
    if (macs.size >= MACS_MAX) macs.clear();
    const made = mac(purpose, text);
    macs.set(name, made);
    return made;
  };

const notingReporter = (world: World): Reporter => ({
  info: () => undefined,
  warn: (event) => world.note(event),
  error: (event) => world.note(event),
});

/** Tries until it works, as everybody does who has something to say. */
export async function insist<Answer>(world: World, attempt: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await attempt();
    } catch {
      await world.pause(INSIST_EVERY_MS);
    }
  }
}
