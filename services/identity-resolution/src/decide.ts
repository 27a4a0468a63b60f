import type { DecideContext, Decision, Documents } from '@throughline/kernel/processor';
import type { IdentityInput } from '@throughline/schemas/generated/messages';
import { decideRevocation, decideSubmitted } from './decide-customer.ts';
import { decideIssueChanged } from './decide-issue.ts';
import { decideNoticed, decideRefused } from './decide-notice.ts';
import { decideResumed, decideStarted } from './decide-start.ts';
import { decideOffered, decideSeen, decideStepUp } from './decide-turn.ts';
import { Ledger, type Output } from './ledger.ts';

/** What follows from one input: who a contact is, how sure that is, and which case it belongs to. Pure. */
export function decide(
  input: IdentityInput,
  documents: Documents,
  context: DecideContext,
  brandRegion: string,
): Decision<Output> {
  const ledger = new Ledger(documents, context);
  apply(ledger, input, brandRegion);
  return ledger.decision();
}

function apply(ledger: Ledger, input: IdentityInput, brandRegion: string): void {
  switch (input.type) {
    case 'ContactStarted':
      decideStarted(ledger, input.body, brandRegion);
      break;
    case 'ContactResumed':
      decideResumed(ledger, input.body);
      break;
    case 'ContactSeen':
      decideSeen(ledger, input.body);
      break;
    case 'TurnOffered':
      decideOffered(ledger, input.body);
      break;
    case 'StepUpRequested':
      decideStepUp(ledger, input.body);
      break;
    case 'IssueChanged':
      decideIssueChanged(ledger, input.body);
      break;
    case 'CaseNoticed':
      decideNoticed(ledger, input.body);
      break;
    case 'JoinRefused':
      decideRefused(ledger, input.body);
      break;
    case 'CustomerSubmitted':
      decideSubmitted(ledger, input.body);
      break;
    case 'RevocationRequested':
      decideRevocation(ledger, input.body);
      break;
    case 'TimerFired':
    case 'RedriveRequested':
      // No timer is set here (a code is over by the time of the next turn), and redriving is the kernel's.
      break;
  }
}
