import type { Attribute } from '@throughline/schemas/generated/messages';
import type { ActionSpec } from '../actions.ts';
import type { Plan } from '../model.ts';
import { handOver, inWords, planOf } from './planning.ts';
import { factValue, isWithheld, ORDER_NUMBER, type Situation, timesAsked } from './situation.ts';

const ASKS_MAX = 2;
const ASSURANCE_MAX = 3;
/** What it takes to use a fact that was said in person (the load policy's `personal`). */
const PERSONAL_ASSURANCE = 2;

/**
 * What it takes to run an action: every fact that it needs, asked for one at a time and only where nobody knows it (law 7),
 * and the assurance that it asks for. Then the action itself, of which the words come once it has answered.
 */
export function useTool(situation: Situation, playbook: string, kind: string, spec: ActionSpec): Plan {
  const needed = Object.entries(spec.params).flatMap(([name, { fact }]) =>
    fact === undefined ? [] : [{ name, fact }],
  );
  const missing = needed.find(({ fact }) => factValue(situation, fact) === undefined && !isWithheld(situation, fact));
  if (missing) return askFor(situation, playbook, kind, missing.fact);

  const floor = needed.some(({ fact }) => isWithheld(situation, fact))
    ? Math.max(PERSONAL_ASSURANCE, situation.briefed.assurance + 1, spec.assurance)
    : spec.assurance;
  if (situation.briefed.assurance < floor) return stepUpTo(situation, playbook, kind, floor);

  const parameters = needed.flatMap(({ name, fact }): Attribute[] => {
    const value = factValue(situation, fact);
    return value === undefined ? [] : [{ name, value }];
  });
  return planOf(situation, playbook, {
    kind,
    action: { name: spec.name, effect: spec.effect, assurance: spec.assurance, parameters },
  });
}

/** Asks for the first fact that is missing and known to nobody, if there is one. */
export function firstMissing(situation: Situation, spec: ActionSpec | undefined): string | undefined {
  const facts = Object.values(spec?.params ?? {}).flatMap(({ fact }) => (fact === undefined ? [] : [fact]));
  return facts.find((fact) => factValue(situation, fact) === undefined && !isWithheld(situation, fact));
}

/** The question for a fact. */
export function questionFor(fact: string, kind: string): string {
  if (fact === ORDER_NUMBER)
    return kind === 'refund'
      ? 'Which order is the refund for? Please tell me the order number.'
      : 'What is the order number?';
  if (fact === 'reason') return 'What is the reason?';
  return `What is the ${fact.replaceAll('_', ' ')}?`;
}

function askFor(situation: Situation, playbook: string, kind: string, fact: string): Plan {
  const saysNo = situation.intents.has('no') && situation.briefed.briefing.question?.fact === fact;
  if (saysNo || timesAsked(situation, fact) >= ASKS_MAX) {
    return handOver(situation, playbook, `The customer could not give ${fact}.`, ['I cannot go on without that.']);
  }
  return planOf(situation, playbook, { text: inWords(situation, [questionFor(fact, kind)]), asks: fact, kind });
}

/** Identity finds the words for it. Somebody who has just proven all that can be proven is not sent round again. */
function stepUpTo(situation: Situation, playbook: string, kind: string, needed: number): Plan {
  if (situation.briefed.verdict === 'proven' || needed > ASSURANCE_MAX) {
    return handOver(situation, playbook, 'This needs more assurance than can be had here.', ['I cannot do this here.']);
  }
  return planOf(situation, playbook, { stepUp: needed, kind });
}
