import type { Codec } from '@throughline/kernel/envelope';
import type { Keyring, Log, LogRecord, OutgoingRecord, Store, Subscriber } from '@throughline/kernel/ports';
import { TIMER_FIRED } from '@throughline/kernel/processor';
import type { Part, SimProcess } from './process.ts';
import type { SimStore } from './store.ts';

interface Call {
  readonly call: string;
  /** Which parts of the system it takes. */
  readonly parts: readonly Part[];
  /** It takes room on the disk. */
  readonly writes?: boolean;
}

/** One call to a port, with a step before it and one behind it; `point` is for steps within. */
export type Around = <Answer>(
  call: Call,
  run: (point: (step: string) => Promise<void>) => Promise<Answer>,
) => Promise<Answer>;

/** The log as a process reaches it. */
export function logOf(log: Log, around: Around, process: SimProcess): Log {
  const repeat = (records: readonly OutgoingRecord[]): void => {
    const appends = process.takeAppends();
    if (appends === undefined) return;
    const again = appends.what === 'batch' ? records : records.slice(0, 1);
    process.later(appends.afterMs, () => log.append(again));
  };
  return {
    append: (records) => {
      const call = records[0]?.headers.ce_type === TIMER_FIRED ? 'fire' : 'append';
      return around({ call, parts: ['log'], writes: true }, async () => {
        const places = await log.append(records);
        repeat(records);
        return places;
      });
    },
    subscribe: (subscriber) =>
      process.untilJoined(() =>
        around({ call: 'subscribe', parts: ['log'] }, async () => {
          const ours = withRepeats(subscriber, process);
          const joined = await log.subscribe(ours);
          process.joined(ours, joined);
          return joined;
        }),
      ),
    tail: (topic, onRecord) => around({ call: 'tail', parts: ['log'] }, () => log.tail(topic, onRecord)),
    read: (topic, partition, from, limit) => log.read(topic, partition, from, limit),
    ends: (topic) => log.ends(topic),
  };
}

/** A member of a group that is handed batches again, and that hears nothing while it is cut off. */
function withRepeats(subscriber: Subscriber, process: SimProcess): Subscriber {
  const before = new Map<number, readonly LogRecord[]>();
  const handOver = async (partition: number, records: readonly LogRecord[]): Promise<void> => {
    if (process.isCutFrom('log')) throw new Error('The log cannot be reached.');
    if (process.isBatchToComeAgain()) {
      await subscriber.batch(partition, before.get(partition) ?? records);
      await subscriber.batch(partition, records);
    }
    await subscriber.batch(partition, records);
    before.set(partition, records);
  };
  return {
    group: subscriber.group,
    topic: subscriber.topic,
    assigned(partition) {
      // What it had in a former tenure may be far behind where this one begins: no log leaves out what lies between.
      before.delete(partition);
      return process.owned(subscriber.assigned(partition));
    },
    batch: (partition, records) => process.owned(handOver(partition, records)),
    revoked: (partition) => process.owned(subscriber.revoked(partition)),
  };
}

/** The store as a process reaches it. */
export function storeOf(store: SimStore, around: Around): Store {
  const parts = ['store'] as const;
  return {
    open: (partition) => around({ call: 'open', parts, writes: true }, () => store.open(partition)),
    commit: (unit) =>
      around({ call: 'commit', parts, writes: true }, (point) => store.commit(unit, (step) => point(`commit/${step}`))),
    load: (processor, refs) => around({ call: 'load', parts }, () => store.load(processor, refs)),
    list: (processor, list, after, limit) =>
      around({ call: 'list', parts }, () => store.list(processor, list, after, limit)),
    due: (partition, nowMs, limit) => around({ call: 'due', parts }, () => store.due(partition, nowMs, limit)),
    state: (partition) => store.state(partition),
  };
}

/** The keys as a process reaches them; those that it has asked for before are at hand and take no call. */
export function keyringOf(keyring: Keyring, around: Around): Keyring {
  const ensure = onceEach(keyring.ensure, (ask) => around({ call: 'ensure', parts: ['keys'], writes: true }, ask));
  const fetch = onceEach(keyring.fetch, (ask) => around({ call: 'fetch', parts: ['keys'] }, ask));
  return { ...keyring, ensure, fetch };
}

/** Asks for what it has no answer to yet. */
function onceEach(ask: Keyring['fetch'], call: (ask: () => Promise<void>) => Promise<void>): Keyring['fetch'] {
  const answered = new Set<string>();
  return async (keyIds) => {
    const wanted = keyIds.filter((keyId) => !answered.has(keyId));
    if (wanted.length === 0) return;
    await call(() => ask(wanted));
    for (const keyId of wanted) answered.add(keyId);
  };
}

/** The codec as a process reaches it. */
export function codecOf(codec: Codec, around: Around): Codec {
  return {
    ...codec,
    prepare: (records) => around({ call: 'prepare', parts: ['keys'] }, () => codec.prepare(records)),
  };
}
