import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Codec, type Message, Undecodable } from '@throughline/kernel/envelope';
import { type Engine, PartitionRunner } from '@throughline/kernel/partition';
import type { Clock, Keyring, Log, LogRecord, Random, Reporter, Store } from '@throughline/kernel/ports';
import type { Processor } from '@throughline/kernel/processor';
import { goOn } from '@throughline/kernel/steps';
import { createKeyring } from '@throughline/keyring/keyring';
import { createSqliteKeyStorage } from '@throughline/keyring/sqlite-storage';
import { createEmbeddedLog } from '@throughline/log-embedded/log';
import { openDatabase } from '@throughline/sqlite/database';
import { createEmbeddedStore } from '@throughline/store-embedded/store';

export const IN = 'sums.in.v1';
export const OUT = 'sums.out.v1';
const TOPICS = [IN, OUT, `${IN}.parked.v1`].map((name) => ({ name, partitions: 1 }));

/** Messages as JSON in the clear: what the kernel does with them does not depend on the codec. */
export const jsonCodec: Codec = {
  keyIdsToEncode: () => [],
  prepare: async () => {},
  encode: ({ topic, key, body, ...attributes }) => ({
    topic,
    key,
    headers: {
      ce_id: attributes.id,
      ce_type: attributes.type,
      ce_subject: attributes.subject,
      traceparent: attributes.traceparent,
      attributes: JSON.stringify(attributes),
    },
    value: Buffer.from(JSON.stringify(body)),
  }),
  decode: (record) => {
    if (Buffer.from(record.value).toString() === 'garbage') throw new Undecodable('it is garbage');
    return {
      ...JSON.parse(record.headers.attributes ?? '{}'),
      topic: record.topic,
      key: record.key,
      body: JSON.parse(Buffer.from(record.value).toString()),
    } as Message;
  },
};

/** Sums numbers by subject: `Add {n}` adds and says the total, `Ask` sets a timer, `Refuse` cannot be decided while a flag is off. */
export const sums = (accepts: { refused: boolean } = { refused: false }): Processor => ({
  name: 'sums',
  topic: IN,
  needs: (input) => [{ kind: 'sum', id: input.subject }],
  keyOf: (document) => `case:${document.id}`,
  decide(input, documents, { nowMs }) {
    const former = documents.get<{ total: number; times: number[] }>('sum', input.subject) ?? { total: 0, times: [] };
    if (input.type === 'Refuse' && !accepts.refused) throw new Error('it is refused');
    if (input.type === 'Stray') documents.get('sum', 'never-asked-for');
    const { n = 0 } = input.body as { n?: number };
    const sum = { total: former.total + n, times: [...former.times, nowMs] };
    return {
      writes: [{ kind: 'sum', id: input.subject, content: sum, lists: [{ list: 'all', sort: input.subject }] }],
      messages: [
        {
          topic: OUT,
          key: input.subject,
          type: input.type === 'TimerFired' ? 'Rang' : 'Summed',
          subject: input.subject,
          body: { total: sum.total },
        },
      ],
      timers: input.type === 'Ask' ? [{ id: `timer-${input.subject}`, dueMs: nowMs + 1_000, key: input.subject }] : [],
    };
  },
  held: ({ subject }) => [{ topic: OUT, key: subject, type: 'Held', subject, body: { total: -1 } }],
});

/** Gives the event loop turns. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Gives the event loop turns until it holds. Nothing here waits for anything outside of the process, so what has not come by then never does. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let turn = 0; !(await holds()); turn += 1) {
    if (turn === 20_000) throw new Error('What is waited for never comes.');
    await turns(1);
  }
}

/** A clock that goes on when it is told to. */
export class StillClock implements Clock {
  #nowMs = 1_000_000;
  readonly #timers = new Map<number, { atMs: number; run: () => void }>();
  #made = 0;

  /** How many calls it still owes. */
  get waiting(): number {
    return this.#timers.size;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): () => void {
    const made = ++this.#made;
    this.#timers.set(made, { atMs: this.#nowMs + delayMs, run });
    return () => this.#timers.delete(made);
  }

  advance(ms: number): void {
    this.#nowMs += ms;
    for (const [made, timer] of [...this.#timers]) {
      if (timer.atMs > this.#nowMs) continue;
      this.#timers.delete(made);
      timer.run();
    }
  }
}

export interface Bench {
  readonly log: Log;
  readonly store: Store;
  readonly keyring: Keyring;
  readonly clock: StillClock;
  readonly reports: string[];
  readonly reporter: Reporter;
  /** Puts an input on the log. */
  put(type: string, subject: string, body: unknown, extra?: Partial<Message>): Promise<void>;
  putRaw(subject: string, value: string): Promise<void>;
  inputs(fromOffset?: number): Promise<readonly LogRecord[]>;
  /** What the processor has said, as `Type subject total`. */
  outputs(): Promise<readonly string[]>;
  open(
    processor?: Processor,
    overrides?: Partial<Pick<Engine, 'store' | 'log' | 'codec' | 'keyring' | 'reach' | 'telemetry' | 'reporter'>>,
  ): Promise<PartitionRunner>;
  close(): void | Promise<void>;
}

let drawn = 0;
/** Bytes that differ at every draw and are the same in every run. */
const counted: Random = (bytes) => {
  drawn += 1;
  return Buffer.alloc(bytes, `${drawn}-`);
};

/** `store`: where documents are kept; in the embedded database unless somebody says otherwise. */
export async function openBench(options: { readonly store?: Store } = {}): Promise<Bench> {
  const directory = mkdtempSync(join(tmpdir(), 'throughline-kernel-'));
  const database = openDatabase({ directory });
  const clock = new StillClock();
  const reports: string[] = [];
  const report = (event: string): void => {
    reports.push(event);
  };
  const reporter = { info: report, warn: report, error: report };
  const log = createEmbeddedLog({ database, topics: TOPICS, clock, reporter });
  const store = options.store ?? createEmbeddedStore({ database });
  const keyring = await createKeyring({
    storage: createSqliteKeyStorage(database),
    masterKey: Buffer.alloc(32, 7),
    random: counted,
  });
  let made = 0;
  return {
    log,
    store,
    keyring,
    clock,
    reports,
    reporter,
    async put(type, subject, body, extra = {}) {
      made += 1;
      const message: Message = {
        topic: IN,
        key: subject,
        id: `in-${made}`,
        type,
        source: 'edge',
        subject,
        timeMs: clock.nowMs(),
        traceparent: '',
        body,
        ...extra,
      };
      await log.append([jsonCodec.encode(message)]);
    },
    async putRaw(subject, value) {
      await log.append([
        { topic: IN, key: subject, headers: { ce_type: 'Add', ce_subject: subject }, value: Buffer.from(value) },
      ]);
    },
    inputs: (fromOffset = 0) => log.read(IN, 0, fromOffset, 1_000),
    async outputs() {
      const records = await log.read(OUT, 0, 0, 1_000);
      return records.map((record) => {
        const message = jsonCodec.decode(record);
        return `${message.type} ${message.subject} ${(message.body as { total: number }).total}`;
      });
    },
    open: (processor = sums(), overrides = {}) =>
      PartitionRunner.open(
        { log, store, keyring, codec: jsonCodec, reporter, reach: goOn, ...overrides },
        processor,
        0,
      ),
    close() {
      database.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
