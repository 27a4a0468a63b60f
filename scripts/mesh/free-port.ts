import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below what systems hand out by themselves (32768 on Linux, 49152 elsewhere): a port from there may go to any outgoing
 * connection while the mesh that is to come back on it is away.
 */
const FIRST = 12_000;
const LAST = 31_999;

/** A port that is free now, and that nobody is given by chance, for a mesh that is to come back on the same one. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST, LAST + 1);
    const server = createServer();
    const listening = once(server, 'listening');
    server.listen(port, '127.0.0.1');
    if (
      await listening.then(
        () => true,
        () => false,
      )
    ) {
      server.close();
      await once(server, 'close');
      return port;
    }
  }
}
