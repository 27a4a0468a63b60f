import type { Plan } from '../model.ts';
import { stateSentences } from './opening.ts';
import { handOver, inWords, planOf } from './planning.ts';
import { refundFailed } from './refund.ts';
import { ASKS, factValue, newestAction, ORDER_NUMBER, type Situation, timesAsked } from './situation.ts';
import { refundState } from './state.ts';

/** Somebody who asks for a person gets one, without being asked anything first. So does whoever is not served otherwise. */
export function person(situation: Situation, why = 'The customer asks for a person.'): Plan {
  return handOver(situation, 'person', why, ['I will pass this on.']);
}

/** What no playbook knows: one useful question first, then a person. */
export function other(situation: Situation): Plan {
  const { question } = situation.briefed.briefing;
  if (timesAsked(situation, ASKS.matter) > 0 || question?.fact === ASKS.matter) {
    return handOver(situation, 'other', 'No playbook knows what this is about.', ['I cannot settle this myself.']);
  }
  const text = inWords(situation, ['What is it about? I can help with a refund, or find out where an order is.']);
  return planOf(situation, 'other', { text, asks: ASKS.matter });
}

/** A matter beside the one that this case has acted on: it needs a case of its own, and nothing of it may be mixed into this one. */
export function newMatter(situation: Situation): Plan {
  return planOf(situation, 'new-matter', { newIssue: true, facts: [] });
}

/** They name another order, or say that it is something else, to a case that has an order or has done something. */
export function isNewMatter(situation: Situation): boolean {
  const { briefed, intents, otherOrder, said } = situation;
  if (otherOrder !== undefined) return true;
  const order = factValue(situation, ORDER_NUMBER);
  const hasBegun = order !== undefined || briefed.briefing.actions.length > 0;
  const isAboutThis = ABOUT_THIS.test(said) || (order !== undefined && said.toUpperCase().includes(order));
  return hasBegun && intents.has('new_issue') && !intents.has('goodbye') && !isAboutThis;
}

const ABOUT_THIS = /\b(?:about|on|regarding) (?:my|the|this|that) (?:refund|order|case)\b/i;

/** The last words. The matter is resolved only where what was asked for has been done. */
export function closing(situation: Situation): Plan {
  const { briefed } = situation;
  const { status, actions, needsPerson, promises } = briefed.briefing;
  const refund = newestAction(briefed, 'request_refund');
  const isDone = actions.length > 0 && actions.every((action) => action.state === 'done');
  const isOpen = needsPerson || promises.some((promise) => promise.state === 'open');
  const next = refund && refund.state !== 'failed' ? refundState(situation, refund) : [];
  return planOf(situation, 'closing', {
    text: inWords(situation, ['Glad to help.', ...next]),
    resolves: isDone && !isOpen && (status === 'open' || status === 'waiting'),
  });
}

/** What has come of an action while nobody asked. */
export function tellOutcome(situation: Situation): Plan {
  const refund = newestAction(situation.briefed, 'request_refund');
  if (refund?.state === 'failed') return refundFailed(situation, refund);
  return planOf(situation, 'outcome', { text: inWords(situation, stateSentences(situation)) });
}
