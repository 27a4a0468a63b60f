/**
 * A new W3C trace context, for what begins at a channel: version, trace id, span id, sampled.
 * @param random where its bytes come from
 */
export function newTraceparent(random: (bytes: number) => Uint8Array): string {
  const hex = (bytes: number): string => Buffer.from(random(bytes)).toString('hex');
  return `00-${hex(16)}-${hex(8)}-01`;
}
