import type { Log, OutgoingRecord, Subscriber } from '@throughline/kernel/ports';
import { turns } from './setting.ts';

/** A promise that somebody else ends. */
export function gate() {
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  return { open, opened };
}

/** Whether the promise has not ended, however many turns it is given. */
export async function waits(run: Promise<unknown>): Promise<boolean> {
  let ended = false;
  const end = (): void => {
    ended = true;
  };
  run.then(end, end);
  await turns(50);
  return !ended;
}

/** What a call failed with. */
export const failure = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => 'it did not fail',
    (error: Error) => error.message,
  );

/** A log that hands over nothing by itself: the test calls what a host gave it. It keeps what is appended. */
export function handLog(log: Log) {
  const given: Subscriber[] = [];
  const appended: (readonly OutgoingRecord[])[] = [];
  const hand: Log = {
    ...log,
    append(records) {
      appended.push(records);
      return log.append(records);
    },
    async subscribe(subscriber) {
      given.push(subscriber);
      return { close: async () => undefined };
    },
  };
  const last = (): Subscriber => {
    const subscriber = given.at(-1);
    if (!subscriber) throw new Error('Nobody has subscribed.');
    return subscriber;
  };
  return { log: hand, appended, last };
}
