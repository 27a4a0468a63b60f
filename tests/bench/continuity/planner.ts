import type { Model, Plan } from '@throughline/agent/model';
import type { ContactBriefed, Fact } from '@throughline/schemas/generated/messages';
import { isIdentification, type Script, type Step } from './script.ts';
import { assuranceOf, parametersOf } from './tools.ts';

/** The questions that the planner asks, as the customer recognises them. */
export const ASKS = {
  identity: 'Please tell me the e-mail address or phone number that we have on file for you.',
  code: 'Please tell me the six-digit code that is on its way to you by e-mail.',
  identification: 'Please confirm the name and postal code, or the e-mail address, of your account.',
  matter: 'What can I help you with?',
  goOn: 'Shall I go on?',
} as const;
export const DONE = 'There is nothing left to do.';
export const UNDER_WAY = 'That is under way.';
const CONFIRM = /Shall I [^?]+ \(step (\d+)\)\?/;

/** The step that words ask to confirm; undefined where they ask for no such thing. */
export const stepAsked = (words: string): number | undefined => {
  const [, step] = CONFIRM.exec(words) ?? [];
  return step === undefined ? undefined : Number(step);
};

const REFERENCE = 'case_reference';
const IDENTIFICATION = 'identification';
const STEP_UP_LEVEL = 2;

export interface Seen {
  readonly taskId: string | undefined;
  readonly given: number;
  readonly bytes: number;
}

/**
 * The agent's chair, filled with the tasks' own lists. What it knows of a contact is its briefing: which request it is about, who
 * was asked what, what has been done. What it does next is the first step that the case does not say is done.
 * @param see hears of every briefing that a reply is due to
 */
export function createPlanner(scripts: readonly Script[], see: (seen: Seen) => void): Model {
  return {
    async plan(briefed) {
      const script = scriptFor(briefed, scripts);
      const { given, bytes } = briefed.receipt;
      see({ taskId: script?.taskId, given: given.length, bytes });
      return planFor({ briefed, script, said: saidIn(briefed) });
    },
  };
}

interface Situation {
  readonly briefed: ContactBriefed;
  readonly script: Script | undefined;
  readonly said: string;
}

function planFor(situation: Situation): Plan {
  const { briefed, script, said } = situation;
  const isKnown = briefed.settled && !briefed.codeAwaited && (briefed.verdict === null || briefed.verdict === 'proven');
  if (!isKnown) return identify(situation);
  if (script === undefined) return planOf(situation, { text: ASKS.matter, asks: 'matter' });
  const next = nextStep(briefed, script);
  const isSilent = said === '' && briefed.cause !== 'action' && briefed.verdict !== 'proven';
  if (next === undefined) return finish(situation, script);
  if (isIdentification(next) && !isKnownFact(briefed, IDENTIFICATION)) return askWhoTheyAre(situation, script, next);
  if (next.ask > 0 && !isConfirmed(situation, next)) return askFirst(situation, script, next);
  if (isPending(briefed, next)) return planOf(situation, { text: whereItIs(situation, script, UNDER_WAY) });
  if (isSilent) return planOf(situation, { text: whereItIs(situation, script, ASKS.goOn) });
  return act(situation, next);
}

function finish(situation: Situation, script: Script): Plan {
  const isPassedOn = script.steps.some(({ name }) => name === 'transfer_to_human_agents');
  const handover = isPassedOn ? 'The customer is passed on to a person.' : null;
  return planOf(situation, { text: whereItIs(situation, script, DONE), resolves: !isPassedOn, handover });
}

/** Speaks while the briefing says that it is not sure who this is. What they want comes first, then who they are. */
function identify(situation: Situation): Plan {
  switch (situation.briefed.verdict) {
    case 'code-sent':
    case 'code-wrong':
      return planOf(situation, { text: ASKS.code, asks: 'code' });
    case 'code-exhausted':
    case 'code-limited':
    case 'no-address':
      return planOf(situation, { text: 'I cannot check who you are here.', handover: 'No proof can be had here.' });
    default:
      return situation.said === ''
        ? planOf(situation, { text: ASKS.matter, asks: 'matter' })
        : planOf(situation, { text: ASKS.identity, asks: 'identity' });
  }
}

function askWhoTheyAre(situation: Situation, script: Script, next: Step): Plan {
  const isAnswered = script.identification !== null && situation.said.includes(script.identification);
  if (!isAnswered) {
    const text = whereItIs(situation, script, ASKS.identification);
    return planOf(situation, { text, asks: IDENTIFICATION });
  }
  const known = fact(situation, IDENTIFICATION, script.identification ?? '', 'personal');
  return act(situation, next, [known]);
}

function askFirst(situation: Situation, script: Script, next: Step): Plan {
  const question = `Shall I ${next.label} (step ${next.ask})?`;
  return planOf(situation, { text: whereItIs(situation, script, question), asks: confirmationOf(next) });
}

/** Does the step, or asks for the proof that it needs. A yes is kept, so that nobody is asked for it again. */
function act(situation: Situation, next: Step, more: readonly Fact[] = []): Plan {
  const { briefed } = situation;
  const isNewYes = next.ask > 0 && !isKnownFact(briefed, confirmationOf(next));
  const facts = isNewYes ? [...more, fact(situation, confirmationOf(next), 'yes', 'status')] : more;
  const assurance = assuranceOf(next.name);
  if (briefed.assurance < assurance) return planOf(situation, { stepUp: STEP_UP_LEVEL }, facts);
  const parameters = parametersOf(next.name, next.args);
  return planOf(situation, { action: { name: next.name, effect: next.effect, assurance, parameters } }, facts);
}

/** The first step that the case does not say has ended. */
function nextStep({ briefing }: ContactBriefed, script: Script): Step | undefined {
  const ended = new Map<string, number>();
  for (const { name, state } of briefing.actions)
    if (state === 'done' || state === 'failed') ended.set(name, (ended.get(name) ?? 0) + 1);
  return script.steps.find(({ name }) => {
    const left = ended.get(name) ?? 0;
    ended.set(name, left - 1);
    return left <= 0;
  });
}

/** Steps are done one after another, so what is pending under this name is this step. */
const isPending = ({ briefing }: ContactBriefed, next: Step): boolean =>
  briefing.actions.some(({ name, state }) => name === next.name && state === 'pending');

function isConfirmed({ briefed, said }: Situation, next: Step): boolean {
  if (isKnownFact(briefed, confirmationOf(next))) return true;
  return /\byes\b/i.test(said) && new RegExp(`\\bstep ${next.ask}\\b`).test(said);
}

const confirmationOf = (step: Step): string => `confirmed_${step.ask}`;

/** First words say where the request is; later ones only what comes next. */
function whereItIs({ briefed }: Situation, script: Script, next: string): string {
  const { actions, firstWords } = briefed.briefing;
  const changes = script.steps.filter(({ effect }) => effect === 'write').length;
  const done = actions.filter(({ effect, state }) => effect === 'write' && state === 'done').length;
  const isBack = firstWords && briefed.disposition === 'resumed';
  return isBack ? `Your ${script.reference}: ${done} of ${changes} changes are made. ${next}` : next;
}

const isKnownFact = ({ briefing }: ContactBriefed, name: string): boolean =>
  briefing.knownFacts.includes(name) || briefing.facts.some((known) => known.name === name);

const saidIn = ({ briefing }: ContactBriefed): string =>
  briefing.unanswered
    .filter((turn) => turn.from === 'customer')
    .map((turn) => turn.text)
    .join('\n');

/** By what the case calls it, or else by what the customer has just told. */
function scriptFor(briefed: ContactBriefed, scripts: readonly Script[]): Script | undefined {
  const named = briefed.briefing.facts.find(({ name }) => name === REFERENCE)?.value;
  if (named !== undefined) return scripts.find(({ reference }) => reference === named);
  const told = briefed.briefing.unanswered.map((turn) => lettersOf(turn.text));
  return scripts.find(({ story }) => told.some((words) => words !== '' && isSame(words, lettersOf(story))));
}

/** Digits may have been masked on the way, and a long turn is cut. */
const lettersOf = (text: string): string => text.toLowerCase().replace(/[^a-z]/g, '');
const isSame = (words: string, story: string): boolean => story !== '' && (words === story || words.endsWith(story));

function fact({ briefed }: Situation, name: string, value: string, sensitivity: Fact['sensitivity']): Fact {
  return { name, value, sensitivity, assurance: briefed.assurance, source: 'customer', atMs: briefed.atMs };
}

function planOf(situation: Situation, stated: Partial<Plan>, facts: readonly Fact[] = []): Plan {
  const { briefed, script } = situation;
  const isNew = script !== undefined && !isKnownFact(briefed, REFERENCE);
  const reference = isNew ? [fact(situation, REFERENCE, script.reference, 'status')] : [];
  return {
    text: null,
    facts: [...reference, ...facts],
    asks: null,
    promise: null,
    promiseDueMs: null,
    action: null,
    handover: null,
    kind: null,
    resolves: false,
    stepUp: null,
    newIssue: false,
    playbook: 'script',
    ...stated,
  };
}
