import { createHmac } from 'node:crypto';
import type { Codec, Message } from '@throughline/kernel/envelope';
import type { Closable, Keyring, Log, LogRecord, OutgoingRecord } from '@throughline/kernel/ports';

/** A log in memory that a test can have refuse. Tails get their records one turn of the loop later, in order. */
export class MemoryLog implements Log {
  readonly records: LogRecord[] = [];
  /** While set, appends are rejected: an outage. */
  refuses = false;
  /** Called with each record that the log takes, before its append resolves. */
  onRecord: (record: LogRecord) => void = () => {};
  readonly #tails: { readonly topic: string; readonly onRecord: (record: LogRecord) => void }[] = [];

  async append(records: readonly OutgoingRecord[]): Promise<readonly { partition: number; offset: number }[]> {
    if (this.refuses) throw new Error('The log cannot be reached.');
    const places = records.map((record) => this.#take(record));
    await new Promise((resolve) => setImmediate(resolve));
    return places;
  }

  async tail(topic: string, onRecord: (record: LogRecord) => void): Promise<Closable> {
    const tail = { topic, onRecord };
    this.#tails.push(tail);
    return { close: async () => void this.#tails.splice(this.#tails.indexOf(tail), 1) };
  }

  async read(topic: string, _partition: number, fromOffset: number, limit: number): Promise<readonly LogRecord[]> {
    return this.records.filter((record) => record.topic === topic).slice(fromOffset, fromOffset + limit);
  }

  async ends(topic: string): Promise<readonly number[]> {
    return [this.records.filter((record) => record.topic === topic).length];
  }

  async subscribe(): Promise<Closable> {
    throw new Error('A gateway has no consumer group.');
  }

  #take(outgoing: OutgoingRecord): { partition: number; offset: number } {
    const offset = this.records.filter((record) => record.topic === outgoing.topic).length;
    const record: LogRecord = { ...outgoing, partition: 0, offset };
    this.records.push(record);
    this.onRecord(record);
    for (const tail of this.#tails) if (tail.topic === record.topic) setImmediate(() => tail.onRecord(record));
    return { partition: 0, offset };
  }
}

/** Messages as JSON: what a gateway does with them does not depend on their bytes. */
export const plainCodec: Codec = {
  keyIdsToEncode: () => [],
  prepare: async () => {},
  encode(message) {
    const { topic, key, type, id } = message;
    return {
      topic,
      key,
      headers: { ce_type: type, ce_id: id },
      value: new TextEncoder().encode(JSON.stringify(message)),
    };
  },
  decode: (record): Message => JSON.parse(new TextDecoder().decode(record.value)),
};

/** A keyring of which only the keyed hash does anything. */
export const plainKeyring: Keyring = {
  ensure: async () => {},
  fetch: async () => {},
  seal: (_keyId, plain) => plain,
  open: (sealed) => sealed,
  keyIdOf: () => '',
  destroy: async () => {},
  mac: (purpose, text) => createHmac('sha256', purpose).update(text).digest('hex'),
};
