import type { Clock, Closable, Reporter, Subscriber } from '@throughline/kernel/ports';
import type { Link } from './cluster.ts';
import { assertInRange, Feed } from './fetching.ts';
import { Lane } from './lane.ts';
import { Membership } from './membership.ts';

export interface ReadingOptions {
  readonly link: Link;
  readonly topic: string;
  readonly clock: Clock;
  readonly reporter: Reporter;
  readonly onFatal: (reason: Error) => void;
}

/** Joins a subscriber to its group; resolves once it is a member, also where it gets no partition. */
export async function subscribe(options: ReadingOptions & { subscriber: Subscriber }): Promise<Closable> {
  const { link, topic, clock, reporter, onFatal, subscriber } = options;
  const feed = new Feed({ ...options, lingerMs: subscriber.lingerMs });
  let lanes: readonly Lane[] = [];
  const reported = new Map<number, number>();
  const membership = new Membership({
    link,
    group: subscriber.group,
    topic,
    clock,
    reporter,
    onFatal,
    assigned(partitions) {
      lanes = partitions.map(
        (partition) =>
          new Lane(partition, {
            subscriber,
            feed,
            clock,
            reporter,
            onFatal,
            assertInRange: (_, next) => assertInRange(link, topic, [{ partition, next }]),
          }),
      );
    },
    async giveUp() {
      for (const lane of lanes) lane.end();
      await Promise.all(lanes.map((lane) => lane.tenure));
      lanes = [];
    },
    handled: () => news(lanes, reported),
  });
  await membership.joined;
  return {
    async close() {
      await membership.leave();
      feed.close();
    },
  };
}

function news(lanes: readonly Lane[], reported: Map<number, number>) {
  return lanes.flatMap(({ partition, handled }) => {
    if (handled === undefined || reported.get(partition) === handled) return [];
    reported.set(partition, handled);
    return [{ partition, offset: String(handled) }];
  });
}
