import type { Message } from '@throughline/kernel/envelope';
import type { CaseEvent, IdentityEvent } from '@throughline/schemas/generated/messages';
import type { Metrics } from './metrics.ts';

/** Counts what an event says about how well the mesh does. `nowMs`: when it was in the log, epoch milliseconds. */
export function countEvent(metrics: Metrics, message: Message, nowMs: number): void {
  const event = message as CaseEvent | IdentityEvent;
  switch (event.type) {
    case 'ContactBriefed':
      for (const { sensitivity } of event.body.receipt.withheld) metrics.count('withheld', { sensitivity });
      if (event.body.cause !== 'joined') break;
      metrics.count('contacts', { channel: event.body.channel, disposition: event.body.disposition });
      metrics.time('briefing', Math.max(0, nowMs - event.timeMs) / 1_000, { channel: event.body.channel });
      break;
    case 'ReplyRefused':
      metrics.count('refused', { reason: event.body.reason });
      break;
    case 'StepUpStarted':
      metrics.count('stepUps', { outcome: event.body.limited ? 'limited' : 'started' });
      break;
    case 'StepUpEnded':
      metrics.count('stepUps', { outcome: event.body.outcome });
      break;
    default:
      break;
  }
}
