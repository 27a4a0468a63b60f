import type { Foundation, Service } from '@throughline/service/service';
import type { ActionSpec } from './actions.ts';
import { unplayedActions } from './load-actions.ts';
import { createPlaybookModel } from './playbooks/playbook.ts';
import { createAgentReactor } from './reactor.ts';
import { createActionsReactor } from './runner.ts';

/** The agent: one reactor that replies, and one that does what cases ask for in the backends. */
export function openAgent(
  on: Foundation & { readonly region: string; readonly actions: readonly ActionSpec[] },
): Service {
  const { region, actions, reporter } = on;
  for (const action of unplayedActions(actions)) reporter.warn('action.unused', { action });
  return {
    reactors: [createAgentReactor({ ...on, model: createPlaybookModel({ region }) }), createActionsReactor(on)],
  };
}
