import { labelFact, labelText } from '@throughline/language/sensitivity';
import type {
  ActionState,
  BriefedTurn,
  Briefing,
  CasePromise,
  Fact,
  Question,
  Receipt,
} from '@throughline/schemas/generated/messages';
import type { CaseHead, ContactHead, KnownFact, LedgerAction, TailTurn } from '../documents.ts';
import { type Item, Packing } from './packing.ts';

/** What a contact is given of a case, with the receipt. */
export interface Load {
  readonly briefing: Briefing;
  readonly receipt: Receipt;
}

/** Most of the newest own turn that a briefing holds: what somebody wants stands at the beginning. */
const OWN_TURN_BYTES = 2400;
const NAMES_LEVEL = 1;

/**
 * Loads a case for a contact: what the policy allows, the most important first, until the budget is used up (laws 5, 6).
 * Works on the two heads and the contact's unanswered turns alone, so it costs the same however long the thread is.
 */
export function loadFor(head: CaseHead, contact: ContactHead, unanswered: readonly BriefedTurn[]): Load {
  const packing = new Packing(contact);
  const last = unanswered.slice(-1).flatMap((turn) => own(packing, turn, contact));
  const state = stateOf(packing, head, contact);
  const facts = head.facts.filter((fact) => packing.give(factItem(fact, contact)));
  const known = head.facts.filter((fact) => !packing.allows(factItem(fact, contact)));
  const question = questionOf(packing, head, contact);
  const promises = head.promises.filter((promise) => promise.state === 'open').flatMap((p) => promiseOf(packing, p));
  const actions = [...head.actions].reverse().flatMap((action) => actionOf(packing, action));
  const former = unanswered
    .slice(0, -1)
    .reverse()
    .flatMap((turn) => own(packing, turn, contact))
    .reverse();
  const { news, newsWithheld, recent } = thread(packing, head, contact);
  const briefing: Briefing = {
    ...state,
    facts: facts.map(plainFact),
    knownFacts: contact.assurance >= NAMES_LEVEL ? known.map((fact) => fact.name) : [],
    question,
    promises,
    actions: actions.reverse(),
    unanswered: [...former, ...last],
    news,
    newsWithheld,
    recent,
    firstWords: !contact.firstWordsSaid,
    asked: contact.asked,
  };
  return { briefing, receipt: packing.receipt() };
}

/** Whether this contact may use a fact that is known: then it is not asked for again (law 7). */
export function mayUse(fact: KnownFact, contact: ContactHead): boolean {
  return new Packing(contact).allows(factItem(fact, contact));
}

function factItem(fact: KnownFact, contact: ContactHead): Item {
  return {
    name: `fact:${fact.name}`,
    kind: 'fact',
    sensitivity: fact.sensitivity,
    writtenAssurance: fact.assurance,
    own: fact.contactId === contact.contactId,
    values: [fact.value],
  };
}

const plainFact = ({ name, value, sensitivity, assurance, source, atMs }: KnownFact): Fact => ({
  name,
  value,
  sensitivity,
  assurance,
  source,
  atMs,
});

/** A turn that came along from another case has that case's number, which is another turn's here: the receipt names it by its input. */
function own(packing: Packing, turn: BriefedTurn, { assurance, carried }: ContactHead): readonly BriefedTurn[] {
  const text = packing.cut(turn.text, OWN_TURN_BYTES);
  const item: Item = {
    name: carried.includes(turn) ? `carried:${turn.inputId}` : `turn:${turn.number}`,
    kind: 'turn',
    sensitivity: labelText(turn.text),
    writtenAssurance: assurance,
    own: true,
    values: [text],
  };
  if (text.length < turn.text.length) packing.shortened(item);
  return packing.give(item) ? [{ ...turn, text }] : [];
}

/** The state of a case is nobody's business who has not earned it, except the contact that opened it. */
function stateOf(
  packing: Packing,
  head: CaseHead,
  contact: ContactHead,
): Pick<Briefing, 'status' | 'kind' | 'needsPerson'> {
  const item = (name: string, from: string | null, value: string): Item => ({
    name,
    kind: 'case',
    sensitivity: 'status',
    writtenAssurance: 0,
    own: from === contact.contactId,
    values: [value],
  });
  const hasStatus = packing.give(item('case:status', head.openedBy, head.status));
  const hasKind = head.kind !== null && packing.give(item('case:kind', head.kindFrom, head.kind));
  return {
    status: hasStatus ? head.status : 'open',
    kind: hasKind ? head.kind : null,
    needsPerson: hasStatus && head.needsPerson,
  };
}

function questionOf(packing: Packing, head: CaseHead, contact: ContactHead): Question | null {
  if (head.question === null) return null;
  const { assurance, ...question } = head.question;
  const item: Item = {
    name: `question:${question.fact}`,
    kind: 'question',
    sensitivity: labelText(question.text),
    writtenAssurance: assurance,
    own: question.contactId === contact.contactId,
    values: [question.text],
  };
  return packing.give(item) ? question : null;
}

function promiseOf(packing: Packing, promise: CaseHead['promises'][number]): readonly CasePromise[] {
  const { promiseId, text, sensitivity, dueMs, state, atMs, assurance } = promise;
  const item: Item = {
    name: `promise:${promiseId}`,
    kind: 'promise',
    sensitivity,
    writtenAssurance: assurance,
    own: false,
    values: [text],
  };
  return packing.give(item) ? [{ promiseId, text, sensitivity, dueMs, state, atMs }] : [];
}

/** That an action runs or ended is `status`; what the backend wrote about it is judged by its own words. */
function actionOf(packing: Packing, action: LedgerAction): readonly ActionState[] {
  const base = { name: `action:${action.name}`, writtenAssurance: 0, own: false } as const;
  const isGiven = packing.give({ ...base, kind: 'action', sensitivity: 'status', values: [action.name] });
  if (!isGiven) return [];
  const note = action.note;
  const item: Item = {
    ...base,
    name: `note:${action.name}`,
    kind: 'note',
    sensitivity: labelFact('note', note ?? ''),
    values: [note ?? ''],
  };
  const hasNote = note !== null && packing.give(item);
  const { actionId, name, effect, state, attempt, atMs } = action;
  return [{ actionId, name, effect, state, attempt, atMs, note: hasNote ? note : null }];
}

function thread(
  packing: Packing,
  head: CaseHead,
  contact: ContactHead,
): Pick<Briefing, 'news' | 'newsWithheld' | 'recent'> {
  const isOther = (turn: TailTurn) => turn.contactId !== contact.contactId;
  const isNews = (turn: TailTurn) =>
    isOther(turn) && turn.from === 'customer' && turn.number > contact.lastRepliedNumber;
  const rest = head.tail.filter((turn) => isOther(turn) || !contact.unanswered.includes(turn.number)).reverse();
  const given = new Set(rest.filter((turn) => packing.give(turnItem(turn, contact))));
  const heard = [...given].reverse();
  return {
    news: heard.filter(isNews).map(plainTurn),
    newsWithheld: rest.filter((turn) => isNews(turn) && !given.has(turn)).length,
    recent: heard.filter((turn) => !isNews(turn)).map(plainTurn),
  };
}

const turnItem = (turn: TailTurn, contact: ContactHead): Item => ({
  name: `turn:${turn.number}`,
  kind: turn.from === 'customer' ? 'turn' : 'reply',
  sensitivity: turn.sensitivity,
  writtenAssurance: turn.assurance,
  own: turn.contactId === contact.contactId,
  values: [turn.text],
});

const plainTurn = ({ number, inputId, contactId, channel, from, text, atMs }: TailTurn): BriefedTurn => ({
  number,
  inputId,
  contactId,
  channel,
  from,
  text,
  atMs,
});
