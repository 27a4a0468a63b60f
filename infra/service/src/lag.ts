import type { Clock, Closable, Log, Store } from '@throughline/kernel/ports';
import { CASE_INPUTS, IDENTITY_INPUTS } from '@throughline/schemas/topics';
import { repeat } from './repeat.ts';

/** A consumer group: its name is also that of the processor or reactor, under which the store keeps its cursors. */
export interface Group {
  readonly group: string;
  readonly topic: string;
}

/** Records of one partition that a group has not handled. */
export interface Lag extends Group {
  readonly partition: number;
  readonly records: number;
}

/** What takes in what the doors let in: new contacts are turned away while one of these is too far behind. */
export const BEHIND_THE_DOORS: readonly Group[] = [
  { group: 'identity-resolution', topic: IDENTITY_INPUTS },
  { group: 'case-state', topic: CASE_INPUTS },
];

/** Records that groups have not handled, and whether that is too many to let new contacts in. */
export interface LagMeter extends Closable {
  /** Every partition of every group, as of the last look. */
  current(): readonly Lag[];
  /** All partitions of a group together, as of the last look; undefined before it. */
  of(group: string): number | undefined;
  /** True while what lies behind the doors is too far behind. */
  busy(): boolean;
  /** Looks now; resolves to the records that are not handled, over all groups. */
  look(): Promise<number>;
}

/** Each look asks for every partition of every group, in every process: four times a second was most of what an idle store did. */
const LOOK_EVERY_MS = 1_000;
/** Readiness waits for the first one. */
const FIRST_LOOK_MS = 250;
/** A processor handles some thousands a second: this many wait seconds, not minutes. */
const BUSY_RECORDS = 5_000;

export function createLagMeter(options: {
  readonly log: Log;
  readonly store: Store;
  readonly clock: Clock;
  readonly groups: readonly Group[];
}): LagMeter {
  const { log, store, clock, groups } = options;
  const lags = new Map<string, readonly Lag[]>();

  const lagOf = async ({ group, topic }: Group): Promise<readonly Lag[]> => {
    const ends = await log.ends(topic);
    const states = await Promise.all(ends.map((_, partition) => store.state({ processor: group, partition })));
    return ends.map((end, partition) => {
      const records = Math.max(0, end - (states[partition]?.cursor ?? 0));
      return { group, topic, partition, records };
    });
  };
  const look = async (): Promise<number> => {
    for (const group of groups) lags.set(group.group, await lagOf(group));
    return sum([...lags.values()].flat());
  };
  const of = (group: string): number | undefined => {
    const found = lags.get(group);
    return found && sum(found);
  };
  const looking = repeat(clock, LOOK_EVERY_MS, look, FIRST_LOOK_MS);
  return {
    current: () => [...lags.values()].flat(),
    of,
    busy: () => BEHIND_THE_DOORS.some(({ group }) => (of(group) ?? 0) > BUSY_RECORDS),
    look,
    close: looking.close,
  };
}

const sum = (lags: readonly Lag[]): number => lags.reduce((all, { records }) => all + records, 0);
