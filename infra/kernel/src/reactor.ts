import type { EdgeDraft } from './edge.ts';
import type { Message } from './envelope.ts';

/**
 * A reactor does something in the world for an event, at least once, with a key that lets the world dedupe, and
 * reports back with inputs. Order is kept per partition key; many keys are worked on at once.
 */
export interface Reactor<Event extends Message = Message> {
  /** Also the consumer group. */
  readonly name: string;
  readonly topic: string;
  /** As for a `Subscriber`: nobody waits for what it does. */
  readonly lingerMs?: number;
  /** The event types that may concern it; records of other types are not even decoded. */
  readonly types?: readonly string[];
  /** Whether the event concerns this reactor; the others cost nothing but the decoding. */
  wants(event: Event): boolean;
  /**
   * Does it, and says what to report. Called again after a crash or when it rejects (an outage; retried with growing
   * pauses, in order, for as long as it takes). A failure that will not go away is a report, not a rejection.
   */
  handle(event: Event): Promise<readonly EdgeDraft[]>;
}
