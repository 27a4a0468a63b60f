import type { Clock } from '@throughline/kernel/ports';
import type { CaseEventBodies } from '@throughline/schemas/generated/messages';
import type { Said } from './line.ts';
import { createRecent } from './recent.ts';

/** How long a customer waits in silence before a holding sentence is due. */
export const HOLDING_AFTER_MS = 2000;

/** How many turns that were answered while the line was away are remembered. */
const ANSWERED_MAX = 500;

/**
 * Whether somebody on this line is waiting for something. A wait begins when the line opens or the customer says something;
 * one holding sentence is due in it at most, however much is said meanwhile.
 */
export interface Waiting {
  /** `briefing`: until the case is known; `words`: until something is said. */
  begin(until: 'briefing' | 'words'): void;
  /** The customer has said something and expects an answer, unless it is among what was `missed`. */
  turnSaid(inputId: string): void;
  briefed(briefing: Pick<CaseEventBodies['ContactBriefed'], 'cause' | 'replyDue'>): void;
  caughtUp(): void;
  /** What was said while the line was away, oldest first: who says again what was answered there waits for nothing. */
  missed(frames: readonly Pick<Said, 'from' | 'inputId'>[]): void;
  /** Something was said, or the customer has been told why nothing will be. */
  over(): void;
}

interface Wait {
  readonly until: 'briefing' | 'words';
  /** What was said last; undefined where nothing was. */
  readonly turn: string | undefined;
}

export function createWaiting(clock: Clock, holding: () => void): Waiting {
  let wait: Wait | undefined;
  let cancel = () => {};
  const answered = createRecent<true>(ANSWERED_MAX);
  /** Turns that nothing was said behind, in what was missed so far. */
  let unanswered: string[] = [];

  function change(next: Wait): void {
    if (wait === undefined) cancel = clock.after(HOLDING_AFTER_MS, holding);
    wait = next;
  }
  function over(): void {
    cancel();
    wait = undefined;
  }

  return {
    begin: (until) => change({ until, turn: undefined }),
    turnSaid(inputId) {
      if (!answered.has(inputId)) change({ until: 'words', turn: inputId });
    },
    briefed({ cause, replyDue }) {
      if (wait?.until === 'briefing') over();
      // The briefing of a join is no answer to a turn that came behind it.
      else if (wait !== undefined && !replyDue && !(wait.turn !== undefined && cause === 'joined')) over();
    },
    caughtUp() {
      if (wait !== undefined && wait.turn === undefined) over();
    },
    missed(frames) {
      for (const { from, inputId } of frames) {
        if (from !== 'customer') {
          for (const turn of unanswered) answered.set(turn, true);
          unanswered = [];
        } else if (inputId !== null) unanswered.push(inputId);
      }
      if (wait?.turn !== undefined && answered.has(wait.turn)) over();
    },
    over,
  };
}
