import type { Codec, Draft, Message } from './envelope.ts';
import type { Keyring, Log } from './ports.ts';
import { noTelemetry, type Telemetry } from './telemetry.ts';
import { childOf } from './trace.ts';

/** What an edge (a gateway, a reactor, the operators' API) sends: its id is its natural key, so sending it again is the same message. */
export type EdgeDraft<M extends Message = Message> = Draft<M> & {
  readonly id: string;
  readonly timeMs: number;
  /** W3C trace context that it continues. */
  readonly traceparent: string;
  /** When the work on it began, epoch milliseconds: its first byte came, its event was taken up. `timeMs` where it is left out. */
  readonly sinceMs?: number;
};

export interface Edge {
  /** Resolves once the log has all of them, in this order per key. Rejects on an outage: nothing may be acknowledged then, and sending again is safe. */
  send(drafts: readonly EdgeDraft[]): Promise<void>;
}

/** The way in for everybody who is not a processor. `source` is the service's name. */
export function createEdge(options: {
  readonly log: Log;
  readonly codec: Codec;
  readonly keyring: Keyring;
  readonly source: string;
  readonly telemetry?: Telemetry | undefined;
}): Edge {
  const { log, codec, keyring, source, telemetry = noTelemetry } = options;
  return {
    async send(drafts) {
      const sent = drafts.map(({ sinceMs, ...draft }) => ({
        cause: { traceparent: draft.traceparent, sinceMs: sinceMs ?? draft.timeMs },
        message: { ...draft, source, traceparent: childOf(draft.traceparent, draft.id) } satisfies Message,
      }));
      await keyring.ensure(sent.flatMap(({ message }) => codec.keyIdsToEncode(message)));
      await log.append(sent.map(({ message }) => codec.encode(message)));
      for (const { message, cause } of sent) telemetry.emitted(message, cause);
    },
  };
}
