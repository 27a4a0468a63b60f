import { Worker } from 'node:worker_threads';
import type { Clock } from '@throughline/kernel/ports';
import type { IncomingMail } from './incoming.ts';

/** Reads mails one after the other on a thread of its own, which is ended when one takes too long or too much memory. */
export interface MailReader {
  /** `unreadable`: these bytes will never be read (no mail, or one made to exhaust its reader). Never rejects. */
  read(raw: Uint8Array): Promise<{ readonly mail: IncomingMail } | 'unreadable'>;
  close(): Promise<void>;
}

export function createMailReader({ clock, timeoutMs = READ_MS_MAX }: { clock: Clock; timeoutMs?: number }): MailReader {
  let thread: Worker | undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function end(): Promise<void> {
    const ended = thread;
    thread = undefined;
    await ended?.terminate();
  }

  async function readNext(raw: Uint8Array): Promise<{ readonly mail: IncomingMail } | 'unreadable'> {
    thread ??= startThread();
    const answer = await answerOf(thread, raw, clock, timeoutMs);
    if (answer === 'broken') await end();
    return answer === 'broken' || answer === undefined ? 'unreadable' : { mail: answer };
  }

  return {
    read(raw) {
      const result = last.then(() => readNext(raw));
      last = result;
      return result;
    },
    close: end,
  };
}

const READ_MS_MAX = 10_000;
const HEAP_MB_MAX = 256;

function startThread(): Worker {
  const file = import.meta.url.endsWith('.ts') ? './parse-thread.ts' : './parse-thread.js';
  const thread = new Worker(new URL(file, import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX },
    execArgv: [],
  });
  thread.unref();
  // An error of a thread that has been given up on is nobody's.
  thread.on('error', () => {});
  return thread;
}

/** `broken`: the thread did not answer and has to be ended. */
function answerOf(
  thread: Worker,
  raw: Uint8Array,
  clock: Clock,
  timeoutMs: number,
): Promise<IncomingMail | undefined | 'broken'> {
  return new Promise((resolve) => {
    const settle = (answer: IncomingMail | undefined | 'broken'): void => {
      cancel();
      thread.off('message', onMail).off('error', onBroken).off('exit', onBroken);
      resolve(answer);
    };
    const onMail = (mail: IncomingMail | undefined): void => settle(mail);
    const onBroken = (): void => settle('broken');
    const cancel = clock.after(timeoutMs, onBroken);
    thread.on('message', onMail).on('error', onBroken).on('exit', onBroken);
    thread.postMessage(raw);
  });
}
