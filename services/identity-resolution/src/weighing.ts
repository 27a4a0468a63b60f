import type { TurnWeighed } from '@throughline/schemas/generated/messages';
import type { ContactDocument, StepUpDocument } from './documents.ts';
import type { Ledger } from './ledger.ts';

/** A code lives this long, works once and stands this many tries. */
export const CODE_MS_MAX = 10 * 60_000;
export const TRIES_MAX = 5;

/** Tells the case what came of a turn that leaves the contact where it is. */
export function weighed(
  ledger: Ledger,
  contact: ContactDocument,
  said: { readonly inputId: string | null; readonly verdict: TurnWeighed['verdict'] },
): void {
  const stepUp = openStepUp(ledger, contact.stepUpId);
  ledger.tell('TurnWeighed', {
    contactId: contact.contactId,
    caseId: contact.caseId,
    inputId: said.inputId,
    verdict: said.verdict,
    assurance: contact.assurance,
    codeAwaited: stepUp !== undefined,
    triesLeft: stepUp ? TRIES_MAX - stepUp.tries : 0,
  });
}

/** The step-up whose code may still be said. */
export function openStepUp(ledger: Ledger, stepUpId: string | null): StepUpDocument | undefined {
  const stepUp = stepUpId === null ? undefined : ledger.look('stepup', stepUpId);
  return stepUp?.state === 'open' && ledger.nowMs - stepUp.startedMs <= CODE_MS_MAX ? stepUp : undefined;
}
