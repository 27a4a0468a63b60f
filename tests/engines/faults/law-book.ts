import type { CaseEvent } from '@throughline/schemas/generated/messages';

/** A turn that a channel acknowledged to its customer. */
export interface Acknowledged {
  readonly contactId: string;
  readonly inputId: string;
}

/** A contact that was on file for its customer as it started, with what the customer had been acknowledged of by then. */
export interface Started {
  readonly contactId: string;
  /** Inputs of the case that it is about. */
  readonly behind: readonly string[];
}

/** What customers and backends know, whatever the mesh says. */
export interface Known {
  /** In the order in which each contact made them. */
  readonly acknowledged: readonly Acknowledged[];
  readonly started: readonly Started[];
  /** Idempotency keys of the writes that a backend carried out, by what was written. */
  readonly writes: ReadonlyMap<string, ReadonlySet<string>>;
  /** Ids of inputs that nobody can read, and of the records in the parked topics. */
  readonly unreadable: ReadonlySet<string>;
  readonly parked: ReadonlySet<string>;
}

/**
 * The laws, checked on what stands in case.events alone: every violation as a sentence, none if all hold.
 * @param records each case's events in the order of the log, repeats included
 */
export function violations(records: readonly CaseEvent[], known: Known): readonly string[] {
  const threads = [...Map.groupBy(records, ({ body }) => body.caseId)].map(([caseId, all]) => threadOf(caseId, all));
  const events = threads.flatMap((thread) => thread.events);
  return [
    ...threads.flatMap(({ faults }) => faults),
    ...threads.flatMap((thread) => staleReplies(thread.events)),
    ...lostOrTwice(events, known.acknowledged),
    ...staleBriefings(events, known.started),
    ...twiceDone(events, known.writes),
    ...[...known.parked].filter((id) => !known.unreadable.has(id)).map((id) => `law 10: ${id} was parked`),
    ...[...known.unreadable]
      .filter((id) => !known.parked.has(id))
      .map((id) => `law 10: ${id}, which is unreadable, was not parked`),
  ];
}

/** Law 2: numbers without gaps; a number that comes again says the same again. */
function threadOf(caseId: string, records: readonly CaseEvent[]): { events: CaseEvent[]; faults: string[] } {
  const events: CaseEvent[] = [];
  const faults: string[] = [];
  for (const event of records) {
    const { number } = event.body;
    // What is held back is told of, and no entry.
    if (event.type === 'ContactHeld') continue;
    const former = events[number - 1];
    if (former === undefined && number === events.length + 1) events.push(event);
    else if (former === undefined) faults.push(`law 2: ${caseId} goes from ${events.length} to ${number}`);
    else if (former.id !== event.id || former.sequence !== event.sequence)
      faults.push(`law 2: entry ${number} of ${caseId} is two different ones`);
  }
  return { events, faults };
}

/** Law 4: nothing was said or done in the case between the briefing and the reply that was made of it. */
function staleReplies(events: readonly CaseEvent[]): readonly string[] {
  const briefedAt = new Map<string, number>();
  let newest = 0;
  const faults: string[] = [];
  for (const { type, body } of events) {
    if (type === 'ContactBriefed') briefedAt.set(body.contactId, body.number);
    if (type === 'InteractionAdded' || type === 'ActionUpdated') newest = body.number;
    if (type === 'ReplyAccepted' && (briefedAt.get(body.contactId) ?? 0) < newest)
      faults.push(`law 4: reply ${body.number} of ${body.caseId} knows nothing of entry ${newest}`);
  }
  return faults;
}

/** Law 4: the first briefing of a contact comes behind everything that its customer had been acknowledged before. */
function staleBriefings(events: readonly CaseEvent[], started: readonly Started[]): readonly string[] {
  return started.flatMap(({ contactId, behind }) => {
    const first = events.findIndex(
      ({ type, body }) => type === 'ContactBriefed' && body.contactId === contactId && body.cause === 'joined',
    );
    const caseId = events[first]?.body.caseId;
    const known = events
      .slice(0, first + 1)
      .flatMap(({ type, body }) => (type === 'InteractionAdded' && body.caseId === caseId ? [body.turn.inputId] : []));
    return behind
      .filter((inputId) => first !== -1 && !known.includes(inputId))
      .map((inputId) => `law 4: ${contactId} was briefed without ${inputId}`);
  });
}

/** Law 1: what was acknowledged stands in a thread once, in the order of its contact, and was answered. */
function lostOrTwice(events: readonly CaseEvent[], acknowledged: readonly Acknowledged[]): readonly string[] {
  const added = events.flatMap(({ type, body }) => (type === 'InteractionAdded' ? [body.turn.inputId] : []));
  const answered = new Set(events.flatMap(({ type, body }) => (type === 'ReplyAccepted' ? [body.inputId] : [])));
  const counts = new Map<string, number>();
  for (const inputId of added) counts.set(inputId, (counts.get(inputId) ?? 0) + 1);
  const faults = acknowledged.flatMap(({ inputId, contactId }) => [
    ...(counts.get(inputId) === 1
      ? []
      : [`law 1: ${inputId} of ${contactId} stands ${counts.get(inputId) ?? 0} times`]),
    ...(answered.has(inputId) ? [] : [`${inputId} of ${contactId} was never answered`]),
  ]);
  const places = new Map(added.map((inputId, place) => [inputId, place]));
  const lastOf = new Map<string, number>();
  for (const { inputId, contactId } of acknowledged) {
    const place = places.get(inputId) ?? Number.POSITIVE_INFINITY;
    if (place < (lastOf.get(contactId) ?? -1)) faults.push(`law 2: ${inputId} of ${contactId} is out of order`);
    lastOf.set(contactId, place);
  }
  return faults;
}

/** Law 3: one action, one effect. */
function twiceDone(events: readonly CaseEvent[], writes: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  const requested = events.flatMap(({ type, body }) => (type === 'ActionRequested' ? [body.actionId] : []));
  const twice = requested.filter((actionId, place) => requested.indexOf(actionId) !== place);
  return [
    ...twice.map((actionId) => `law 3: ${actionId} was requested twice`),
    ...[...writes].flatMap(([what, keys]) =>
      keys.size === 1 ? [] : [`law 3: ${what} was written ${keys.size} times`],
    ),
  ];
}
