import type { World } from './world.ts';

/** Somebody who waits for something to come about, with patience. One at a time. */
export class Waiting {
  readonly #world: World;
  #look: () => void = () => undefined;

  constructor(world: World) {
    this.#world = world;
  }

  /** Something has happened: whoever waits looks again. */
  wake(): void {
    this.#look();
  }

  until(holds: () => boolean, patienceMs: number): Promise<void> {
    if (holds()) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = Number.isFinite(patienceMs) ? this.#world.clock.after(patienceMs, resolve) : () => undefined;
      this.#look = () => {
        if (!holds()) return;
        cancel();
        resolve();
      };
    });
  }
}
