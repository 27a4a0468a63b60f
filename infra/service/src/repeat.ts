import type { Clock, Closable } from '@throughline/kernel/ports';

/** Runs again and again, one at a time, for the first time after `firstMs`; a failure is tried again at the next turn. `close` resolves when no run is under way. */
export function repeat(clock: Clock, everyMs: number, run: () => Promise<unknown>, firstMs = everyMs): Closable {
  let cancel = (): void => undefined;
  let closed = false;
  let running: Promise<void> = Promise.resolve();
  const next = (afterMs: number): void => {
    cancel = clock.after(afterMs, () => {
      running = run()
        .then(
          () => undefined,
          () => undefined,
        )
        .finally(() => {
          if (!closed) next(everyMs);
        });
    });
  };
  next(firstMs);
  return {
    close() {
      closed = true;
      cancel();
      return running;
    },
  };
}
