import type { Foundation, Service } from '@throughline/service/service';
import type { ActionSpec } from './actions.ts';
import { unplayedActions } from './load-actions.ts';
import type { Model } from './model.ts';
import { createPlaybookModel } from './playbooks/playbook.ts';
import { createAgentReactor } from './reactor.ts';
import { createActionsReactor } from './runner.ts';

/**
 * The agent: one reactor that replies, and one that does what cases ask for in the backends.
 * @param on.model who plans the replies; the playbooks where it is left out
 */
export function openAgent(
  on: Foundation & {
    readonly region: string;
    readonly actions: readonly ActionSpec[];
    readonly model?: Model | undefined;
  },
): Service {
  return { reactors: [createAgentReactor({ ...on, model: on.model ?? playbooks(on) }), createActionsReactor(on)] };
}

/** The playbooks know a few actions only; it is told which of the file's they will never use. */
function playbooks(on: Parameters<typeof openAgent>[0]): Model {
  for (const action of unplayedActions(on.actions)) on.reporter.warn('action.unused', { action });
  return createPlaybookModel({ region: on.region });
}
