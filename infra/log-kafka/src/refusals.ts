/** The log cannot be opened or used as asked, or must not go on; the message says what to do. */
export class LogRefused extends Error {
  readonly code:
    | 'log-topic-unknown'
    | 'log-topics-differ'
    | 'log-record-too-large'
    | 'log-unsettled'
    | 'log-out-of-range'
    | 'log-unreadable'
    | 'log-unreachable'
    | 'log-closed';
  constructor(code: LogRefused['code'], message: string) {
    super(message);
    this.name = 'LogRefused';
    this.code = code;
  }
}

/** Says where nobody answered, which the client's own error does not always. */
export const unreachable = (brokers: readonly string[], error: unknown): LogRefused =>
  new LogRefused(
    'log-unreachable',
    `Kafka cannot be reached at ${brokers.join(', ')} (${reasonOf(error)}): check that it runs, and KAFKA_BROKERS, KAFKA_SSL and KAFKA_SASL_MECHANISM.`,
  );

/** Only the name of what is not our own or Kafka's: any other message may quote what a customer said. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return error instanceof LogRefused || error.name.startsWith('KafkaJS') ? error.message : error.name;
}
