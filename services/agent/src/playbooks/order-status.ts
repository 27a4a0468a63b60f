import type { Plan } from '../model.ts';
import { handOver, inWords, planOf } from './planning.ts';
import { readForThisTurn, type Situation } from './situation.ts';
import { orderState, statusOf } from './state.ts';
import { useTool } from './tools.ts';

const NAME = 'order-status';

/** Looks up where an order is, anew for every turn that asks, and says it. */
export function orderStatus(situation: Situation): Plan {
  const spec = situation.tools.find((tool) => tool.name === 'order_status');
  if (!spec)
    return handOver(situation, NAME, 'The customer asks where an order is.', ['I cannot look up orders myself.']);
  const read = readForThisTurn(situation.briefed, 'order_status');
  if (read === undefined || read.state === 'requested') return useTool(situation, NAME, 'order', spec);
  if (read.state !== 'done' || statusOf(situation, 'order_status') === undefined) {
    return handOver(situation, NAME, 'The order could not be looked up.', [
      'I could not look up the order.',
      read.note ?? '',
    ]);
  }
  return planOf(situation, NAME, { text: inWords(situation, orderState(situation)), kind: 'order' });
}
