import { hash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { createRecent } from '@throughline/gateway/recent';
import type { Clock } from '@throughline/kernel/ports';
import type { IncomingMail } from './incoming.ts';

/** Reads mails one after the other on a thread of its own, which is ended when one takes too long or too much memory. */
export interface MailReader {
  /**
   * `unreadable`: these bytes will never be read (no mail, or one made to exhaust its reader). `too-slow`: they took too long, which
   * may be the machine's fault and not theirs; the second time it is theirs. Rejects only where no thread can be had.
   */
  read(raw: Uint8Array): Promise<{ readonly mail: IncomingMail } | 'unreadable' | 'too-slow'>;
  close(): Promise<void>;
}

export function createMailReader({ clock, timeoutMs = READ_MS_MAX }: { clock: Clock; timeoutMs?: number }): MailReader {
  let thread: Worker | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const slowBefore = createRecent<true>(SLOW_REMEMBERED_MAX);

  async function end(): Promise<void> {
    const ended = thread;
    thread = undefined;
    await ended?.terminate();
  }

  async function readNext(raw: Uint8Array): ReturnType<MailReader['read']> {
    thread ??= startThread();
    const answer = await answerOf(thread, raw, clock, timeoutMs);
    if (typeof answer === 'object') return { mail: answer };
    if (answer !== undefined) await end();
    if (answer !== 'late') return 'unreadable';
    const name = hash('sha256', raw);
    const isSlowAgain = slowBefore.has(name);
    slowBefore.set(name, true);
    return isSlowAgain ? 'unreadable' : 'too-slow';
  }

  return {
    read(raw) {
      const result = last.then(() => readNext(raw));
      // What keeps one mail from being read is no matter of the next.
      last = result.catch(() => {});
      return result;
    },
    close: end,
  };
}

const READ_MS_MAX = 10_000;
const SLOW_REMEMBERED_MAX = 1_000;
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

/** `broken`, `late`: the thread did not answer, or not in time, and has to be ended. */
function answerOf(
  thread: Worker,
  raw: Uint8Array,
  clock: Clock,
  timeoutMs: number,
): Promise<IncomingMail | undefined | 'broken' | 'late'> {
  return new Promise((resolve) => {
    const settle = (answer: IncomingMail | undefined | 'broken' | 'late'): void => {
      cancel();
      thread.off('message', onMail).off('error', onBroken).off('exit', onBroken);
      resolve(answer);
    };
    const onMail = (mail: IncomingMail | undefined): void => settle(mail);
    const onBroken = (): void => settle('broken');
    const cancel = clock.after(timeoutMs, () => settle('late'));
    thread.on('message', onMail).on('error', onBroken).on('exit', onBroken);
    thread.postMessage(raw);
  });
}
