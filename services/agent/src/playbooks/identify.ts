import type { Plan } from '../model.ts';
import { handOver, inWords, planOf } from './planning.ts';
import { ASKS, type Situation, timesAsked } from './situation.ts';

const NAME = 'identify';
const ASKS_MAX = 2;
const CODE_ASKS_MAX = 3;

/**
 * Speaks while it is not settled who is on the contact. Nothing that it says depends on what exists: the same words whether
 * an address is on file or not, and nothing is read out (law 5).
 */
export function identify(situation: Situation): Plan {
  const { briefed } = situation;
  switch (briefed.verdict) {
    case 'code-sent':
      return codeAwaited(situation);
    case 'code-wrong':
      return ask(situation, ASKS.code, [codeWrong(briefed.triesLeft)]);
    case 'code-expired':
      return briefed.settled
        ? ask(situation, ASKS.code, ['That code has run out. Shall I send a new one?'])
        : ask(situation, ASKS.identity, [
            `That code has run out. ${pleaseTell(situation)}, and a new one can be sent.`,
          ]);
    case 'code-exhausted':
      return handOver(situation, NAME, 'The code was wrong too often.', ['I cannot take any more codes here.']);
    case 'code-limited':
      return planOf(situation, NAME, {
        text: 'No more codes can be sent just now. Please try again later, or ask me for a person.',
      });
    case 'no-address':
      return handOver(situation, NAME, 'The customer cannot be verified by a code.', [
        'I cannot check who you are this way.',
      ]);
    case 'which-case':
      return whichCase(situation);
    case 'nothing-found':
    case 'proven':
    case null:
      return briefed.disposition === 'choose' ? whichCase(situation) : whoAreYou(situation);
  }
}

/** Who has not given the code after some turns may have no way to it. A person takes over then, and the code stays good. */
function codeAwaited(situation: Situation): Plan {
  if (timesAsked(situation, ASKS.code) < CODE_ASKS_MAX) return ask(situation, ASKS.code, [codeSent(situation)]);
  return handOver(situation, NAME, 'The customer does not give the code.', [
    'I cannot go on without the code. If you find it, please tell me the six digits.',
  ]);
}

function whoAreYou(situation: Situation): Plan {
  const hasSpoken = situation.said !== '';
  if (hasSpoken && timesAsked(situation, ASKS.identity) >= ASKS_MAX) {
    return handOver(situation, NAME, 'It could not be found out who the customer is.', [
      'I could not find you with that.',
    ]);
  }
  const please = `${pleaseTell(situation)}, so that I can find you.`;
  if (!hasSpoken) return ask(situation, ASKS.identity, ['What can I help you with?', please]);
  return ask(situation, ASKS.identity, [
    timesAsked(situation, ASKS.identity) > 0 ? `I could not find you with that. ${please}` : please,
  ]);
}

function whichCase(situation: Situation): Plan {
  if (timesAsked(situation, ASKS.whichCase) >= ASKS_MAX) {
    return handOver(situation, NAME, 'It is not clear which case the customer means.', [
      'I am not sure which matter you mean.',
    ]);
  }
  return ask(situation, ASKS.whichCase, [
    'Is this about something you have been in touch about before? An order number helps, or say it is something new.',
  ]);
}

function codeSent({ briefed }: Situation): string {
  // Whoever is settled is known, so that an address exists gives nothing away.
  return briefed.settled
    ? 'I need to check that it is you before I go on. A six-digit code is on its way to the e-mail address we have. Please tell me the code.'
    : 'If that address or number is on file with us, a six-digit code is on its way to the e-mail address we have. Please tell me the code.';
}

function codeWrong(triesLeft: number): string {
  const left = triesLeft === 1 ? 'You have one try left.' : `You have ${triesLeft} tries left.`;
  return `That code is not right. ${left} Please give me the six digits again.`;
}

function pleaseTell({ briefed }: Situation): string {
  return briefed.channel === 'email'
    ? 'Please reply with the e-mail address or phone number that we have on file for you'
    : 'Please tell me the e-mail address or phone number that we have on file for you';
}

function ask(situation: Situation, asks: string, sentences: readonly string[]): Plan {
  const kind = situation.found.find((fact) => fact.name === 'kind')?.value ?? null;
  return planOf(situation, NAME, { text: inWords(situation, sentences), asks, kind });
}
