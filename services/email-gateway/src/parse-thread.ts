import { parentPort } from 'node:worker_threads';
import { readMail } from './read-mail.ts';

/** The thread that mails are read on. One message in, the bytes; one out, the mail or nothing. */
parentPort?.on('message', async (raw: Uint8Array) => {
  parentPort?.postMessage(await readMail(raw).catch(() => undefined));
});
