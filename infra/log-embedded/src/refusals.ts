/** A stored record is missing or is not what was appended. Nothing is read past it. */
export class LogCorrupt extends Error {
  readonly code = 'log-corrupt';
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  constructor(topic: string, partition: number, offset: number, what: string) {
    super(
      `Record ${offset} of ${topic}, partition ${partition}, ${what}: stop, and put back a copy of the data directory from a backup.`,
    );
    this.name = 'LogCorrupt';
    this.topic = topic;
    this.partition = partition;
    this.offset = offset;
  }
}

/** The log cannot be opened or used as asked; the message says what to do. */
export class LogRefused extends Error {
  readonly code: 'log-topic-unknown' | 'log-partitions-fixed' | 'log-behind-cursor' | 'log-full';
  constructor(code: LogRefused['code'], message: string) {
    super(message);
    this.name = 'LogRefused';
    this.code = code;
  }
}
