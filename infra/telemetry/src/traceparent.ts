import { beginningOf } from '@throughline/kernel/trace';

/**
 * A new W3C trace context, for what begins at a channel. It names no span yet: the first message that goes on from it is the first span.
 * @param random where its bytes come from
 */
export const newTraceparent = (random: (bytes: number) => Uint8Array): string =>
  beginningOf(Buffer.from(random(16)).toString('hex'));
