import type { ApiPart } from '@throughline/http/api-part';
import type { Upgrade } from '@throughline/http/server';
import { createEdge } from '@throughline/kernel/edge';
import { hostProcessor } from '@throughline/kernel/host';
import type { Engine } from '@throughline/kernel/partition';
import type { Blobs, Clock, Random } from '@throughline/kernel/ports';
import type { Processor } from '@throughline/kernel/processor';
import { hostReactor } from '@throughline/kernel/reacting';
import type { Reactor } from '@throughline/kernel/reactor';
import type { Router } from 'express';
import type { Group } from './lag.ts';

/** What a service stands on, whichever adapters are behind it. */
export type Foundation = Engine & { readonly blobs: Blobs; readonly clock: Clock; readonly random: Random };

/** What a service is made of. Whoever hosts it, alone in a process or beside others, puts it to work. */
export interface Service {
  readonly processors?: readonly Processor[];
  readonly reactors?: readonly Reactor[];
  /** What customers and carriers reach. */
  readonly doors?: readonly Router[];
  readonly upgrades?: readonly Upgrade[];
  /** Behind the operator token. */
  readonly operators?: readonly Router[];
  /** What its doors and its operators' routers answer. */
  readonly described?: readonly ApiPart[];
  /** A door beside HTTP. Resolves to the port that it listens on. */
  listen?(): Promise<number>;
  /** Whether its doors can be used. */
  ready?(): boolean;
  /** Contacts that are on. */
  readonly contacts?: { readonly channel: string; count(): number };
  /** Takes no more from outside and lets go of every connection; what was acknowledged stays acknowledged. */
  leave?(): Promise<void>;
  /** After its consumers have stopped. */
  close?(): Promise<void>;
}

/** The consumers of a service at work. */
export interface AtWork {
  /** Groups that are not joined, or have a partition that is not open yet. */
  waitingFor(): readonly string[];
  /** Lets what is under way come to its end, and leaves the groups. */
  close(): Promise<void>;
}

/** The consumer groups of a service. */
export const groupsOf = ({ processors = [], reactors = [] }: Service): readonly Group[] =>
  [...processors, ...reactors].map(({ name, topic }) => ({ group: name, topic }));

/** Joins the consumers of a service to the log. */
export async function putToWork(on: Foundation, { processors = [], reactors = [] }: Service): Promise<AtWork> {
  const hosts: { name: string; ready(): boolean; close(): Promise<void> }[] = [];
  for (const processor of processors)
    hosts.push({ name: processor.name, ...(await hostProcessor({ ...on, processor })) });
  for (const reactor of reactors) {
    const edge = createEdge({ ...on, source: reactor.name });
    hosts.push({ name: reactor.name, ...(await hostReactor({ ...on, reactor, edge })) });
  }
  return {
    waitingFor: () => hosts.flatMap((host) => (host.ready() ? [] : [host.name])),
    async close() {
      // Last in the order of the flow first, so that what a reactor reports still finds its processor.
      for (const host of [...hosts].reverse()) await host.close();
    },
  };
}
