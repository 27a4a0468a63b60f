import type { Clock } from '@throughline/kernel/ports';

/** One deadline for each id that is known. What is told of an id that has ended does nothing. */
export interface Deadlines {
  /** The time of this id runs from now on. */
  start(id: string): void;
  /** The time stands still: it is not theirs that passes. */
  pause(id: string): void;
  /** The whole time again, from now on. */
  restart(id: string): void;
  end(id: string): void;
}

/** @param passed called once for an id whose time is over */
export function createDeadlines(options: {
  readonly clock: Clock;
  readonly limitMs: number;
  readonly passed: (id: string) => void;
}): Deadlines {
  const { clock, limitMs, passed } = options;
  const cancels = new Map<string, () => void>();

  const run = (id: string): void => {
    const cancel = clock.after(limitMs, () => {
      cancels.delete(id);
      passed(id);
    });
    cancels.set(id, cancel);
  };

  return {
    start: run,
    pause: (id) => cancels.get(id)?.(),
    restart(id) {
      const cancel = cancels.get(id);
      if (cancel === undefined) return;
      cancel();
      run(id);
    },
    end(id) {
      cancels.get(id)?.();
      cancels.delete(id);
    },
  };
}
