import type { Model } from '@throughline/agent/model';
import type { ContactBriefed } from '@throughline/schemas/generated/messages';

/**
 * An agent that does not look at what has been asked for already, as a language model may not: that nothing is done twice must not hang
 * on whoever sits in its chair.
 */
export const careless = (model: Model): Model => ({
  plan: (briefed, tools) => model.plan(briefed.cause === 'turn' ? withoutActions(briefed) : briefed, tools),
});

const withoutActions = (briefed: ContactBriefed): ContactBriefed => ({
  ...briefed,
  briefing: { ...briefed.briefing, actions: [] },
});
