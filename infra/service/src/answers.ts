import type { Codec, Message } from '@throughline/kernel/envelope';
import type { Clock, Closable, Log } from '@throughline/kernel/ports';

/** Waits for the answer to an input among the events of a topic. */
export interface Answers extends Closable {
  /**
   * Resolves to the first event from now on that `matches`, or to undefined after `timeoutMs`. Ask before sending the input,
   * so that its answer cannot have passed.
   */
  next(matches: (event: Message) => boolean, timeoutMs: number): Promise<Message | undefined>;
}

interface Waiting {
  readonly matches: (event: Message) => boolean;
  readonly settle: (event: Message | undefined) => void;
}

/** How long an operator's request waits for the answer of the log. */
export const ANSWER_MAX_MS = 10_000;

/** `types`: only these events are decoded. */
export async function listenForAnswers(options: {
  readonly log: Log;
  readonly codec: Codec;
  readonly clock: Clock;
  readonly topic: string;
  readonly types: readonly string[];
}): Promise<Answers> {
  const { log, codec, clock, topic, types } = options;
  const waiting = new Set<Waiting>();
  const tail = await log.tail(topic, (record) => {
    if (waiting.size === 0 || !types.includes(record.headers.ce_type ?? '')) return;
    void (async () => {
      await codec.prepare([record]);
      const event = codec.decode(record);
      for (const one of [...waiting]) if (one.matches(event)) one.settle(event);
    })().catch(() => undefined);
  });
  return {
    next: (matches, timeoutMs) =>
      new Promise((resolve) => {
        const settle = (event: Message | undefined): void => {
          cancel();
          waiting.delete(one);
          resolve(event);
        };
        const one: Waiting = { matches, settle };
        const cancel = clock.after(timeoutMs, () => settle(undefined));
        waiting.add(one);
      }),
    async close() {
      for (const one of [...waiting]) one.settle(undefined);
      await tail.close();
    },
  };
}
