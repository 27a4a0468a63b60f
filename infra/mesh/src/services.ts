import type { ActionSpec } from '@throughline/agent/actions';
import { createPlaybookModel } from '@throughline/agent/playbooks/playbook';
import { createAgentReactor } from '@throughline/agent/reactor';
import { createActionsReactor } from '@throughline/agent/runner';
import { createAuditProcessor } from '@throughline/audit/processor';
import { createCaseProcessor } from '@throughline/case-state/processor';
import { createIdentityProcessor } from '@throughline/identity-resolution/processor';
import { createEdge } from '@throughline/kernel/edge';
import { hostProcessor } from '@throughline/kernel/host';
import type { Engine } from '@throughline/kernel/partition';
import type { Clock, Closable } from '@throughline/kernel/ports';
import type { Processor } from '@throughline/kernel/processor';
import { hostReactor } from '@throughline/kernel/reacting';
import type { Reactor } from '@throughline/kernel/reactor';
import { CASE_EVENTS, CASE_INPUTS, IDENTITY_EVENTS, IDENTITY_INPUTS, TOPICS } from '@throughline/schemas/topics';

/** Consumers, by group; `door`: new contacts are turned away while it is too far behind. */
export const GROUPS = [
  { group: 'identity-resolution', topic: IDENTITY_INPUTS, door: true },
  { group: 'case-state', topic: CASE_INPUTS, door: true },
  { group: 'audit-case', topic: CASE_EVENTS, door: false },
  { group: 'audit-identity', topic: IDENTITY_EVENTS, door: false },
  { group: 'agent', topic: CASE_EVENTS, door: false },
  { group: 'actions', topic: CASE_EVENTS, door: false },
  { group: 'email-gateway', topic: CASE_EVENTS, door: false },
] as const;

export const partitionsOf = (topic: string): number =>
  TOPICS.find((candidate) => candidate.name === topic)?.partitions ?? 0;

export interface Services extends Closable {
  ready(): boolean;
}

/** Puts every consumer of the mesh to work. */
export async function startServices(
  options: Engine & { clock: Clock; region: string; actions: readonly ActionSpec[]; mail: Reactor },
): Promise<Services> {
  const { actions, clock, region, reporter } = options;
  const hosts: { ready(): boolean; close(): Promise<void> }[] = [];
  const processors: readonly Processor[] = [
    createIdentityProcessor({ brandRegion: region, mac: options.keyring.mac }),
    createCaseProcessor(),
    createAuditProcessor(CASE_EVENTS, partitionsOf(CASE_EVENTS)),
    createAuditProcessor(IDENTITY_EVENTS, partitionsOf(IDENTITY_EVENTS)),
  ];
  const reactors: readonly Reactor[] = [
    createAgentReactor({ model: createPlaybookModel({ region }), actions, clock }),
    createActionsReactor({ actions, clock, reporter }),
    options.mail,
  ];
  for (const processor of processors) hosts.push(await hostProcessor({ ...options, processor }));
  for (const reactor of reactors)
    hosts.push(await hostReactor({ ...options, reactor, edge: createEdge({ ...options, source: reactor.name }) }));
  return {
    ready: () => hosts.every((host) => host.ready()),
    async close() {
      // Last in the order of the flow first, so that what a reactor reports still finds its processor.
      for (const host of [...hosts].reverse()) await host.close();
    },
  };
}
