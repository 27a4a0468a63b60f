import type { ActionState } from '@throughline/schemas/generated/messages';
import type { Plan } from '../model.ts';
import { handOver, inWords, planOf } from './planning.ts';
import { newestAction, readForThisTurn, type Situation } from './situation.ts';
import { refundRead, refundState, theRefund } from './state.ts';
import { useTool } from './tools.ts';

const NAME = 'refund';

/** Asks for a refund, once: whatever is said about one that is under way gets its state and no new request (law 3). */
export function refund(situation: Situation): Plan {
  const { briefed, tools } = situation;
  const action = newestAction(briefed, 'request_refund');
  if (action?.state === 'failed') return refundFailed(situation, action);
  if (action)
    return planOf(situation, NAME, { text: inWords(situation, refundState(situation, action)), kind: 'refund' });
  const spec = tools.find((tool) => tool.name === 'request_refund');
  if (!spec) return handOver(situation, NAME, 'The customer wants a refund.', ['I cannot do a refund myself.']);
  return useTool(situation, NAME, 'refund', spec);
}

/** Says where a refund is, after a look at the backend where it may have moved on. */
export function refundStatus(situation: Situation): Plan {
  const { briefed, tools } = situation;
  const action = newestAction(briefed, 'request_refund');
  if (action?.state === 'failed') return refundFailed(situation, action);
  const spec = tools.find((tool) => tool.name === 'refund_status');
  const read = readForThisTurn(briefed, 'refund_status');
  const isUseful = action === undefined || (action.state === 'pending' && briefed.assurance >= (spec?.assurance ?? 0));
  if (spec && isUseful && (read === undefined || read.state === 'requested'))
    return useTool(situation, NAME, 'refund', spec);
  if (action === undefined && read?.state !== 'done') {
    return handOver(situation, NAME, 'The state of a refund could not be read.', [
      'I cannot see where your refund is.',
    ]);
  }
  return planOf(situation, NAME, {
    text: inWords(situation, action ? refundState(situation, action) : refundRead(situation)),
    kind: 'refund',
  });
}

/** A person takes over what did not work; it is not tried again by itself. */
export function refundFailed(situation: Situation, failed: ActionState): Plan {
  const said = [`${theRefund(situation)} did not go through.`, failed.note ?? ''];
  return handOver(situation, NAME, 'The refund could not be asked for.', said);
}
