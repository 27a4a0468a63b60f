import type { ContactBriefed, ReplyProposed } from '@throughline/schemas/generated/messages';
import type { ActionSpec } from './actions.ts';

/** What to say or do next: a proposed reply without the address that the reactor copies from the briefing. */
export type Plan = Omit<ReplyProposed, 'contactId' | 'caseId' | 'inputId' | 'basis'>;

/**
 * Whoever sits in the AI's chair. It knows the briefing and nothing else, so it cannot say what the contact was not given.
 * The playbooks are one such; a language model is another behind the same port.
 */
export interface Model {
  /**
   * Plans the one reply to a briefing with `replyDue`.
   * @param tools the actions of the actions file
   * @returns rejects on an outage, in which case the briefing is handed again later
   */
  plan(briefed: ContactBriefed, tools: readonly ActionSpec[]): Promise<Plan>;
}
