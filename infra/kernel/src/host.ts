import type { Message } from './envelope.ts';
import { deriveId } from './ids.ts';
import { type Engine, PartitionRunner } from './partition.ts';
import type { Clock, Closable, DueTimer, LogRecord } from './ports.ts';
import { type Processor, TIMER_FIRED } from './processor.ts';
import { reasonOf } from './reason.ts';
import { noTelemetry } from './telemetry.ts';
import { childOf } from './trace.ts';

/** How often due timers are looked for; a timer is at most this late, plus the way through the log. */
const TIMER_TICK_MS = 250;

/**
 * An owner that is fenced and still has its partition so long after is the rightful one: whoever fenced it had been counted out
 * before (a session lasts 6 s) and did not know, as a process that slept within `store.open`. Sooner, two would take it from each
 * other in turn.
 */
export const REOPEN_AFTER_MS = 10_000;

export interface ProcessorHost extends Closable {
  /** Every partition of the topic that is this member's is open. */
  ready(): boolean;
  /** Partitions that are open here, and how far each is. */
  cursors(): ReadonlyMap<number, number>;
}

/** Joins a processor to the log: opens partitions as they are assigned, hands them their batches, fires their timers. */
export async function hostProcessor(options: Engine & { processor: Processor; clock: Clock }): Promise<ProcessorHost> {
  const { processor, clock, log } = options;
  const runners = new Map<number, PartitionRunner>();
  /** The last batch of each partition: it runs, or it has run. */
  const running = new Map<number, Promise<void>>();
  const fencedSinceMs = new Map<number, number>();
  const timers = new TimerTick(options, runners);
  let opening = 0;

  const runnerOf = async (partition: number): Promise<PartitionRunner> => {
    const runner = runners.get(partition);
    if (!runner) throw new Error(`${processor.name}/${partition} is not open.`);
    if (!runner.fenced) return runner;
    const sinceMs = fencedSinceMs.get(partition) ?? clock.nowMs();
    fencedSinceMs.set(partition, sinceMs);
    if (clock.nowMs() - sinceMs < REOPEN_AFTER_MS) return runner;
    const reopened = await PartitionRunner.open(options, processor, partition);
    fencedSinceMs.delete(partition);
    runners.set(partition, reopened);
    return reopened;
  };

  const handle = async (partition: number, records: readonly LogRecord[]): Promise<void> => {
    const runner = await runnerOf(partition);
    await runner.batch(records);
    timers.passed(records);
  };

  const subscription = await log.subscribe({
    group: processor.name,
    topic: processor.topic,
    lingerMs: processor.lingerMs,
    async assigned(partition) {
      opening += 1;
      try {
        const runner = await PartitionRunner.open(options, processor, partition);
        runners.set(partition, runner);
        return runner.cursor;
      } finally {
        opening -= 1;
      }
    },
    async batch(partition, records: readonly LogRecord[]) {
      const run = handle(partition, records);
      running.set(partition, run);
      await run;
    },
    async revoked(partition) {
      await running.get(partition)?.catch(() => undefined);
      runners.delete(partition);
      fencedSinceMs.delete(partition);
    },
  });
  const stop = timers.start(clock);
  return {
    // A member of the group that got no partition is ready too: it stands by.
    ready: () => opening === 0 && [...runners.values()].every((runner) => !runner.fenced),
    cursors: () => new Map([...runners].map(([partition, runner]) => [partition, runner.cursor])),
    async close() {
      stop();
      await subscription.close();
      await Promise.allSettled(running.values());
    },
  };
}

/** Appends `TimerFired` for what is due. A timer that has been appended is not appended again before it is handled. */
class TimerTick {
  readonly #options: Engine & { processor: Processor; clock: Clock };
  readonly #runners: ReadonlyMap<number, PartitionRunner>;
  readonly #fired = new Set<string>();

  constructor(options: Engine & { processor: Processor; clock: Clock }, runners: ReadonlyMap<number, PartitionRunner>) {
    this.#options = options;
    this.#runners = runners;
  }

  start(clock: Clock): () => void {
    let cancel = (): void => undefined;
    let stopped = false;
    const tick = (): void => {
      this.#tick(clock.nowMs())
        .catch((error: unknown) =>
          this.#options.reporter.warn('timers.delayed', {
            processor: this.#options.processor.name,
            error: reasonOf(error),
          }),
        )
        .finally(() => {
          if (!stopped) cancel = clock.after(TIMER_TICK_MS, tick);
        });
    };
    cancel = clock.after(TIMER_TICK_MS, tick);
    return () => {
      stopped = true;
      cancel();
    };
  }

  passed(records: readonly LogRecord[]): void {
    for (const { headers } of records) this.#fired.delete(headers.ce_id ?? '');
  }

  async #tick(nowMs: number): Promise<void> {
    const { log, codec, processor, telemetry = noTelemetry } = this.#options;
    for (const { fenced, timers } of this.#runners.values()) {
      if (fenced) continue;
      const messages = (await timers.due(nowMs))
        .map((timer) => firedMessage(processor, timer, nowMs))
        .filter((message) => !this.#fired.has(message.id));
      if (messages.length === 0) continue;
      for (const message of messages) this.#fired.add(message.id);
      await log.append(messages.map((message) => codec.encode(message))).catch((error: unknown) => {
        for (const message of messages) this.#fired.delete(message.id);
        throw error;
      });
      for (const message of messages) telemetry.emitted(message, { traceparent: '', sinceMs: nowMs });
    }
  }
}

function firedMessage(processor: Processor, timer: DueTimer, nowMs: number): Message {
  const id = deriveId('tmr', timer.id, String(timer.dueMs));
  return {
    topic: processor.topic,
    key: timer.key,
    id,
    type: TIMER_FIRED,
    source: `${processor.name}/timers`,
    subject: timer.key,
    timeMs: nowMs,
    // What a timer leads to may come days after what set it: a trace of its own.
    traceparent: childOf('', id),
    body: { timerId: timer.id, dueMs: timer.dueMs },
  };
}
