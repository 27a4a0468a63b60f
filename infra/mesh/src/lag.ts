import type { Clock, Log, Store } from '@throughline/kernel/ports';

/** Records that a group has not handled, and whether that is too many to let new contacts in. */
export interface LagMeter {
  /** By group, as of the last look. */
  current(): ReadonlyMap<string, number>;
  /** True while what lies behind the doors is too far behind. */
  busy(): boolean;
  /** Looks now; resolves to the records that are not handled, over all groups. */
  look(): Promise<number>;
  close(): void;
}

const LOOK_EVERY_MS = 250;
/** A processor handles some thousands a second: this many wait seconds, not minutes. */
const BUSY_RECORDS = 5_000;

export function createLagMeter(options: {
  readonly log: Log;
  readonly store: Store;
  readonly clock: Clock;
  readonly groups: readonly { readonly group: string; readonly topic: string; readonly door: boolean }[];
}): LagMeter {
  const { log, store, clock, groups } = options;
  const lags = new Map<string, number>();
  let closed = false;
  let cancel = (): void => undefined;

  const lagOf = async ({ group, topic }: { group: string; topic: string }): Promise<number> => {
    const ends = await log.ends(topic);
    const states = await Promise.all(ends.map((_, partition) => store.state({ processor: group, partition })));
    return ends.reduce((sum, end, partition) => sum + Math.max(0, end - (states[partition]?.cursor ?? 0)), 0);
  };
  const look = async (): Promise<number> => {
    for (const group of groups) lags.set(group.group, await lagOf(group));
    return [...lags.values()].reduce((sum, lag) => sum + lag, 0);
  };
  const again = (): void => {
    cancel = clock.after(LOOK_EVERY_MS, () => {
      look()
        .catch(() => undefined)
        .finally(() => {
          if (!closed) again();
        });
    });
  };
  again();
  return {
    current: () => lags,
    busy: () => groups.some(({ group, door }) => door && (lags.get(group) ?? 0) > BUSY_RECORDS),
    look,
    close() {
      closed = true;
      cancel();
    },
  };
}
