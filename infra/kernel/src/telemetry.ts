import type { Message } from './envelope.ts';

/**
 * What the kernel tells of the way of messages, for traces and metrics. It must not throw. The messages are in the clear:
 * only ids and words of closed sets may leave.
 */
export interface Telemetry {
  /** Epoch milliseconds, for `Cause.sinceMs`. */
  nowMs(): number;
  /**
   * The message is in the log just now. It is one span: that of its own traceparent, with that of its cause as its parent. What a
   * new owner appends again after a crash is the same span and is not told again.
   */
  emitted(message: Message, cause: Cause): void;
  /** A processor or reactor is done with the message just now, and what followed from it is in the log. */
  handled(message: Message, handler: string): void;
  /** A processor could not handle a record and parked it. */
  parked(processor: string): void;
  /** What a processor or reactor committed was refused: somebody else owns the partition. */
  fenced(handler: string): void;
}

/** What led to a message. */
export interface Cause {
  /** The trace context that the message continues; its span is `NO_SPAN` where the message begins a trace. */
  readonly traceparent: string;
  /** When the work on it began, epoch milliseconds. */
  readonly sinceMs: number;
}

const nothing = (): void => undefined;

export const noTelemetry: Telemetry = {
  nowMs: () => 0,
  emitted: nothing,
  handled: nothing,
  parked: nothing,
  fenced: nothing,
};
