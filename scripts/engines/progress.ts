import type { Progress } from '@throughline/engines/programs';

const SAY_EVERY_MS = 10_000;

/** Prints each step as it begins, and that it goes on where it takes long. `end` when nothing follows. */
export function printedProgress(): { readonly progress: Progress; end(): void } {
  let timer: NodeJS.Timeout | undefined;
  const end = (): void => clearInterval(timer);
  const progress = (step: string): void => {
    end();
    console.log(step);
    const startedMs = performance.now();
    timer = setInterval(() => {
      console.log(`  still at it (${Math.round((performance.now() - startedMs) / 1000)} s)`);
    }, SAY_EVERY_MS);
  };
  return { progress, end };
}
