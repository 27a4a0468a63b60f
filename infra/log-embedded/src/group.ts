import type { Clock, Closable, LogRecord, Reporter, Subscriber } from '@throughline/kernel/ports';
import { assign } from './assignment.ts';
import { LogCorrupt, LogRefused } from './refusals.ts';

/** The members of one consumer group of one topic, all in this process. */
export interface Group {
  join(subscriber: Subscriber): Closable;
  /** Wakes the partitions that have got these records. */
  wake(appended: readonly LogRecord[]): void;
}

export interface GroupOptions {
  readonly group: string;
  readonly topic: string;
  readonly partitions: number;
  /** The next batch of a partition. */
  read(partition: number, fromOffset: number): readonly LogRecord[];
  /** The offset that the partition's next record will get. */
  end(partition: number): number;
  readonly clock: Clock;
  readonly reporter: Reporter;
}

interface Member {
  readonly subscriber: Subscriber;
  /** What still runs for this member; it has left when all of it has settled. */
  readonly tenures: Set<Promise<void>>;
}

/** One partition. Whoever is meant to own it does so only after the former owner's tenure has ended. */
interface Lane {
  readonly partition: number;
  owner: Member | undefined;
  running: boolean;
  /** Ends the sleep that is going on, if any: for a record, or for a change of owner. */
  onRecord: () => void;
  onOwner: () => void;
}

const PAUSE = { firstMs: 50, maxMs: 2000 } as const;
const nobodySleeps = (): void => undefined;

export function createGroup(options: GroupOptions): Group {
  let members: readonly Member[] = [];
  const lanes: readonly Lane[] = Array.from({ length: options.partitions }, (_, partition) => ({
    partition,
    owner: undefined,
    running: false,
    onRecord: nobodySleeps,
    onOwner: nobodySleeps,
  }));

  function rebalance(): void {
    const owners = assign(
      lanes.map((lane) => lane.owner),
      members,
    );
    lanes.forEach((lane, index) => {
      const owner = owners[index];
      if (lane.owner === owner) return;
      lane.owner = owner;
      if (lane.running) lane.onOwner();
      else void run(lane, options);
    });
  }

  return {
    join: (subscriber) => {
      const member: Member = { subscriber, tenures: new Set() };
      members = [...members, member];
      rebalance();
      return {
        close: async () => {
          members = members.filter((other) => other !== member);
          rebalance();
          await Promise.all(member.tenures);
        },
      };
    },
    wake: (appended) => {
      for (const { topic, partition } of appended) if (topic === options.topic) lanes[partition]?.onRecord();
    },
  };
}

/** Serves one owner after the other. Never rejects. */
async function run(lane: Lane, options: GroupOptions): Promise<void> {
  lane.running = true;
  while (lane.owner !== undefined) {
    const member = lane.owner;
    const tenure = serve(lane, member, options);
    member.tenures.add(tenure);
    await tenure;
    member.tenures.delete(tenure);
  }
  lane.running = false;
}

/** One owner's time: assigned, batches one by one, revoked. Ends once another owner is meant to have the partition. */
async function serve(lane: Lane, member: Member, options: GroupOptions): Promise<void> {
  const { subscriber } = member;
  const { partition } = lane;
  let offset = 0;
  const isAssigned = await persist(lane, member, options, 'log.assigned-failed', async () => {
    offset = await subscriber.assigned(partition);
  });
  if (!isAssigned) return;
  while (lane.owner === member) {
    // Between this look and the sleep nothing else runs, so no record can slip through.
    if (options.end(partition) === offset) await nextRecord(lane);
    else {
      await persist(lane, member, options, 'log.batch-failed', async () => {
        const records = options.read(partition, offset);
        await subscriber.batch(partition, records);
        offset += records.length;
      });
    }
  }
  try {
    await subscriber.revoked(partition);
  } catch (error) {
    report(options, 'log.revoked-failed', partition, error);
  }
}

/** Tries until it works or the partition is meant for somebody else, with growing pauses. Returns whether it worked. */
async function persist(
  lane: Lane,
  member: Member,
  options: GroupOptions,
  event: string,
  attempt: () => Promise<void>,
): Promise<boolean> {
  for (let pauseMs: number = PAUSE.firstMs; ; pauseMs = Math.min(PAUSE.maxMs, pauseMs * 2)) {
    try {
      await attempt();
      return true;
    } catch (error) {
      report(options, event, lane.partition, error);
    }
    if (lane.owner === member) await pause(lane, options.clock, pauseMs);
    if (lane.owner !== member) return false;
  }
}

function nextRecord(lane: Lane): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      lane.onRecord = nobodySleeps;
      lane.onOwner = nobodySleeps;
      resolve();
    };
    lane.onRecord = wake;
    lane.onOwner = wake;
  });
}

function pause(lane: Lane, clock: Clock, pauseMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(pauseMs, () => {
      lane.onOwner = nobodySleeps;
      resolve();
    });
    lane.onOwner = () => {
      cancel();
      lane.onOwner = nobodySleeps;
      resolve();
    };
  });
}

/** The message goes along only where it is our own: any other may quote what a customer said. */
function report({ group, topic, reporter }: GroupOptions, event: string, partition: number, error: unknown): void {
  const isOurs = error instanceof LogCorrupt || error instanceof LogRefused;
  const reason = isOurs ? error.message : error instanceof Error ? error.name : typeof error;
  reporter.error(event, { group, topic, partition, reason });
}
