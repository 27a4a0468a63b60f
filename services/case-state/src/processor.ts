import type { Processor } from '@throughline/kernel/processor';
import type { CaseInput } from '@throughline/schemas/generated/messages';
import { CASE_EVENTS, CASE_INPUTS } from '@throughline/schemas/topics';
import { decide } from './decide.ts';
import type { CaseOutput } from './drafting.ts';
import { needs } from './needs.ts';

export const PROCESSOR_NAME = 'case-state';

/** Keeps every case: the numbered thread, what is known, who is on it and what is due. */
export function createCaseProcessor(): Processor<CaseInput, CaseOutput> {
  return {
    name: PROCESSOR_NAME,
    topic: CASE_INPUTS,
    needs,
    decide,
    keyOf: (_document, content) => `case:${(content as { readonly caseId: string }).caseId}`,
    held: ({ key, message }, context) => [
      {
        topic: CASE_EVENTS,
        key,
        subject: key,
        type: 'ContactHeld',
        body: { caseId: key, number: 0, atMs: context.nowMs, contactId: contactIdOf(message) },
      },
    ],
  };
}

function contactIdOf(message: CaseInput | undefined): string | null {
  return message !== undefined && 'contactId' in message.body ? message.body.contactId : null;
}
