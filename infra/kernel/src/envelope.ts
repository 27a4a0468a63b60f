import type { LogRecord, OutgoingRecord } from './ports.ts';

/**
 * One message on a topic: CloudEvents 1.0 attributes around a body that its schema describes.
 * In Kafka's binary mode the attributes are headers (`ce_id`, `ce_type`, …) and the body is the value.
 */
export interface Message<Type extends string = string, Body = unknown> {
  readonly topic: string;
  /** Partition key: the case id, or the identity shard. */
  readonly key: string;
  /** `ce_id`: derived from what the message says, so the same thing said twice has one id. */
  readonly id: string;
  /** `ce_type`: the record's name. */
  readonly type: Type;
  /** `ce_source`: `<processor>/<partition>` for processors, the service's name for everybody else. */
  readonly source: string;
  /** `ce_sequence`: rises by one per source for messages of processors; absent on what comes from the edge. */
  readonly sequence?: number;
  /** `ce_subject`: the case or contact that this is about; a record that cannot be handled holds back its subject and nothing else. */
  readonly subject: string;
  /** `ce_time`, epoch milliseconds. */
  readonly timeMs: number;
  /** W3C trace context of what caused this message. */
  readonly traceparent: string;
  readonly body: Body;
}

/** A message before the kernel (or an edge) has addressed it. */
export type Draft<M extends Message = Message> = M extends Message
  ? Pick<M, 'topic' | 'key' | 'type' | 'subject' | 'body'> & { readonly id?: string }
  : never;

/** Turns messages into records and back. What that takes must be at hand: `keyIdsToEncode` names the keys of a message, `prepare` fetches what records need. */
export interface Codec {
  /** Keys under which the protected fields of this message are sealed. */
  keyIdsToEncode(message: Message): readonly string[];
  encode(message: Message): OutgoingRecord;
  /**
   * Has at hand what reading these records takes: their writers' schemas and the keys of their protected fields, as far as
   * they exist. Rejects on an outage and nothing else: a record that cannot be read says so when it is decoded.
   */
  prepare(records: readonly LogRecord[]): Promise<void>;
  /** Of a record that was prepared. Throws `Undecodable`. A protected field whose key is destroyed reads as `ERASED`. */
  decode(record: LogRecord): Message;
}

/** What a protected field reads as once its key is destroyed. */
export const ERASED = '[erased]';

/** The record cannot be read: no schema, wrong bytes, broken seal, missing attributes. `reason` names which and holds no protected value. */
export class Undecodable extends Error {
  readonly code = 'undecodable';
  readonly reason: string;
  constructor(reason: string) {
    super(`The record cannot be decoded: ${reason}`);
    this.reason = reason;
  }
}
