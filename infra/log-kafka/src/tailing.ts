import type { Closable, LogRecord } from '@throughline/kernel/ports';
import { edge, Feed, type Intake } from './fetching.ts';
import { reasonOf } from './refusals.ts';
import type { ReadingOptions } from './subscribing.ts';

/**
 * Everything from the ends as they are now. Without a group: its offsets are in this process alone, so no rebalance, no session
 * and no restart of a broker can make it skip a record or show one twice.
 */
export async function tail(options: ReadingOptions, onRecord: (record: LogRecord) => void): Promise<Closable> {
  const { link, topic, reporter } = options;
  const feed = new Feed(options);
  let isClosed = false;
  const show = (record: LogRecord): void => {
    if (isClosed) return;
    try {
      onRecord(record);
    } catch (error) {
      reporter.error('log.tail-failed', { topic, reason: reasonOf(error) });
    }
  };
  for (const [partition, end] of await edge(link, topic, false)) feed.add(intakeOf(partition, end, show));
  return {
    async close() {
      isClosed = true;
      feed.close();
    },
  };
}

function intakeOf(partition: number, end: number, show: (record: LogRecord) => void): Intake {
  let next = end;
  return {
    partition,
    isHungry: true,
    get next() {
      return next;
    },
    take(records, behind) {
      next = behind;
      for (const record of records) show(record);
    },
  };
}
