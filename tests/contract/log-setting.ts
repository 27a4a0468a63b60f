import type { Closable, Log, LogRecord, OutgoingRecord, Subscriber, TopicShape } from '@throughline/kernel/ports';
import { bytesOf, type Turn, textOf, until } from './waiting.ts';

/** A log to try, with topics of its own that nobody else writes to. */
export interface LogSetting {
  readonly log: Log;
  readonly turn: Turn;
  /** The same log after its process has stopped in an orderly way and started again. */
  reopen(): Promise<LogSetting>;
  close(): Promise<void>;
}

export type LogFactory = (topics: readonly TopicShape[]) => Promise<LogSetting>;

/** What an adapter cannot do; a law that needs it is then shown as left out, with this reason. */
export interface LogFeatures {
  /** Offsets are 0, 1, 2, …; else they only rise. */
  readonly offsetsWithoutGaps: boolean;
}

export const TOPIC: TopicShape = { name: 'contract.log.v1', partitions: 4 };

export function record(key: string, text: string): OutgoingRecord {
  return { topic: TOPIC.name, key, headers: { ce_type: 'Said', note: 'Grüße' }, value: bytesOf(text) };
}

export function numbered(key: string, count: number, from = 0): OutgoingRecord[] {
  return Array.from({ length: count }, (_, index) => record(key, `${key} ${from + index}`));
}

export function textsOf(records: readonly LogRecord[], key?: string): string[] {
  return records.filter((each) => key === undefined || each.key === key).map((each) => textOf(each.value));
}

/** Keys that cover every partition of the topic, several in each. */
export const KEYS: readonly string[] = Array.from({ length: 24 }, (_, index) => `case_${index}`);

export async function readAll(log: Log): Promise<LogRecord[]> {
  const ends = await log.ends(TOPIC.name);
  const parts = await Promise.all(ends.map((end, partition) => log.read(TOPIC.name, partition, 0, end + 1)));
  return parts.flat();
}

/** A subscriber that writes down what happens to it, in order. */
export class Witness implements Subscriber {
  readonly group: string;
  readonly topic = TOPIC.name;
  readonly name: string;
  readonly events: string[];
  readonly records: LogRecord[] = [];
  readonly held = new Set<number>();
  readonly cursors: Map<number, number>;
  /** What a batch does before it is counted as taken. */
  onBatch: (partition: number, records: readonly LogRecord[]) => Promise<void> = async () => undefined;
  onAssigned: (partition: number) => Promise<void> = async () => undefined;

  constructor(options: { group: string; name?: string; events?: string[]; cursors?: Map<number, number> }) {
    this.group = options.group;
    this.name = options.name ?? 'it';
    this.events = options.events ?? [];
    this.cursors = options.cursors ?? new Map();
  }

  async assigned(partition: number): Promise<number> {
    await this.onAssigned(partition);
    this.held.add(partition);
    this.events.push(`${this.name} has ${partition}`);
    return this.cursors.get(partition) ?? 0;
  }

  async batch(partition: number, records: readonly LogRecord[]): Promise<void> {
    this.events.push(`${this.name} begins ${partition}`);
    await this.onBatch(partition, records);
    this.records.push(...records);
    this.cursors.set(partition, (records.at(-1)?.offset ?? -1) + 1);
    this.events.push(`${this.name} ends ${partition}`);
  }

  async revoked(partition: number): Promise<void> {
    this.held.delete(partition);
    this.events.push(`${this.name} loses ${partition}`);
  }
}

/** Joins and waits until the members hold all partitions between them. */
export async function joinAll(setting: LogSetting, members: readonly Witness[]): Promise<Closable[]> {
  const joined: Closable[] = [];
  for (const member of members) joined.push(await setting.log.subscribe(member));
  await until(
    'each member holds partitions, and together all of them',
    () =>
      members.every((member) => member.held.size > 0) &&
      members.reduce((sum, member) => sum + member.held.size, 0) === TOPIC.partitions,
    setting.turn,
  );
  return joined;
}
