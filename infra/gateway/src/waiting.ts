import type { Clock } from '@throughline/kernel/ports';
import type { CaseEventBodies } from '@throughline/schemas/generated/messages';

/** How long a customer waits in silence before a holding sentence is due. */
export const HOLDING_AFTER_MS = 2000;

/**
 * Whether somebody on this line is waiting for something. A wait begins when the line opens or the customer says something;
 * one holding sentence is due in it at most, however much is said meanwhile.
 */
export interface Waiting {
  /** `briefing`: until the case is known; `words`: until something is said. */
  begin(until: 'briefing' | 'words'): void;
  /** The customer has said something and expects an answer. */
  turnSaid(): void;
  briefed(briefing: Pick<CaseEventBodies['ContactBriefed'], 'cause' | 'replyDue'>): void;
  caughtUp(): void;
  /** Something was said, or the customer has been told why nothing will be. */
  over(): void;
}

interface Wait {
  readonly until: 'briefing' | 'words';
  readonly turnSaid: boolean;
}

export function createWaiting(clock: Clock, holding: () => void): Waiting {
  let wait: Wait | undefined;
  let cancel = () => {};

  function change(next: Wait): void {
    if (wait === undefined) cancel = clock.after(HOLDING_AFTER_MS, holding);
    wait = next;
  }
  function over(): void {
    cancel();
    wait = undefined;
  }

  return {
    begin: (until) => change({ until, turnSaid: false }),
    turnSaid: () => change({ until: 'words', turnSaid: true }),
    briefed({ cause, replyDue }) {
      if (wait?.until === 'briefing') over();
      // The briefing of a join is no answer to a turn that came behind it.
      else if (wait !== undefined && !replyDue && !(wait.turnSaid && cause === 'joined')) over();
    },
    caughtUp() {
      if (wait !== undefined && !wait.turnSaid) over();
    },
    over,
  };
}
