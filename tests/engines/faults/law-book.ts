import type { CaseEvent } from '@throughline/schemas/generated/messages';

/** A turn that a channel acknowledged to its customer. */
export interface Acknowledged {
  readonly contactId: string;
  readonly inputId: string;
}

/** What customers and backends know, whatever the mesh says. */
export interface Known {
  /** In the order in which each contact made them. */
  readonly acknowledged: readonly Acknowledged[];
  /** Idempotency keys of the writes that a backend carried out, by what was written. */
  readonly writes: ReadonlyMap<string, ReadonlySet<string>>;
  /** Records in the parked topics. */
  readonly parked: number;
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
    ...twiceDone(events, known.writes),
    ...(known.parked === 0 ? [] : [`law 10: ${known.parked} records were parked`]),
  ];
}

/** Law 2: numbers without gaps; a number that comes again says the same again. */
function threadOf(caseId: string, records: readonly CaseEvent[]): { events: CaseEvent[]; faults: string[] } {
  const events: CaseEvent[] = [];
  const faults: string[] = [];
  for (const event of records) {
    const { number } = event.body;
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
