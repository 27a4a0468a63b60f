import { type Intent, intents, numberAskedAbout, reasonOf, withdrawsRefund } from '@throughline/language/intent';
import { mentions, ordersMeant } from '@throughline/language/mentions';
import { isDate, orderKey } from '@throughline/language/order-references';
import { MASK } from '@throughline/language/redact';
import { labelFact } from '@throughline/language/sensitivity';
import type { ActionState, BriefedTurn, ContactBriefed, Fact } from '@throughline/schemas/generated/messages';
import type { ActionSpec } from '../actions.ts';

/** A briefing as the playbooks look at it: what was just said, what it means, and what is known by now. */
export interface Situation {
  readonly briefed: ContactBriefed;
  readonly tools: readonly ActionSpec[];
  /** The customer's unanswered turns, one text. */
  readonly said: string;
  readonly intents: ReadonlySet<Intent>;
  /** The newest that a customer says here about a wish for a refund, on whatever channel, is that they have it no more. */
  readonly isRefundWithdrawn: boolean;
  /** What these turns say that the case does not hold yet. */
  readonly found: readonly Fact[];
  /** An order other than the one that this case is about. */
  readonly otherOrder: string | undefined;
  /** Kind of matter as far as it is known. */
  readonly kind: string | null;
}

/** Names of what is asked that is no fact of the case. */
export const ASKS = { identity: 'identity', code: 'code', whichCase: 'which_case', matter: 'matter' } as const;

export const ORDER_NUMBER = 'order_number';
const REASON = 'reason';
const KIND = 'kind';
const ANSWER_LENGTH_MAX = 120;

/** @param region ISO 3166 code by which national phone numbers are read, so that they are not taken for orders */
export function readSituation(briefed: ContactBriefed, tools: readonly ActionSpec[], region: string): Situation {
  const { briefing } = briefed;
  const turns = briefing.unanswered.filter((turn) => turn.from === 'customer');
  const said = turns.map((turn) => turn.text).join('\n');
  const meant = new Set(turns.flatMap((turn) => intents(turn.text)));
  const isRefundWithdrawn = hasWithdrawn(briefed);
  if (isRefundWithdrawn) meant.delete('refund');
  if (meant.size > 1) meant.delete('other');

  const heldOrder = factOf(briefed, ORDER_NUMBER);
  const orders = ordersIn(turns, region);
  const named = orderNamed(briefed, turns, region, { orders, held: heldOrder });
  const isPutRight = orders.length <= 1 && isCorrection(briefed, said);
  const isOther = named !== undefined && heldOrder !== undefined && named !== heldOrder && !isPutRight;

  const kindSaid =
    meant.has('refund') || meant.has('refund_status') ? 'refund' : meant.has('order_status') ? 'order' : undefined;
  const kind = briefing.kind ?? factOf(briefed, KIND) ?? null;
  const values = new Map<string, string | undefined>([
    ...answersOf(briefed, turns),
    [ORDER_NUMBER, isOther ? undefined : named],
    [REASON, kindSaid === 'refund' || kind === 'refund' ? reasonOf(said) : undefined],
    // A provisional case passes on its facts when its contact moves, and not its kind.
    [KIND, briefed.settled ? undefined : kindSaid],
  ]);
  return {
    briefed,
    tools,
    said,
    intents: meant,
    isRefundWithdrawn,
    found: factsFrom(briefed, turns, values),
    otherOrder: isOther ? named : undefined,
    kind,
  };
}

/** What a fact is, from this turn or from the case; undefined where this contact does not have it. */
export function factValue(situation: Situation, name: string): string | undefined {
  return situation.found.find((fact) => fact.name === name)?.value ?? factOf(situation.briefed, name);
}

/** The case knows it and this contact may not use it. */
export function isWithheld(situation: Situation, name: string): boolean {
  return situation.briefed.briefing.knownFacts.includes(name) && factValue(situation, name) === undefined;
}

/** How often this contact was asked for it. */
export function timesAsked({ briefed }: Situation, name: string): number {
  return briefed.briefing.asked.filter((asked) => asked === name).length;
}

export function newestAction(briefed: ContactBriefed, name: string): ActionState | undefined {
  return newest(briefed.briefing.actions.filter((action) => action.name === name));
}

/** A read whose answer belongs to the turn that is being answered, and not to an earlier one (law 4). */
export function readForThisTurn(briefed: ContactBriefed, name: string): ActionState | undefined {
  const own = briefed.briefing.actions.find((action) => action.name === name && action.attempt === briefed.inputId);
  if (own) return own;
  const last = briefed.cause === 'action' ? newest(briefed.briefing.actions) : undefined;
  return last?.name === name ? last : undefined;
}

/** What this contact wanted before identity came between: the meaning of its newest turn that has one, which may be that it wants no refund. */
export function wantedBefore({ briefed, isRefundWithdrawn }: Situation): ReadonlySet<Intent> {
  const own = briefed.briefing.recent.filter(
    (turn) => turn.contactId === briefed.contactId && turn.from === 'customer',
  );
  const wishes = (text: string): Intent[] =>
    intents(text).filter((intent) => WANTS.has(intent) && !(intent === 'refund' && isRefundWithdrawn));
  const newest = own.findLast((turn) => wishes(turn.text).length > 0 || withdrawsRefund(turn.text));
  return new Set(newest === undefined ? [] : wishes(newest.text));
}

function hasWithdrawn({ briefing }: ContactBriefed): boolean {
  const heard = [...briefing.recent, ...briefing.news, ...briefing.unanswered].sort((a, b) => a.number - b.number);
  const said = heard.filter((turn) => turn.from === 'customer');
  const about = said.findLast((turn) => withdrawsRefund(turn.text) || intents(turn.text).includes('refund'));
  return about !== undefined && withdrawsRefund(about.text);
}

const WANTS: ReadonlySet<Intent> = new Set<Intent>(['refund', 'refund_status', 'order_status']);

function newest(actions: readonly ActionState[]): ActionState | undefined {
  return actions.reduce<ActionState | undefined>(
    (last, action) => (last && last.atMs > action.atMs ? last : action),
    undefined,
  );
}

function factOf({ briefing }: ContactBriefed, name: string): string | undefined {
  return briefing.facts.findLast((fact) => fact.name === name)?.value;
}

/** The orders that are meant, each once, however it is written. */
function ordersIn(turns: readonly BriefedTurn[], region: string): readonly string[] {
  const meant = turns.flatMap((turn) => ordersMeant(turn.text, region));
  return [...new Map(meant.map((order) => [orderKey(order), order])).values()];
}

/** The order that these turns are about, as far as they say so; one that is held already, as it is held. */
function orderNamed(
  briefed: ContactBriefed,
  turns: readonly BriefedTurn[],
  region: string,
  { orders, held }: { readonly orders: readonly string[]; readonly held: string | undefined },
): string | undefined {
  const isHeld = (order: string): boolean => held !== undefined && orderKey(order) === orderKey(held);
  // Which of several is meant is for the customer to say. A case that has one already is not the place to ask.
  if (orders.length > 1) return held === undefined ? undefined : orders.find((order) => !isHeld(order));
  const named =
    orders[0] ??
    answeredOrder(briefed, turns, region) ??
    orderAskedAbout(turns, region) ??
    (held ? undefined : orderInNews(briefed, region));
  return named !== undefined && isHeld(named) ? held : named;
}

/** Who asks where a number is means an order by it, unless it is a phone number. */
function orderAskedAbout(turns: readonly BriefedTurn[], region: string): string | undefined {
  const number = numberAskedAbout(turns.at(-1)?.text ?? '');
  if (number === undefined || mentions(number, region).phones.length > 0) return undefined;
  return mentions(`order number ${number}`, region).orders.at(-1);
}

/** Somebody who was asked for the order number may give one that does not look like one of ours. */
function answeredOrder(briefed: ContactBriefed, turns: readonly BriefedTurn[], region: string): string | undefined {
  if (openQuestion(briefed) !== ORDER_NUMBER) return undefined;
  const text = turns.at(-1)?.text ?? '';
  const { emails, phones } = mentions(text, region);
  if (emails.length + phones.length > 0) return undefined;
  // The question said what the digits are, so that they need no such word of their own.
  const spoken = ordersMeant(`order number ${text}`, region);
  const bare = /^\W*([A-Za-z]{0,4}[-]?\d[A-Za-z\d-]{2,18})\W*$/.exec(text)?.[1]?.toUpperCase();
  const order = spoken.length > 1 ? undefined : (spoken[0] ?? bare);
  return order !== undefined && isWhole(order, text) ? order : undefined;
}

/** Whether nothing is left of the number that was given: what is masked or stands beside it may be the rest of it, or make a date. */
function isWhole(order: string, text: string): boolean {
  const written = text.replace(/\D/g, '');
  if (text.includes(MASK) || isDate(order)) return false;
  return written === '' || written === order.replace(/\D/g, '');
}

function orderInNews({ briefing }: ContactBriefed, region: string): string | undefined {
  const orders = ordersIn(
    briefing.news.filter((turn) => turn.from === 'customer'),
    region,
  );
  return orders.length === 1 ? orders[0] : undefined;
}

/** A fact that no reader of text knows is taken as it was answered. */
function answersOf(briefed: ContactBriefed, turns: readonly BriefedTurn[]): [string, string][] {
  const asked = openQuestion(briefed);
  const text = turns.at(-1)?.text.trim() ?? '';
  const isRead = asked === undefined || asked === ORDER_NUMBER || Object.values<string>(ASKS).includes(asked);
  if (isRead || text === '' || text.length > ANSWER_LENGTH_MAX) return [];
  const isAnswer = intents(text).every((intent) => intent === 'other' || intent === 'yes' || intent === 'no');
  return isAnswer ? [[asked, text]] : [];
}

/** Before anything was asked for, the order may still be put right. */
function isCorrection({ briefing, settled, codeAwaited }: ContactBriefed, said: string): boolean {
  // While it is checked who they are the subject cannot be changed: another order is put right then, or lost.
  const isChecked = !settled || codeAwaited;
  const corrects = CORRECTS.test(said) || (isChecked && CHANGES.test(said));
  return corrects && !briefing.actions.some((action) => action.effect === 'write');
}

const CORRECTS = /\b(?:meant|mean|instead|mistake|wrong (?:order|number)|correct(?:ion| order| number)|sorry)\b/i;
const CHANGES = /\b(?:actually|rather|no|the other (?:one|order))\b/i;

function openQuestion({ briefing }: ContactBriefed): string | undefined {
  return briefing.question?.fact;
}

function factsFrom(
  briefed: ContactBriefed,
  turns: readonly BriefedTurn[],
  values: ReadonlyMap<string, string | undefined>,
): readonly Fact[] {
  const atMs = turns.at(-1)?.atMs ?? briefed.atMs;
  return [...values].flatMap(([name, value]): Fact[] => {
    if (value === undefined || value === factOf(briefed, name)) return [];
    const sensitivity = name === KIND ? 'status' : labelFact(name, value);
    return [{ name, value, sensitivity, assurance: briefed.assurance, source: 'customer', atMs }];
  });
}
