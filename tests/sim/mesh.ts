import { createHash } from 'node:crypto';
import { createPlaybookModel } from '@throughline/agent/playbooks/playbook';
import { createAgentReactor } from '@throughline/agent/reactor';
import { createActionsReactor } from '@throughline/agent/runner';
import { createAuditProcessor } from '@throughline/audit/processor';
import { type AuditedTopic, writeCheckpoint } from '@throughline/audit/verify';
import type { ActionDocument } from '@throughline/case-state/documents';
import { PROCESSOR_NAME as CASE_STATE, createCaseProcessor } from '@throughline/case-state/processor';
import { reportOf } from '@throughline/case-state/results';
import { createDelivery } from '@throughline/email-gateway/deliver';
import { createIdentityProcessor } from '@throughline/identity-resolution/processor';
import { createEdge } from '@throughline/kernel/edge';
import { hostProcessor } from '@throughline/kernel/host';
import { deriveId } from '@throughline/kernel/ids';
import type { Clock } from '@throughline/kernel/ports';
import type { Processor } from '@throughline/kernel/processor';
import { hostReactor } from '@throughline/kernel/reacting';
import type { Reactor } from '@throughline/kernel/reactor';
import { createReader } from '@throughline/kernel/reader';
import { CASE_EVENTS, CASE_INPUTS, IDENTITY_EVENTS } from '@throughline/schemas/topics';
import { newTraceparent } from '@throughline/telemetry/traceparent';
import { SimBackend, type TellResult } from './backend.ts';
import { careless } from './careless.ts';
import { type Foundations, insist, type On, SIM_TOPICS, simPartitionsOf } from './foundations.ts';
import { Gateways } from './gateways.ts';
import type { SimLog } from './log.ts';
import { MAIL_DOMAIN, Mailroom } from './mailroom.ts';
import type { Model } from './model.ts';
import type { Order } from './people.ts';
import type { SimProcess } from './process.ts';
import { Witness } from './witness.ts';
import type { World } from './world.ts';

const SUCCESSOR_MAX_MS = 3_000;
const SLEEP_MAX_MS = 20_000;
const REGION = 'US';
/** How many consumers have a second process from the beginning. */
const DOUBLED_SHARE = 0.2;

/** What a history has of the mesh beside what every one has. */
export interface Cast {
  /** What the shop sells to whom. */
  readonly orders: readonly Order[];
  readonly isAudited: boolean;
  readonly hasPhones: boolean;
  readonly isAgentCareless: boolean;
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

/** The real services on a simulated world, with whoever is around them and whoever watches them. */
export async function openSimMesh(foundations: Foundations, model: Model, cast: Cast) {
  const { world, faults, log, store, plain } = foundations;
  const witness = new Witness(foundations, model);
  const mailroom = new Mailroom(foundations, model);
  const operators = foundations.on(foundations.process('operators'));
  const backend = new SimBackend({ world, faults }, cast.orders, tellResultBy(world, operators));
  if (cast.isAudited) await writeCheckpoint(plain.blobs, auditedTopics(plain), plain.keyring.mac);
  const running: { readonly process: SimProcess; readonly host: Running }[] = [];
  const groups: { readonly processor: string; readonly topic: string }[] = [];
  const start = async (part: Part): Promise<void> => {
    const process = foundations.process(groupOf(part).processor);
    process.onLost = () => {
      world.clock.after(world.below(SUCCESSOR_MAX_MS), () => void start(part));
      world.clock.after(world.below(SLEEP_MAX_MS), () => process.wake());
    };
    const host = await hostOf(part, foundations.on(process));
    running.push({ process, host });
  };
  for (const part of partsOf(foundations, cast, backend, mailroom)) {
    groups.push(groupOf(part));
    await start(part);
    if (world.chance() < DOUBLED_SHARE) await start(part);
  }
  const chats = new Gateways('chat-gateway', foundations);
  const phones = cast.hasPhones ? new Gateways('voice-gateway', foundations) : undefined;
  return {
    log,
    store,
    plain,
    witness,
    backend,
    mailroom,
    chats,
    phones,
    isAudited: cast.isAudited,
    /** Contacts that a gateway has in memory. */
    contactsOn: (): number => chats.size() + (phones?.size() ?? 0),
    /** Nothing is left that a consumer has not handled, or whose owner died before it was whole. */
    drained: (): boolean =>
      store.isWhole &&
      running.every(({ process, host }) => process.isLost || (host.underWay?.() ?? 0) === 0) &&
      groups.every(({ processor, topic }) =>
        Array.from({ length: simPartitionsOf(topic) }, (_, partition) => partition).every(
          (partition) =>
            (store.stateNow({ processor, partition })?.cursor ?? 0) === log.records(topic, partition).length,
        ),
      ),
  };
}

/** The trails of a mesh that is audited. */
export const auditedTopics = (plain: Foundations['plain']): readonly AuditedTopic[] =>
  [CASE_EVENTS, IDENTITY_EVENTS].map((topic) => {
    const partitions = simPartitionsOf(topic);
    const { name } = createAuditProcessor(topic, partitions);
    return { topic, partitions, reader: createReader({ ...plain, processor: name }) };
  });

function partsOf(
  { plain }: Foundations,
  cast: Cast,
  { actions, fetch }: SimBackend,
  { outbox }: Mailroom,
): readonly Part[] {
  const { reporter, keyring } = plain;
  const { mac } = keyring;
  const agent = createPlaybookModel({ region: REGION });
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
      make: (clock) => createAgentReactor({ model: cast.isAgentCareless ? careless(agent) : agent, actions, clock }),
    },
    { kind: 'reactor', make: (clock) => createActionsReactor({ actions, clock, reporter, fetch }) },
    { kind: 'reactor', make: (clock) => createDelivery({ mac, outbox, clock, mailDomain: MAIL_DOMAIN }) },
  ];
}

const NO_CLOCK: Clock = { nowMs: () => 0, after: () => () => undefined };

function groupOf(part: Part): { readonly processor: string; readonly topic: string } {
  const { name, topic } = part.make(NO_CLOCK);
  return { processor: name, topic };
}

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
