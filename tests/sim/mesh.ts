import { createHash } from 'node:crypto';
import { createPlaybookModel } from '@throughline/agent/playbooks/playbook';
import { createAgentReactor } from '@throughline/agent/reactor';
import { createActionsReactor } from '@throughline/agent/runner';
import { createAuditProcessor } from '@throughline/audit/processor';
import type { ActionDocument } from '@throughline/case-state/documents';
import { PROCESSOR_NAME as CASE_STATE, createCaseProcessor } from '@throughline/case-state/processor';
import { reportOf } from '@throughline/case-state/results';
import { createSwitchboard } from '@throughline/gateway/switchboard';
import { createIdentityProcessor } from '@throughline/identity-resolution/processor';
import { createEdge } from '@throughline/kernel/edge';
import { hostProcessor } from '@throughline/kernel/host';
import { deriveId } from '@throughline/kernel/ids';
import type { Engine } from '@throughline/kernel/partition';
import type { Clock, Mac, Reporter } from '@throughline/kernel/ports';
import type { Processor } from '@throughline/kernel/processor';
import { hostReactor } from '@throughline/kernel/reacting';
import type { Reactor } from '@throughline/kernel/reactor';
import { createReader } from '@throughline/kernel/reader';
import { createKeyring } from '@throughline/keyring/keyring';
import { createCodec } from '@throughline/schemas/codec';
import { loadSchemas } from '@throughline/schemas/load';
import { embeddedSchemaIds } from '@throughline/schemas/registry';
import { CASE_EVENTS, CASE_INPUTS, IDENTITY_EVENTS, TOPICS } from '@throughline/schemas/topics';
import { newTraceparent } from '@throughline/telemetry/traceparent';
import { SimBackend, type TellResult } from './backend.ts';
import type { Faults } from './faults.ts';
import { SimLog } from './log.ts';
import { memoryBlobs, memoryKeys } from './memory.ts';
import type { Order } from './people.ts';
import { SimProcess } from './process.ts';
import { SimStore } from './store.ts';
import type { World } from './world.ts';

const SUCCESSOR_MAX_MS = 3_000;
const SLEEP_MAX_MS = 20_000;
const LOOK_EVERY_MS = 2_000;
const UNREADY_LOOKS_MAX = 3;
const INSIST_EVERY_MS = 200;
/** Each partition costs its opening, and two are enough for one to go on while another stands still. */
const PARTITIONS_MAX = 2;
const REGION = 'US';
const schemas = loadSchemas();
const ids = embeddedSchemaIds({ schemas, known: [] });

/** The topics as a simulation has them. */
export const SIM_TOPICS = TOPICS.map(({ name, partitions }) => ({
  name,
  partitions: Math.min(partitions, PARTITIONS_MAX),
}));
export const simPartitionsOf = (topic: string): number =>
  SIM_TOPICS.find(({ name }) => name === topic)?.partitions ?? 0;

/** What a history has of the mesh beside what every one has. */
export interface Cast {
  /** What the shop sells to whom. */
  readonly orders: readonly Order[];
  readonly isAudited: boolean;
}

/** One consumer, made anew for every process that runs it. */
type Part =
  | { readonly kind: 'processor'; readonly make: (clock: Clock) => Processor }
  | { readonly kind: 'reactor'; readonly make: (clock: Clock) => Reactor };

/** What a part is once a process runs it. */
interface Running {
  ready(): boolean;
  underWay?(): number;
}

/** Everything that stands on one world. */
export type SimMesh = Awaited<ReturnType<typeof openSimMesh>>;

/** The real services on a simulated world. */
export async function openSimMesh(world: World, faults: Faults, cast: Cast) {
  const log = new SimLog(SIM_TOPICS, world.clock);
  const store = new SimStore();
  const keyring = await createKeyring({
    storage: memoryKeys(),
    masterKey: Buffer.alloc(32, 7),
    random: world.random,
  });
  const codec = createCodec({ keyring, schemas, ids });
  const base = { keyring, codec, blobs: memoryBlobs(), random: world.random, reporter: notingReporter(world) };
  const on = (process: SimProcess) => ({
    ...base,
    log: process.log(log),
    store: process.store(store),
    clock: process.clock,
    reach: process.reach,
  });
  const operators = on(new SimProcess('operators', world, faults));
  const backend = new SimBackend({ world, faults }, cast.orders, tellResultBy(world, operators));
  const running = new Set<Running>();
  const groups: { readonly processor: string; readonly topic: string }[] = [];
  let started = 0;
  const start = async (part: Part): Promise<void> => {
    started += 1;
    const process = new SimProcess(`${groupOf(part).processor}#${started}`, world, faults);
    process.onLost = () => {
      world.clock.after(world.below(SUCCESSOR_MAX_MS), () => void start(part));
      world.clock.after(world.below(SLEEP_MAX_MS), () => process.wake());
    };
    const host = await hostOf(part, on(process));
    running.add(host);
    supervise(world, process, host, () => running.delete(host));
  };
  for (const part of partsOf(keyring.mac, cast, backend, base.reporter)) {
    groups.push(groupOf(part));
    await start(part);
    if (world.chance() < 0.3) await start(part);
  }
  const gateway = on(new SimProcess('gateway', world, faults));
  const edge = createEdge({ ...gateway, source: 'chat-gateway' });
  return {
    ...base,
    log,
    store,
    backend,
    isAudited: cast.isAudited,
    switchboard: createSwitchboard({ ...gateway, edge, service: 'chat-gateway', busy: () => false }),
    /** Nothing is left that a consumer has not handled. */
    drained: (): boolean =>
      [...running].every((one) => (one.underWay?.() ?? 0) === 0) &&
      groups.every(({ processor, topic }) =>
        Array.from({ length: simPartitionsOf(topic) }, (_, partition) => partition).every(
          (partition) =>
            (store.stateNow({ processor, partition })?.cursor ?? 0) === log.records(topic, partition).length,
        ),
      ),
  };
}

function partsOf(mac: Mac, cast: Cast, { actions, fetch }: SimBackend, reporter: Reporter): readonly Part[] {
  const audits = [CASE_EVENTS, IDENTITY_EVENTS].map(
    (topic): Part => ({
      kind: 'processor',
      make: () => createAuditProcessor(topic, simPartitionsOf(topic)),
    }),
  );
  return [
    { kind: 'processor', make: () => createIdentityProcessor({ brandRegion: REGION, mac }) },
    { kind: 'processor', make: () => createCaseProcessor() },
    ...(cast.isAudited ? audits : []),
    {
      kind: 'reactor',
      make: (clock) => createAgentReactor({ model: createPlaybookModel({ region: REGION }), actions, clock }),
    },
    { kind: 'reactor', make: (clock) => createActionsReactor({ actions, clock, reporter, fetch }) },
  ];
}

const NO_CLOCK: Clock = { nowMs: () => 0, after: () => () => undefined };

function groupOf(part: Part): { readonly processor: string; readonly topic: string } {
  const { name, topic } = part.make(NO_CLOCK);
  return { processor: name, topic };
}

type On = Engine & { readonly clock: Clock };

async function hostOf(part: Part, on: On): Promise<Running> {
  if (part.kind === 'processor') return hostProcessor({ ...on, processor: part.make(on.clock) });
  const reactor = part.make(on.clock);
  return hostReactor({ ...on, reactor, edge: createEdge({ ...on, source: reactor.name }) });
}

/** The operators' way in for a backend that says later what came of an action, as their API has it. */
function tellResultBy(world: World, on: On): TellResult {
  const reader = createReader({ ...on, processor: CASE_STATE });
  const edge = createEdge({ ...on, source: 'operators' });
  const tell: TellResult = async (actionId, body) => {
    const action = await reader.get<ActionDocument>('action', actionId);
    if (action === undefined) throw new Error('There is no such action.');
    const report = reportOf(action, body, on.clock.nowMs());
    await edge.send([
      {
        topic: CASE_INPUTS,
        key: report.caseId,
        subject: report.caseId,
        type: 'ActionReported',
        id: deriveId('msg', 'ActionReported', report.reportId),
        timeMs: report.atMs,
        traceparent: newTraceparent(world.random),
        body: report,
      },
    ]);
  };
  return (actionId, body) => insist(world, () => tell(actionId, body));
}

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

/**
 * Replaces a process that has not been ready for a while, as whoever watches /readyz does. It is needed where a sleeper wakes
 * within `open`: that fences the rightful owner, which does not reopen by itself.
 */
function supervise(world: World, process: SimProcess, host: Running, gone: () => void): void {
  let unreadyLooks = 0;
  const look = (): void => {
    unreadyLooks = host.ready() ? 0 : unreadyLooks + 1;
    if (unreadyLooks >= UNREADY_LOOKS_MAX) process.replace();
    if (process.isLost) gone();
    else world.clock.after(LOOK_EVERY_MS, look);
  };
  world.clock.after(LOOK_EVERY_MS, look);
}

const notingReporter = (world: World): Reporter => ({
  info: () => undefined,
  warn: (event) => world.note(event),
  error: (event) => world.note(event),
});

/** One hash over all records of the log. */
export function logHash(log: SimLog): string {
  const hash = createHash('sha256');
  for (const { name, partitions } of SIM_TOPICS) {
    for (let partition = 0; partition < partitions; partition += 1) {
      for (const record of log.records(name, partition)) {
        hash.update(JSON.stringify([name, partition, record.key, record.headers])).update(record.value);
      }
    }
  }
  return hash.digest('hex');
}
