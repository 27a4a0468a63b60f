import { wantsNothing } from '@throughline/language/farewell';
import { agrees } from '@throughline/language/intent';
import { mentions } from '@throughline/language/mentions';
import type { ContactBriefed } from '@throughline/schemas/generated/messages';
import type { ActionSpec } from '../actions.ts';
import type { Model, Plan } from '../model.ts';
import { identify } from './identify.ts';
import { newsClause } from './news.ts';
import { firstWords, missingNow, opensWithState, stateSentences, whereWeAre } from './opening.ts';
import { orderStatus } from './order-status.ts';
import { inWords, planOf } from './planning.ts';
import { refund, refundStatus } from './refund.ts';
import { ASKS, ORDER_NUMBER, readForThisTurn, readSituation, type Situation, wantedBefore } from './situation.ts';
import { closing, isNewMatter, newMatter, other, person, tellOutcome } from './talk.ts';

/** The region whose way of writing phone numbers is assumed where none is given. */
const REGION = 'US';
const SHORT_ANSWER_LENGTH_MAX = 40;

/** The AI's chair without a language model: fixed playbooks in English, the same answer to the same briefing, no network. */
export function createPlaybookModel(options: { readonly region?: string } = {}): Model {
  const region = options.region ?? REGION;
  return { plan: async (briefed, tools) => planReply(briefed, tools, region) };
}

/** Pure: one briefing, one plan. */
export function planReply(briefed: ContactBriefed, tools: readonly ActionSpec[], region: string): Plan {
  const situation = readSituation(briefed, tools, region);
  if (!isKnown(situation)) return situation.intents.has('person') ? person(situation) : identify(situation);
  const plan = choose(situation, region);
  if (plan.text === null) return plan;
  const opening = opensWithState(situation) ? stateSentences(situation) : [];
  const first = [newsClause(situation), ...opening].filter(
    (sentence) => sentence !== '' && !plan.text?.includes(sentence),
  );
  return { ...plan, text: inWords(situation, [...first, plan.text]) };
}

/** Who is on the contact is settled, and identity has nothing to say about this turn. */
function isKnown({ briefed }: Situation): boolean {
  return briefed.settled && !briefed.codeAwaited && (briefed.verdict === null || briefed.verdict === 'proven');
}

function choose(situation: Situation, region: string): Plan {
  const { briefed, intents, said } = situation;
  if (said === '') return silent(situation);
  if (intents.has('person')) return person(situation);
  if (isNewMatter(situation)) return newMatter(situation);
  if (intents.has('refund_status')) return refundStatus(situation);
  if (intents.has('refund')) return refund(situation);
  if (intents.has('order_status')) return orderStatus(situation);
  if (opensWithState(situation) && isOnlyAnAnswer(situation, region)) return firstWords(situation);
  if (briefed.verdict === 'proven') return afterProof(situation);
  if (intents.has('yes') && briefed.briefing.question?.fact === ASKS.code) {
    return planOf(situation, 'identify', { stepUp: Math.max(2, briefed.assurance) });
  }
  return leaveTaking(situation) ?? goOn(situation);
}

/** The last words, if these are some. Whoever says more with them may be gone before anybody could ask what they want. */
function leaveTaking(situation: Situation): Plan | undefined {
  const { intents, said, kind } = situation;
  const isGoodbye = intents.has('goodbye');
  const isNo = isRefusal(situation);
  if (wantsNothing(said)) return isGoodbye || isNo || THANKS.test(said) ? closing(situation) : undefined;
  const isNoToMatter = isNo && (kind === 'refund' || kind === 'order');
  return isGoodbye || isNoToMatter ? person(situation, 'More was said than a no or a good-bye.') : undefined;
}

const THANKS = /\b(?:thank|cheers)/i;

/** Nothing was said: the contact has just come, or an action has come further. Nothing new is begun then. */
function silent(situation: Situation): Plan {
  return situation.briefed.cause === 'action' ? tellOutcome(situation) : firstWords(situation);
}

/** The proof answered a question of ours; what the customer wanted is still to be done. */
function afterProof(situation: Situation): Plan {
  const wanted = wantedBefore(situation);
  if (wanted.has('refund_status')) return refundStatus(situation);
  if (wanted.has('refund')) return refund(situation);
  if (wanted.has('order_status')) return orderStatus(situation);
  if (situation.kind === 'refund' || situation.kind === 'order') return goOn(situation);
  return planOf(situation, 'opening', { text: 'That is right. What can I help you with?' });
}

/** What was said has no wish of its own: it belongs to the matter that this case is about. */
function goOn(situation: Situation): Plan {
  const { briefed } = situation;
  const plan = nextOf(situation);
  // Whoever got these words already and still is not content is better off with a person.
  const own = briefed.briefing.recent.filter(
    (turn) => turn.contactId === briefed.contactId && turn.from !== 'customer',
  );
  return plan.text !== null && own.some((turn) => turn.text === plan.text) ? person(situation) : plan;
}

function nextOf(situation: Situation): Plan {
  const { kind, briefed, intents, said } = situation;
  if (kind !== 'refund' && kind !== 'order') return other(situation);
  // What was looked up for this turn is its answer, whatever else the case is about.
  if (briefed.cause === 'action' && readForThisTurn(briefed, 'order_status')) return orderStatus(situation);
  const isAsked = briefed.briefing.question !== null && missingNow(situation) !== undefined;
  // Small talk about a refund must not set one going, and nothing but a yes sets one going that was taken back.
  const isYes = kind === 'refund' ? agrees(said) : intents.has('yes');
  if (!isYes && !isWanted(situation) && !isAsked) return whereWeAre(situation);
  return kind === 'refund' ? refund(situation) : orderStatus(situation);
}

function isWanted(situation: Situation): boolean {
  if (situation.kind === 'refund' && situation.isRefundWithdrawn) return false;
  return isAnswer(situation) || isStillWanted(situation);
}

/** What was missing is said now. Anything else that a turn holds, like a reason, answers nothing. */
function isAnswer({ briefed, found }: Situation): boolean {
  return found.some((fact) => fact.name === ORDER_NUMBER || fact.name === briefed.briefing.question?.fact);
}

/** Something else than a new turn lets what they wanted before go on: a proof, a backend, a reply of ours that came too late. */
function isStillWanted(situation: Situation): boolean {
  const { cause, verdict } = situation.briefed;
  if (verdict === 'proven') return true;
  return cause !== 'turn' && (situation.kind === 'order' || wantedBefore(situation).has('refund'));
}

/** An address, a number, a code or another short answer to identity's question: the case itself is the reply. */
function isOnlyAnAnswer({ intents, said }: Situation, region: string): boolean {
  if (![...intents].every((intent) => intent === 'other' || intent === 'yes')) return false;
  const { emails, phones } = mentions(said, region);
  return emails.length + phones.length > 0 || said.length <= SHORT_ANSWER_LENGTH_MAX;
}

/** A no to an offer of ours, and not to a question for a fact. */
function isRefusal({ intents, found, briefed }: Situation): boolean {
  return intents.has('no') && found.length === 0 && briefed.briefing.question === null;
}
