import { type Codec, type Message, Undecodable } from '@throughline/kernel/envelope';
import type { Keyring, LogRecord } from '@throughline/kernel/ports';
import type { Reader } from '@throughline/kernel/reader';
import type { CaseEvent, IdentityEvent } from '@throughline/schemas/generated/messages';
import { faultWithin, type Link, recordOf } from './chain.ts';
import { LINK, listOf } from './processor.ts';
import { trailEntry } from './view.ts';
import type { Reconstruction } from './view-schemas.ts';

export interface TrailSources {
  /** Trail of case.events. */
  readonly cases: Reader;
  /** Trail of identity.events. */
  readonly identity: Reader;
  readonly codec: Codec;
  readonly keyring: Keyring;
}

const PAGE = 500;

type Read = { readonly link: Link; readonly message: Message };

/** Undefined where the trail knows no such case. */
export async function reconstruct(sources: TrailSources, caseId: string): Promise<Reconstruction | undefined> {
  const own = await readAll(sources, sources.cases, caseId);
  if (own.length === 0) return undefined;
  const byCase = new Map([[caseId, own]]);
  const identity = new Map<string, readonly Read[]>();
  const open = [caseId];
  for (let current = open.pop(); current !== undefined; current = open.pop()) {
    for (const contactId of contactsIn(byCase.get(current) ?? [])) {
      if (identity.has(contactId)) continue;
      const events = await readAll(sources, sources.identity, contactId);
      identity.set(contactId, events);
      for (const from of cameFrom(events, current)) {
        if (byCase.has(from)) continue;
        const former = await readAll(sources, sources.cases, from);
        if (!wasProvisional(former, contactId)) continue;
        byCase.set(from, former);
        open.push(from);
      }
    }
  }
  const ofCases = [...byCase.values()].flat();
  const links = await linksMade(sources, ofCases, new Set(identity.keys()));
  const read = [...[...identity.values()].flat(), ...links, ...ofCases].sort(byTime);
  return {
    caseId,
    segments: [...byCase.keys()].filter((id) => id !== caseId),
    verified: read.every(({ link }) => faultWithin(link, sources.keyring.mac) === undefined),
    entries: read.map(({ link, message }) => trailEntry(message as CaseEvent | IdentityEvent, link)),
  };
}

/**
 * What the contacts linked to the customers of these cases, what of that was taken back, and who turned out to be whom. The
 * trail has it under the customers, with what came of their other contacts, which is no part of this.
 */
async function linksMade(
  sources: TrailSources,
  cases: readonly Read[],
  contacts: ReadonlySet<string>,
): Promise<readonly Read[]> {
  const customers = customersIn(cases);
  const made: Read[] = [];
  for (const customerId of customers) {
    const claims = new Set<string>();
    for (const read of await readAll(sources, sources.identity, customerId)) {
      const event = read.message as IdentityEvent;
      if (event.type === 'ClaimRecorded' && event.body.contactId !== null && contacts.has(event.body.contactId))
        claims.add(event.body.claimId);
      const isPart =
        ((event.type === 'ClaimRecorded' || event.type === 'ClaimRevoked') && claims.has(event.body.claimId)) ||
        (event.type === 'CustomerRetired' && customers.has(event.body.into));
      if (isPart) made.push(read);
    }
  }
  return made;
}

/** Time orders what different partitions say; within one, the place in the chain does. */
function byTime(one: Read, other: Read): number {
  if (one.link.topic === other.link.topic && one.link.partition === other.link.partition)
    return one.link.place - other.link.place;
  return one.message.timeMs - other.message.timeMs || other.link.topic.localeCompare(one.link.topic);
}

async function readAll({ codec }: TrailSources, reader: Reader, subject: string): Promise<readonly Read[]> {
  const read: Read[] = [];
  const told = new Set<string>();
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof reader.list<Link>>> = await reader.list<Link>(listOf(subject), after, PAGE);
    const links = page.items.flatMap((item) => (item.kind === LINK ? [item.content] : []));
    const records = links.map(recordOf);
    await codec.prepare(records);
    links.forEach((link, index) => {
      const message = records[index] && readable(codec, records[index]);
      // The log may hold a message twice: the trail keeps both, the story tells it once.
      if (!message || told.has(message.id)) return;
      told.add(message.id);
      read.push({ link, message });
    });
    after = page.next;
  } while (after !== null);
  return read;
}

/** A record that cannot be read is whole in the trail and told by nobody. */
function readable(codec: Codec, record: LogRecord): Message | undefined {
  try {
    return codec.decode(record);
  } catch (error) {
    if (error instanceof Undecodable) return undefined;
    throw error;
  }
}

const contactsIn = (read: readonly Read[]): ReadonlySet<string> =>
  new Set(
    read.flatMap(({ message }) => {
      const { contactId } = message.body as { contactId?: unknown };
      return typeof contactId === 'string' ? [contactId] : [];
    }),
  );

const customersIn = (read: readonly Read[]): ReadonlySet<string> =>
  new Set(
    read.flatMap(({ message }) => {
      const event = message as CaseEvent;
      if (event.type === 'CaseOpened') return [event.body.customerId];
      return event.type === 'CaseOwned' ? [event.body.formerCustomerId, event.body.customerId] : [];
    }),
  );

/** Whether the contact left it while it was nobody's: then it is continued elsewhere. A case with an owner goes on by itself. */
function wasProvisional(read: readonly Read[], contactId: string): boolean {
  const events = read.map(({ message }) => message as CaseEvent);
  const left = events.findIndex((event) => event.type === 'ContactMoved' && event.body.contactId === contactId);
  const before = left < 0 ? events : events.slice(0, left);
  const isOpened = before.some((event) => event.type === 'CaseOpened' && event.body.provisional);
  return isOpened && !before.some((event) => event.type === 'CaseOwned');
}

const cameFrom = (events: readonly Read[], caseId: string): readonly string[] =>
  events.flatMap(({ message }) => {
    const event = message as IdentityEvent;
    return event.type === 'ContactRerouted' && event.body.toCaseId === caseId ? [event.body.fromCaseId] : [];
  });
