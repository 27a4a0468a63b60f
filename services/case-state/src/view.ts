import type { Briefing, Fact, Receipt } from '@throughline/schemas/generated/messages';
import type { CaseHead, ContactHead, EntryDocument, OpenQuestion } from './documents.ts';
import type { CaseBody, CaseLine, ContactBody } from './view-schemas.ts';

/** A case as an operator sees it. */
export function caseView(head: CaseHead): CaseBody {
  return {
    ...caseLine(head),
    externalId: head.externalId,
    facts: head.facts.map((fact) => ({ ...factView(fact), contactId: fact.contactId })),
    question: head.question && questionView(head.question),
    promises: head.promises.map(({ promiseId, text, state, dueMs, atMs }) => ({
      promiseId,
      text,
      state,
      dueAt: dueMs === null ? null : iso(dueMs),
      at: iso(atMs),
    })),
    actions: head.actions.map(({ actionId, name, effect, state, attempt, note, atMs }) => ({
      actionId,
      name,
      effect,
      state,
      attempt,
      note,
      at: iso(atMs),
    })),
    contacts: head.active,
    segments: head.segments,
  };
}

export function caseLine(head: CaseHead): CaseLine {
  const { caseId, customerId, provisional, status, kind, needsPerson, channel, version, continuedIn } = head;
  const times = { openedAt: iso(head.openedMs), changedAt: iso(head.changedMs) };
  return { caseId, customerId, provisional, status, kind, needsPerson, channel, ...times, version, continuedIn };
}

/**
 * One entry of a thread with what was said. Proofs of codes, connections and the values of briefings are left out;
 * `segmentOf` marks what was said in a provisional case before it was continued here.
 */
export function entryView(entry: EntryDocument, caseId: string): Readonly<Record<string, unknown>> {
  const { number, type, channel, contactId } = entry;
  const rest = Object.fromEntries(Object.entries(entry.body).filter(([name]) => !LEFT_OUT.has(name)));
  const marked = entry.caseId === caseId ? {} : { segmentOf: entry.caseId };
  return { ...rest, ...saidIn(entry), number, type, channel, contactId, at: iso(entry.atMs), ...marked };
}

/** A contact with the newest briefing that it was given. */
export function contactView(contact: ContactHead, briefed: EntryDocument | undefined): ContactBody {
  const { contactId, caseId, channel, assurance, disposition, settled, hop, answerable, ended } = contact;
  const given = briefed?.body as { briefing: Briefing; receipt: Receipt } | undefined;
  return {
    contactId,
    caseId,
    channel,
    assurance,
    disposition,
    settled,
    hop,
    answerable,
    ended,
    startedAt: iso(contact.startedMs),
    lastActiveAt: iso(contact.lastActiveMs),
    briefing: given ? { ...given.briefing, facts: given.briefing.facts.map(factView), receipt: given.receipt } : null,
  };
}

/** Fields of events that entries are told without, or in another form. */
export const LEFT_OUT: ReadonlySet<string> = new Set([
  'caseId',
  'atMs',
  'number',
  'turn',
  'fact',
  'briefing',
  'frames',
  'connectionId',
  'externalId',
  'parameters',
  'digits',
]);

/** What an entry tells of a turn. */
export const SAID = ['inputId', 'text', 'kind', 'masked', 'attachments'] as const;

/** What people said, or what became known, out of the body of an entry. */
function saidIn(entry: EntryDocument): Readonly<Record<string, unknown>> {
  const { turn, fact } = entry.body as { turn?: Record<string, unknown>; fact?: Fact | string };
  if (turn !== undefined) return Object.fromEntries(SAID.map((name) => [name, turn[name]]));
  if (fact === undefined) return {};
  // A question that was answered names the fact that it asked for.
  return { fact: typeof fact === 'string' ? fact : factView(fact) };
}

const questionView = ({ fact, text, contactId, assurance, atMs }: OpenQuestion): CaseBody['question'] => ({
  fact,
  text,
  contactId,
  assurance,
  at: iso(atMs),
});

/** A secret is read back to nobody, operators included. */
function factView({ name, value, sensitivity, assurance, source, atMs }: Fact) {
  return { name, value: sensitivity === 'secret' ? null : value, sensitivity, assurance, source, at: iso(atMs) };
}

const iso = (epochMs: number): string => new Date(epochMs).toISOString();
