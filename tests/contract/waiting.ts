/** Lets some of the adapter's time pass: a turn of the event loop and a step of its fake clock, or a few real milliseconds. */
export type Turn = () => Promise<void>;

const TURNS_MAX = 5000;

/** Goes on as soon as the condition holds; fails, naming it, where it does not come to hold. */
export async function until(condition: string, holds: () => boolean, turn: Turn): Promise<void> {
  for (let turns = 0; turns < TURNS_MAX; turns += 1) {
    if (holds()) return;
    await turn();
  }
  throw new Error(`It did not come about that ${condition}.`);
}

/** Gives what must not happen a fair chance to happen. */
export async function aWhile(turn: Turn): Promise<void> {
  for (let turns = 0; turns < 20; turns += 1) await turn();
}

/** A promise that is settled by hand. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** What a promise was rejected with; fails where it was not. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  const outcome = await promise.then(
    () => ({ isRejected: false, reason: undefined }),
    (reason: unknown) => ({ isRejected: true, reason }),
  );
  if (!outcome.isRejected) throw new Error('It was expected to be rejected, and was not.');
  return outcome.reason;
}
