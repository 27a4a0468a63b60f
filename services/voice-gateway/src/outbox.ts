import type { Clock } from '@throughline/kernel/ports';

/** Before what an outage refused is sent again. */
export const RETRY_AFTER_MS = 500;

/** More than anybody says while the log is out: an hour of talk. */
export const WAITING_MAX = 500;

type Send = () => Promise<void>;

/**
 * Sends one thing after the other, each until the log has it: a caller cannot be asked to press send again. It begins with `open`.
 */
export class Outbox {
  readonly #clock: Clock;
  readonly #refused: (reason: unknown) => 'again' | 'never';
  readonly #waiting: Send[] = [];
  readonly #opened = Promise.withResolvers<void>();
  #isOpen = false;
  #closed = false;
  #running: Promise<void> | undefined;

  /** @param refused told of each refusal; says whether it is worth sending again */
  constructor(clock: Clock, refused: (reason: unknown) => 'again' | 'never') {
    this.#clock = clock;
    this.#refused = refused;
  }

  open(): void {
    this.#isOpen = true;
    this.#opened.resolve();
  }

  /** Whether so much waits that nothing more that is said should. */
  isFull(): boolean {
    return this.#waiting.length >= WAITING_MAX;
  }

  push(send: Send): void {
    if (this.#closed) return;
    this.#waiting.push(send);
    this.#running ??= this.#run();
  }

  /** Resolves when everything is sent, at once where nothing waits. */
  async idle(): Promise<void> {
    await this.#running;
  }

  /** Sends nothing more. */
  close(): void {
    this.#closed = true;
    this.#waiting.length = 0;
    if (!this.#isOpen) this.#opened.resolve();
  }

  async #run(): Promise<void> {
    await this.#opened.promise;
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (await this.#sent(next)) this.#waiting.shift();
    }
    this.#running = undefined;
  }

  async #sent(send: Send): Promise<boolean> {
    try {
      await send();
      return true;
    } catch (refusal) {
      if (this.#refused(refusal) === 'never') {
        this.close();
        return true;
      }
      await new Promise<void>((resolve) => {
        this.#clock.after(RETRY_AFTER_MS, resolve);
      });
      return this.#closed;
    }
  }
}
