import type { DueTimer, PartitionId, Store, TimerWrite } from './ports.ts';

const TIMERS_MAX = 100;

/**
 * The timers of a partition, for its owner. Nobody else sets any, so the owner knows when the next one is due and asks the
 * store only then: looking again and again would be the store's work for nothing.
 */
export class PartitionTimers {
  readonly #store: Store;
  readonly #partition: PartitionId;
  /** Nothing is due before this time, in epoch milliseconds. A new owner does not know yet. */
  #nextMs = Number.NEGATIVE_INFINITY;

  constructor(store: Store, partition: PartitionId) {
    this.#store = store;
    this.#partition = partition;
  }

  /** Told of every unit once the store has it: before that, an answer of the store would not hold its timers. */
  expect(timers: readonly TimerWrite[]): void {
    for (const { dueMs } of timers) if (dueMs !== null) this.#nextMs = Math.min(this.#nextMs, dueMs);
  }

  /** What is due, earliest first. Those that are not removed come again. Rejects on an outage. */
  async due(nowMs: number): Promise<readonly DueTimer[]> {
    if (nowMs < this.#nextMs) return [];
    const before = this.#nextMs;
    // What is set while the store is asked may not be in its answer.
    this.#nextMs = Number.POSITIVE_INFINITY;
    try {
      const next = await this.#store.due(this.#partition, Number.MAX_SAFE_INTEGER, TIMERS_MAX);
      this.#nextMs = Math.min(this.#nextMs, next[0]?.dueMs ?? Number.POSITIVE_INFINITY);
      return next.filter(({ dueMs }) => dueMs <= nowMs);
    } catch (error) {
      this.#nextMs = Math.min(this.#nextMs, before);
      throw error;
    }
  }
}
