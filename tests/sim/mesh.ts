import { createHash } from 'node:crypto';
import { createCaseProcessor } from '@throughline/case-state/processor';
import { createSwitchboard } from '@throughline/gateway/switchboard';
import { createIdentityProcessor } from '@throughline/identity-resolution/processor';
import { createEdge } from '@throughline/kernel/edge';
import { hostProcessor, type ProcessorHost } from '@throughline/kernel/host';
import type { Reporter } from '@throughline/kernel/ports';
import { createKeyring, type KeyStorage } from '@throughline/keyring/keyring';
import { createCodec } from '@throughline/schemas/codec';
import { loadSchemas } from '@throughline/schemas/load';
import { embeddedSchemaIds } from '@throughline/schemas/registry';
import { CASE_INPUTS, IDENTITY_INPUTS, TOPICS } from '@throughline/schemas/topics';
import type { Faults } from './faults.ts';
import { SimLog } from './log.ts';
import { SimProcess } from './process.ts';
import { SimStore } from './store.ts';
import type { World } from './world.ts';

const SUCCESSOR_MAX_MS = 3_000;
const SLEEP_MAX_MS = 20_000;
const LOOK_EVERY_MS = 2_000;
const UNREADY_LOOKS_MAX = 3;
const schemas = loadSchemas();
const ids = embeddedSchemaIds({ schemas, known: [] });
const GROUPS = [
  ['identity-resolution', IDENTITY_INPUTS],
  ['case-state', CASE_INPUTS],
] as const;

/** The real identity-resolution, case-state and switchboard on a simulated world. */
export async function openSimMesh(world: World, faults: Faults) {
  const log = new SimLog(TOPICS, world.clock);
  const store = new SimStore();
  const keyring = await createKeyring({
    storage: memoryKeys(),
    masterKey: Buffer.alloc(32, 7),
    random: world.random,
  });
  const codec = createCodec({ keyring, schemas, ids });
  const base = { keyring, codec, reporter: notingReporter(world) };
  const on = (process: SimProcess) => ({
    ...base,
    log: process.log(log),
    store: process.store(store),
    clock: process.clock,
    reach: process.reach,
  });
  const processors = [
    () => createIdentityProcessor({ brandRegion: 'US', mac: keyring.mac }),
    () => createCaseProcessor(),
  ];
  let started = 0;
  const start = async (make: (typeof processors)[number]): Promise<void> => {
    const processor = make();
    started += 1;
    const process = new SimProcess(`${processor.name}#${started}`, world, faults);
    process.onLost = () => {
      world.clock.after(world.below(SUCCESSOR_MAX_MS), () => void start(make));
      world.clock.after(world.below(SLEEP_MAX_MS), () => process.wake());
    };
    const host = await hostProcessor({ ...on(process), processor });
    supervise(world, process, host);
  };
  for (const make of processors) {
    await start(make);
    if (world.chance() < 0.5) await start(make);
  }
  const gateway = on(new SimProcess('gateway', world, faults));
  const edge = createEdge({ ...gateway, source: 'chat-gateway' });
  return {
    log,
    codec,
    switchboard: createSwitchboard({ ...gateway, edge, service: 'chat-gateway', busy: () => false }),
    /** Nothing is left that a processor has not handled. */
    drained: (): boolean =>
      GROUPS.every(([processor, topic]) =>
        TOPICS.filter(({ name }) => name === topic).every(({ partitions }) =>
          Array.from({ length: partitions }, (_, partition) => partition).every(
            (partition) =>
              (store.stateNow({ processor, partition })?.cursor ?? 0) === log.records(topic, partition).length,
          ),
        ),
      ),
  };
}

/**
 * Replaces a process that has not been ready for a while, as whoever watches /readyz does. It is needed where a sleeper wakes
 * within `open`: that fences the rightful owner, which does not reopen by itself.
 */
function supervise(world: World, process: SimProcess, host: ProcessorHost): void {
  let unreadyLooks = 0;
  const look = (): void => {
    unreadyLooks = host.ready() ? 0 : unreadyLooks + 1;
    if (unreadyLooks >= UNREADY_LOOKS_MAX) process.replace();
    else if (!process.isLost) world.clock.after(LOOK_EVERY_MS, look);
  };
  world.clock.after(LOOK_EVERY_MS, look);
}

export type SimMesh = Awaited<ReturnType<typeof openSimMesh>>;

function memoryKeys(): KeyStorage {
  const keys = new Map<string, Uint8Array | null>();
  let check: string | undefined;
  return {
    load: async (wanted) => new Map([...keys].filter(([keyId]) => wanted.includes(keyId))),
    create: async (wrapped) => {
      for (const [keyId, bytes] of wrapped) if (!keys.has(keyId)) keys.set(keyId, bytes);
    },
    destroy: async (keyId) => void keys.set(keyId, null),
    checkValue: async (value) => {
      check ??= value;
      return check;
    },
  };
}

const notingReporter = (world: World): Reporter => ({
  info: () => undefined,
  warn: (event) => world.note(event),
  error: (event) => world.note(event),
});

/** One hash over all records of the log. */
export function logHash(log: SimLog): string {
  const hash = createHash('sha256');
  for (const { name, partitions } of TOPICS) {
    for (let partition = 0; partition < partitions; partition += 1) {
      for (const record of log.records(name, partition)) {
        hash.update(JSON.stringify([name, partition, record.key, record.headers])).update(record.value);
      }
    }
  }
  return hash.digest('hex');
}
