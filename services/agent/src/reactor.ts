import type { EdgeDraft } from '@throughline/kernel/edge';
import { ERASED } from '@throughline/kernel/envelope';
import { deriveId } from '@throughline/kernel/ids';
import type { Clock } from '@throughline/kernel/ports';
import type { Reactor } from '@throughline/kernel/reactor';
import type { CaseEvent, CaseInput, ContactBriefed } from '@throughline/schemas/generated/messages';
import { CASE_EVENTS, CASE_INPUTS } from '@throughline/schemas/topics';
import type { ActionSpec } from './actions.ts';
import type { Model } from './model.ts';

/** Answers each briefing that is due a reply with exactly one `ReplyProposed`. It keeps no state: the briefing is all there is. */
export function createAgentReactor(options: {
  readonly model: Model;
  readonly actions: readonly ActionSpec[];
  readonly clock: Clock;
}): Reactor<CaseEvent> {
  const { model, actions, clock } = options;
  return {
    name: 'agent',
    topic: CASE_EVENTS,
    types: ['ContactBriefed'],
    wants: (event) => event.type === 'ContactBriefed' && event.body.replyDue,
    async handle(event) {
      if (event.type !== 'ContactBriefed' || isErased(event.body)) return [];
      const { caseId, contactId, inputId, basis, cause } = event.body;
      const plan = await model.plan(event.body, actions);
      const reply: EdgeDraft<Extract<CaseInput, { type: 'ReplyProposed' }>> = {
        topic: CASE_INPUTS,
        key: caseId,
        type: 'ReplyProposed',
        subject: caseId,
        id: deriveId('msg', 'ReplyProposed', contactId, inputId, String(basis), cause),
        timeMs: clock.nowMs(),
        traceparent: event.traceparent,
        body: { contactId, caseId, inputId, basis, ...plan },
      };
      return [reply];
    },
  };
}

/** A case whose key is destroyed takes no more replies: there is nobody left to answer and nothing to seal it with. */
function isErased({ briefing }: ContactBriefed): boolean {
  const { facts, unanswered, recent, promises } = briefing;
  return [
    ...facts.map((fact) => fact.value),
    ...[...unanswered, ...recent, ...promises].map((item) => item.text),
  ].includes(ERASED);
}
