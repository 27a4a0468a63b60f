import type { ActionState, ContactBriefed } from '@throughline/schemas/generated/messages';
import { asSentence } from './planning.ts';
import { factValue, newestAction, ORDER_NUMBER, type Situation } from './situation.ts';

const DETAILS_MAX = 2;

/** Where the case is, in at most two sentences: the state with its order, and what comes next. Empty where nothing may be said. */
export function whereItIs(situation: Situation): readonly string[] {
  const refund = newestAction(situation.briefed, 'request_refund');
  if (refund) return refundState(situation, refund);
  const { kind } = situation;
  if (kind === 'refund') return refundRead(situation);
  if (kind === 'order' || statusOf(situation, 'order_status'))
    return [...orderState(situation).slice(0, 1), ...nextStep(situation)];
  return nextStep(situation);
}

/** Where the refund is and what comes next. */
export function refundState(situation: Situation, refund: ActionState): readonly string[] {
  const the = theRefund(situation);
  const read = situation.briefed.briefing.facts.findLast(
    (fact) => fact.name === 'refund_status' && fact.atMs >= refund.atMs,
  );
  if (read && read.value.toLowerCase() !== refund.state)
    return [`${the} has the status “${read.value}”.`, ...nextStep(situation)];
  const state = {
    requested: `${the} has been asked for, and there is no answer yet.`,
    pending: `${the} is pending.`,
    done: `${the} is done.`,
    failed: `${the} did not go through.`,
  }[refund.state];
  return [state, ...nextStep(situation, refund.note)];
}

/** Where a refund is that nothing was done about here, as far as a backend said. */
export function refundRead(situation: Situation): readonly string[] {
  const read = statusOf(situation, 'refund_status');
  const the = theRefund(situation);
  return [
    read === undefined ? `This is about ${lower(the)}.` : `${the} has the status “${read}”.`,
    ...nextStep(situation),
  ];
}

/** Where the order is, with the little else that a backend said of it. */
export function orderState(situation: Situation): readonly string[] {
  const order = factValue(situation, ORDER_NUMBER);
  const the = order === undefined ? 'Your order' : `Order ${order}`;
  const status = statusOf(situation, 'order_status');
  if (status === undefined)
    return [order === undefined ? 'This is about your order.' : `This is about order ${order}.`];
  return [`${the} has the status “${status}”.`, ...orderDetails(situation.briefed)];
}

/** What a backend said last under the name of the read, or under a plain name for a status. */
export function statusOf({ briefed }: Situation, name: 'order_status' | 'refund_status'): string | undefined {
  return briefed.briefing.facts.findLast((fact) => fact.name === name)?.value;
}

/** The refund as a person names it, at the start of a sentence. */
export function theRefund(situation: Situation): string {
  const order = factValue(situation, ORDER_NUMBER);
  return order === undefined ? 'Your refund' : `Your refund for order ${order}`;
}

/** What else a backend said, save what it said of a refund. */
function orderDetails({ briefing }: ContactBriefed): readonly string[] {
  const said = briefing.facts.filter((fact) => fact.source === 'backend' && !fact.name.startsWith('refund_'));
  return said
    .filter((fact) => fact.name !== ORDER_NUMBER && fact.name !== 'order_status')
    .slice(0, DETAILS_MAX)
    .map((fact) => `The ${fact.name.replace(/^order_/, '').replaceAll('_', ' ')}: ${asSentence(fact.value)}`);
}

/** One sentence at most: the note of what is under way, else the promise that was made last. */
function nextStep({ briefed }: Situation, note: string | null = null): readonly string[] {
  const promise = briefed.briefing.promises.findLast((made) => made.state === 'open')?.text;
  const next = note ?? promise;
  return next === undefined || next.trim() === '' ? [] : [asSentence(next)];
}

function lower(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
