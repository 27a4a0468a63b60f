import type { Clock } from '@throughline/kernel/ports';

/** Keys pressed this close to each other are one turn. */
export const PAUSE_MS = 2000;
/** As many digits as a one-time code has. */
const CODE_DIGITS = 6;
/** More than any number that a person types. */
const KEYS_MAX = 64;

/** Collects keys into turns: until `#`, a pause, or the sixth digit while a code is awaited. */
export interface Keypad {
  press(key: string): void;
  /** Whatever was pressed is a turn now: something else was said, or the call is over. */
  flush(): void;
}

export function createKeypad(options: {
  readonly clock: Clock;
  readonly codeAwaited: () => boolean;
  readonly pressed: (keys: string) => void;
}): Keypad {
  const { clock, codeAwaited, pressed } = options;
  let keys = '';
  let cancelPause = () => {};

  function flush(): void {
    cancelPause();
    const turn = keys;
    keys = '';
    if (turn !== '') pressed(turn);
  }

  return {
    press(key) {
      cancelPause();
      if (key !== '#') keys += key;
      const isWhole = key === '#' || keys.length >= KEYS_MAX || (codeAwaited() && keys.length >= CODE_DIGITS);
      if (isWhole) flush();
      else cancelPause = clock.after(PAUSE_MS, flush);
    },
    flush,
  };
}
