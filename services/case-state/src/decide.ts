import type { DecideContext, Decision, Documents } from '@throughline/kernel/processor';
import type { CaseInput } from '@throughline/schemas/generated/messages';
import { report } from './actions.ts';
import { leave, reconnect } from './connections.ts';
import { deliver, look, requestMail } from './deliveries.ts';
import { type CaseOutput, Drafting } from './drafting.ts';
import { join } from './joining.ts';
import { caseIdOf, lastSeenNumber } from './needs.ts';
import { propose } from './replies.ts';
import { fire } from './timers.ts';
import { move, prove, say, weigh } from './turns.ts';

/** What follows from one input of a case. Pure; throwing parks the input, with a message that holds nothing protected. */
export function decide(input: CaseInput, documents: Documents, context: DecideContext): Decision<CaseOutput> {
  if (input.type === 'RedriveRequested') return {};
  const draft = new Drafting(caseIdOf(input), documents, context);
  apply(draft, input, documents);
  return draft.finish();
}

function apply(draft: Drafting, input: CaseInput, documents: Documents): void {
  switch (input.type) {
    case 'ContactJoined':
      join(draft, input.body);
      return;
    case 'CustomerSaid':
      say(draft, input.body);
      return;
    case 'TurnWeighed':
      weigh(draft, input.body);
      return;
    case 'OwnerProven':
      prove(draft, input.body);
      return;
    case 'MoveDecided':
      move(draft, input.body);
      return;
    case 'ReplyProposed':
      propose(draft, input.body);
      return;
    case 'ActionReported':
      report(draft, input.body);
      return;
    case 'ContactReconnected':
      reconnect(draft, input.body, lastSeenNumber(input.body, documents));
      return;
    case 'ContactLeft':
      leave(draft, input.body);
      return;
    case 'Delivered':
      deliver(draft, input.body);
      return;
    case 'MailRequested':
      requestMail(draft, input.body);
      return;
    case 'CaseLooked':
      look(draft, input.body);
      return;
    case 'TimerFired':
      fire(draft, input.body.timerId);
      return;
    case 'RedriveRequested':
      return;
    default:
      input satisfies never;
      return;
  }
}
