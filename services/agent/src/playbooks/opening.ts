import type { Plan } from '../model.ts';
import { inWords, planOf } from './planning.ts';
import { ASKS, newestAction, type Situation } from './situation.ts';
import { statusOf, whereItIs } from './state.ts';
import { firstMissing, questionFor } from './tools.ts';

const NAME = 'opening';

/** Whether this contact is to hear first where the case is: it has just come to a case that was there before. */
export function opensWithState({ briefed }: Situation): boolean {
  const isNew = briefed.briefing.firstWords || briefed.cause === 'joined';
  return isNew && briefed.disposition === 'resumed' && briefed.assurance > 0;
}

/** Where the case is, for somebody who has just come back to it. No greeting and no recital. */
export function stateSentences(situation: Situation): readonly string[] {
  const { needsPerson, promises } = situation.briefed.briefing;
  const state = whereItIs(situation);
  const person = needsPerson && promises.length === 0 ? ['A colleague has been asked to look at it.'] : [];
  const isVague =
    newestAction(situation.briefed, 'request_refund') === undefined &&
    situation.kind !== 'refund' &&
    situation.kind !== 'order';
  return [
    ...(isVague && statusOf(situation, 'order_status') === undefined ? ['There is an open matter here.'] : []),
    ...state,
    ...person,
  ];
}

/** The first words to somebody who has said nothing yet. */
export function firstWords(situation: Situation): Plan {
  const { briefed } = situation;
  if (briefed.disposition !== 'resumed') return planOf(situation, NAME, { text: 'What can I help you with?' });
  if (briefed.assurance === 0) {
    const text =
      'I need to check who you are before I can say more. Shall I send a code to the e-mail address we have?';
    return planOf(situation, NAME, { text, asks: ASKS.code });
  }
  return whereWeAre(situation);
}

/** Where the case is, and the question that moves it on where one is open. */
export function whereWeAre(situation: Situation): Plan {
  const { next, asks } = nextQuestion(situation);
  return planOf(situation, NAME, { text: inWords(situation, [...stateSentences(situation), next]), asks });
}

/** The fact that this matter still lacks, where its action is to be taken next. */
export function missingNow(situation: Situation): string | undefined {
  const name = situation.kind === 'refund' ? 'request_refund' : 'order_status';
  return firstMissing(
    situation,
    situation.tools.find((tool) => tool.name === name),
  );
}

/** What moves a matter on that nothing has been done about yet. */
function nextQuestion(situation: Situation): { next: string; asks: string | null } {
  const { briefed, kind } = situation;
  const { question, needsPerson, actions, promises } = briefed.briefing;
  if (needsPerson || actions.length > 0 || promises.length > 0) return { next: '', asks: null };
  if (kind !== 'refund' && kind !== 'order') {
    return question?.fact === ASKS.matter
      ? { next: 'What is it about?', asks: ASKS.matter }
      : { next: 'What would you like to add?', asks: null };
  }
  const missing = missingNow(situation);
  if (missing !== undefined) return { next: questionFor(missing, kind), asks: missing };
  return {
    next: kind === 'refund' ? 'Shall I go on with the refund?' : 'Shall I look up where it is now?',
    asks: null,
  };
}
