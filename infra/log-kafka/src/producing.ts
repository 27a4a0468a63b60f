import type { Clock, OutgoingRecord, Reporter } from '@throughline/kernel/ports';
import { isRefusal } from './cluster.ts';
import { LogRefused, reasonOf } from './refusals.ts';

export type Place = { readonly partition: number; readonly offset: number };

/** Records of one partition that go together, in their order. */
export interface Run {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly OutgoingRecord[];
}

export interface ProducingOptions {
  /** The node that leads a partition, for putting runs into one request. */
  leaderOf(topic: string, partition: number): string | undefined;
  /** One request: resolves to the offset of the first record of each run once all replicas that count have them. */
  produce(leader: string | undefined, runs: readonly Run[]): Promise<readonly number[]>;
  readonly clock: Clock;
  readonly reporter: Reporter;
}

export interface Producing {
  /** Queues at once, so that appends that nobody awaited keep their order. Rejects as `Log.append` does. */
  append(addressed: readonly { record: OutgoingRecord; partition: number }[]): Promise<readonly Place[]>;
  /** Resolves when nothing waits and nothing is under way. */
  settled(): Promise<void>;
}

/** Kafka's own default limit for a batch is 1 MiB; a record has some room for its envelope. */
export const RUN_BYTES_MAX = 900_000;
const REQUEST_BYTES_MAX = 4_000_000;
const RETRY = { firstMs: 50, maxMs: 1_000 } as const;
/** An append that is not settled by then is given back as unknown at its next failure. */
const PATIENCE_MS = 10_000;

interface Append {
  readonly places: Place[];
  left: number;
  readonly resolve: (places: readonly Place[]) => void;
  readonly reject: (error: unknown) => void;
}

interface Waiting {
  readonly append: Append;
  readonly index: number;
  readonly record: OutgoingRecord;
  readonly bytes: number;
  readonly sinceMs: number;
}

/** One partition. Its unsettled run is repeated as it is until it is settled: a newer one may not pass it. */
interface Lane {
  readonly topic: string;
  readonly partition: number;
  readonly queue: Waiting[];
  unsettled: readonly Waiting[];
  isUnderWay: boolean;
  /** Asks alone after a refusal, so that one partition's fault is not its neighbours'. */
  isApart: boolean;
  failures: number;
}

const ENVELOPE_BYTES = 64;

/** What a record takes in a request, about. */
export function sizeOf({ key, headers, value }: OutgoingRecord): number {
  let bytes = ENVELOPE_BYTES + key.length * 3 + value.length;
  for (const name in headers) bytes += name.length + (headers[name]?.length ?? 0) * 3;
  return bytes;
}

/**
 * The micro-batcher. Each leader has one request at a time, with whatever its partitions have waiting: it would serve the next
 * of a connection only then anyway, and a partition never has two unresolved ones, which is the only way to break the order of a key.
 */
export function createProducing(options: ProducingOptions): Producing {
  const lanes = new Lanes(options);
  return {
    append(addressed) {
      if (addressed.length === 0) return Promise.resolve([]);
      const { promise, resolve, reject } = Promise.withResolvers<readonly Place[]>();
      const places = addressed.map(({ partition }) => ({ partition, offset: -1 }));
      const append: Append = { places, left: addressed.length, resolve, reject };
      const sinceMs = options.clock.nowMs();
      for (const [index, { record, partition }] of addressed.entries()) {
        lanes.add(record.topic, partition, { append, index, record, bytes: sizeOf(record), sinceMs });
      }
      return promise;
    },
    settled: () => lanes.settled(),
  };
}

class Lanes {
  readonly #options: ProducingOptions;
  readonly #lanes = new Map<string, Lane>();
  readonly #busy = new Set<string>();
  readonly #idle: (() => void)[] = [];
  #isDue = false;

  constructor(options: ProducingOptions) {
    this.#options = options;
  }

  add(topic: string, partition: number, waiting: Waiting): void {
    const name = `${topic}/${partition}`;
    let lane = this.#lanes.get(name);
    if (lane === undefined) {
      lane = { topic, partition, queue: [], unsettled: [], isUnderWay: false, isApart: false, failures: 0 };
      this.#lanes.set(name, lane);
    }
    lane.queue.push(waiting);
    this.#soon();
  }

  settled(): Promise<void> {
    return new Promise((resolve) => {
      this.#idle.push(resolve);
      this.#soon();
    });
  }

  /** After this turn, so that what is appended in one go goes together. */
  #soon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      this.#pump();
    });
  }

  #pump(): void {
    const requests = new Map<string, Lane[]>();
    const waiting = [...this.#lanes.values()].filter(isWaiting);
    for (const lane of waiting) {
      if (lane.isUnderWay) continue;
      const leader = this.#options.leaderOf(lane.topic, lane.partition) ?? '';
      const request = lane.isApart ? `${leader} ${lane.topic}/${lane.partition}` : leader;
      if (this.#busy.has(request)) continue;
      const members = requests.get(request);
      if (members === undefined) requests.set(request, [lane]);
      else members.push(lane);
    }
    for (const [request, candidates] of requests) void this.#send(request, load(candidates));
    if (waiting.length === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** Never rejects. */
  async #send(request: string, lanes: readonly Lane[]): Promise<void> {
    const { produce, leaderOf, clock } = this.#options;
    const [first] = lanes;
    if (first === undefined) return;
    this.#busy.add(request);
    for (const lane of lanes) lane.isUnderWay = true;
    try {
      const offsets = await produce(leaderOf(first.topic, first.partition), lanes.map(runOf));
      for (const [index, lane] of lanes.entries()) settle(lane, offsets[index] ?? Number.NaN);
    } catch (error) {
      this.#failed(lanes, error);
      const pauseMs = Math.min(RETRY.maxMs, RETRY.firstMs * 2 ** first.failures);
      await new Promise<void>((resolve) => clock.after(pauseMs, resolve));
    }
    for (const lane of lanes) lane.isUnderWay = false;
    this.#busy.delete(request);
    this.#pump();
  }

  #failed(lanes: readonly Lane[], error: unknown): void {
    this.#options.reporter.warn('log.append-delayed', { partitions: lanes.length, reason: reasonOf(error) });
    const nowMs = this.#options.clock.nowMs();
    for (const lane of lanes) {
      lane.failures += 1;
      const [oldest] = lane.unsettled;
      const isTired = oldest === undefined || nowMs - oldest.sinceMs >= PATIENCE_MS;
      if (isRefusal(error) && lanes.length > 1) lane.isApart = true;
      else if (isRefusal(error) || isTired) giveBack(lane, error);
    }
  }
}

const isWaiting = (lane: Lane): boolean => lane.unsettled.length + lane.queue.length > 0;

const runOf = ({ topic, partition, unsettled }: Lane): Run => ({
  topic,
  partition,
  records: unsettled.map(({ record }) => record),
});

/** Moves what fits a request from the queues; a run that is not settled yet goes first, as it was. */
function load(lanes: readonly Lane[]): readonly Lane[] {
  let requestBytes = 0;
  return lanes.filter((lane) => {
    if (requestBytes >= REQUEST_BYTES_MAX) return false;
    if (lane.unsettled.length === 0) lane.unsettled = lane.queue.splice(0, runLength(lane.queue));
    for (const { bytes } of lane.unsettled) requestBytes += bytes;
    return true;
  });
}

function runLength(queue: readonly Waiting[]): number {
  let bytes = 0;
  for (const [index, waiting] of queue.entries()) {
    bytes += waiting.bytes;
    if (index > 0 && bytes > RUN_BYTES_MAX) return index;
  }
  return queue.length;
}

function settle(lane: Lane, firstOffset: number): void {
  for (const [at, { append, index }] of lane.unsettled.entries()) {
    append.places[index] = { partition: lane.partition, offset: firstOffset + at };
    append.left -= 1;
    if (append.left === 0) append.resolve(append.places);
  }
  lane.unsettled = [];
  lane.failures = 0;
  lane.isApart = false;
}

/** All that waits for the partition, too: what is appended again must not come behind what was appended after it. */
function giveBack(lane: Lane, error: unknown): void {
  const refusal = new LogRefused(
    'log-unsettled',
    `It is unknown whether records reached ${lane.topic}, partition ${lane.partition}: append them again. ${reasonOf(error)}`,
  );
  for (const { append } of [...lane.unsettled, ...lane.queue.splice(0)]) append.reject(refusal);
  lane.unsettled = [];
  lane.failures = 0;
}
