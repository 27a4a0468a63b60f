import type { Codec, Draft, Message } from './envelope.ts';
import type { Keyring, Log } from './ports.ts';

/** What an edge (a gateway, a reactor, the operators' API) sends: its id is its natural key, so sending it again is the same message. */
export type EdgeDraft<M extends Message = Message> = Draft<M> & {
  readonly id: string;
  readonly timeMs: number;
  /** W3C trace context that it continues. */
  readonly traceparent: string;
};

export interface Edge {
  /** Resolves once the log has all of them, in this order per key. Rejects on an outage: nothing may be acknowledged then, and sending again is safe. */
  send(drafts: readonly EdgeDraft[]): Promise<void>;
}

/** The way in for everybody who is not a processor. `source` is the service's name. */
export function createEdge(options: { log: Log; codec: Codec; keyring: Keyring; source: string }): Edge {
  const { log, codec, keyring, source } = options;
  return {
    async send(drafts) {
      const messages = drafts.map((draft): Message => ({ ...draft, source }));
      await keyring.ensure(messages.flatMap((message) => codec.keyIdsToEncode(message)));
      await log.append(messages.map((message) => codec.encode(message)));
    },
  };
}
