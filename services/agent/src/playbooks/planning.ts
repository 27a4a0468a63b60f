import type { Plan } from '../model.ts';
import type { Situation } from './situation.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** What is promised whenever a person is to look. */
export const COLLEAGUE = 'A colleague will look at this and get back to you.';

/** A plan of which only what matters is stated; what was found in the turns always goes along. */
export function planOf(situation: Situation, playbook: string, stated: Partial<Plan>): Plan {
  const { kind, ...rest } = stated;
  const isKindOpen = situation.briefed.briefing.kind === null || situation.briefed.briefing.kind === 'other';
  return {
    text: null,
    facts: situation.found,
    asks: null,
    promise: null,
    promiseDueMs: null,
    action: null,
    handover: null,
    kind: isKindOpen ? (kind ?? null) : null,
    resolves: false,
    stepUp: null,
    newIssue: false,
    playbook,
    ...rest,
  };
}

/** Passes the case to a person and promises that, once. `first` is what is said before. */
export function handOver(situation: Situation, playbook: string, why: string, first: readonly string[]): Plan {
  const { briefed } = situation;
  if (briefed.briefing.needsPerson) {
    const text = inWords(situation, [...first, 'A colleague has been asked to look at this and will get back to you.']);
    return planOf(situation, playbook, { text });
  }
  return planOf(situation, playbook, {
    text: inWords(situation, [...first, COLLEAGUE]),
    handover: why,
    promise: COLLEAGUE,
    promiseDueMs: briefed.atMs + DAY_MS,
  });
}

/** Sentences as the channel wants them: paragraphs in a mail, one breath elsewhere. The same thing is said once. */
export function inWords({ briefed }: Situation, sentences: readonly string[]): string {
  return [...new Set(sentences.filter((sentence) => sentence !== ''))].join(briefed.channel === 'email' ? '\n\n' : ' ');
}

/** Somebody else's words as a sentence of ours. */
export function asSentence(text: string): string {
  const trimmed = text.trim();
  return trimmed === '' || /[.?!…”]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
