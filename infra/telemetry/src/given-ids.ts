import { type IdGenerator, RandomIdGenerator } from '@opentelemetry/sdk-trace';
import type { TraceContext } from '@throughline/kernel/trace';

/** Hands out the ids that are asked for, so that a span has the id that its message carries already. */
export class GivenIds implements IdGenerator {
  readonly #random = new RandomIdGenerator();
  #given: TraceContext | undefined;

  /** The span that `start` starts gets these ids; it must start it before it returns. */
  during<Started>(given: TraceContext, start: () => Started): Started {
    this.#given = given;
    try {
      return start();
    } finally {
      this.#given = undefined;
    }
  }

  generateTraceId(): string {
    return this.#given?.traceId ?? this.#random.generateTraceId();
  }

  generateSpanId(): string {
    return this.#given?.spanId ?? this.#random.generateSpanId();
  }
}
