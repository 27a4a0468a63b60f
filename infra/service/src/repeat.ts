import type { Clock, Closable } from '@throughline/kernel/ports';

/** Runs again and again, one at a time; a failure is tried again at the next turn. `close` resolves when no run is under way. */
export function repeat(clock: Clock, everyMs: number, run: () => Promise<unknown>): Closable {
  let cancel = (): void => undefined;
  let closed = false;
  let running: Promise<void> = Promise.resolve();
  const next = (): void => {
    cancel = clock.after(everyMs, () => {
      running = run()
        .then(
          () => undefined,
          () => undefined,
        )
        .finally(() => {
          if (!closed) next();
        });
    });
  };
  next();
  return {
    close() {
      closed = true;
      cancel();
      return running;
    },
  };
}
