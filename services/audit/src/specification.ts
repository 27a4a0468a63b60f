import { createHmac } from 'node:crypto';
import { type Codec, type Message, Undecodable } from '@throughline/kernel/envelope';
import type { Blobs, Log, LogRecord, Mac } from '@throughline/kernel/ports';
import type { Documents, Write } from '@throughline/kernel/processor';
import type { Reader } from '@throughline/kernel/reader';
import type { Link } from './chain.ts';
import { decide } from './decide.ts';
import { createAuditProcessor } from './processor.ts';
import type { AuditedTopic } from './verify.ts';

export const TOPIC = 'case.events.v1';

export const mac: Mac = (purpose, text) => createHmac('sha256', purpose).update(text).digest('hex');

export const record = (offset: number, subject = 'case_1', text = `entry ${offset}`): LogRecord => ({
  topic: TOPIC,
  partition: 0,
  offset,
  key: subject,
  headers: {
    ce_id: `m${offset}`,
    ce_type: 'CaseOpened',
    ce_subject: subject,
    ce_time: new Date(1_000 * offset).toISOString(),
  },
  value: Buffer.from(text),
});

const TRACE = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;

/** Events as JSON in the clear; the trail does not care. */
export const codec: Codec = {
  keyIdsToEncode: () => [],
  prepare: async () => {},
  encode: () => {
    throw new Error('nothing is encoded here');
  },
  decode: (record) => {
    if (Buffer.from(record.value).toString() === 'garbage') throw new Undecodable('it is garbage');
    const { ce_id = '', ce_type = '', ce_subject = '', ce_time = '' } = record.headers;
    return {
      topic: record.topic,
      key: record.key,
      id: ce_id,
      type: ce_type,
      source: 'test/0',
      subject: ce_subject,
      timeMs: Date.parse(ce_time),
      traceparent: TRACE,
      body: JSON.parse(Buffer.from(record.value).toString()),
    } as Message;
  },
};

export function event(
  topic: string,
  offset: number,
  subject: string,
  type: string,
  body: object,
  atS = offset,
): LogRecord {
  const headers = {
    ce_id: `${topic}-${offset}`,
    ce_type: type,
    ce_subject: subject,
    ce_time: new Date(atS * 1_000).toISOString(),
  };
  return {
    topic,
    partition: 0,
    offset,
    key: subject,
    headers,
    value: Buffer.from(JSON.stringify({ number: offset + 1, ...body })),
  };
}

/** A log of one partition, the trail that the processor made of it, and the checkpoint beside both; all of it can be tampered with. */
export class Trail {
  records: LogRecord[] = [];
  readonly documents = new Map<string, Write>();
  readonly named = new Map<string, Uint8Array>();
  readonly #processor: ReturnType<typeof createAuditProcessor>;

  constructor(topic = TOPIC) {
    this.#processor = createAuditProcessor(topic, 1);
  }

  /** Appends to the log, and has the processor follow. */
  append(...records: readonly LogRecord[]): void {
    for (const one of records) {
      this.records.push(one);
      this.follow(one);
    }
  }

  /** What the kernel does for an observer: the record's attributes, no body. */
  follow(one: LogRecord): void {
    const message = {
      topic: one.topic,
      key: one.key,
      id: one.headers.ce_id ?? '',
      type: one.headers.ce_type ?? '',
      source: '',
      subject: one.headers.ce_subject ?? one.key,
      timeMs: Date.parse(one.headers.ce_time ?? '') || 0,
      traceparent: '',
      body: undefined,
    };
    const asked = new Set(this.#processor.needs(message, this.#view(new Set())).map(({ kind, id }) => `${kind}/${id}`));
    const decision = decide(message, this.#view(asked), { nowMs: message.timeMs, partition: 0, record: one, mac });
    for (const write of decision.writes ?? []) this.documents.set(`${write.kind}/${write.id}`, write);
  }

  /** Changes a document as somebody would who can write to the store. */
  tamper(id: string, change: (content: Record<string, unknown>) => Record<string, unknown> | null): void {
    const write = this.documents.get(id);
    if (!write) throw new Error(`There is no ${id}.`);
    const content = change(write.content as Record<string, unknown>);
    if (content === null) this.documents.delete(id);
    else this.documents.set(id, { ...write, content });
  }

  /** The content of a link; throws where there is none. */
  link(id: string): Link {
    const content = this.documents.get(id)?.content;
    if (content === undefined) throw new Error(`There is no ${id}.`);
    return content as Link;
  }

  get reader(): Reader {
    const { documents } = this;
    return {
      get: async <Content>(kind: string, id: string) => documents.get(`${kind}/${id}`)?.content as Content | undefined,
      list: async <Content>(list: string) => {
        const on = [...documents.values()].flatMap((write) =>
          (write.lists ?? []).flatMap((entry) => (entry.list === list ? [{ sort: entry.sort, write }] : [])),
        );
        on.sort((one, other) => one.sort.localeCompare(other.sort));
        return {
          items: on.map(({ write }) => ({ kind: write.kind, id: write.id, content: write.content as Content })),
          next: null,
        };
      },
    };
  }

  get topics(): readonly AuditedTopic[] {
    return [{ topic: TOPIC, partitions: 1, reader: this.reader }];
  }

  get log(): Log {
    return {
      append: async () => [],
      subscribe: async () => ({ close: async () => undefined }),
      tail: async () => ({ close: async () => undefined }),
      read: async (_topic, _partition, from, limit) =>
        this.records.filter(({ offset }) => offset >= from).slice(0, limit),
      ends: async () => [this.records.length],
    };
  }

  get blobs(): Blobs {
    return {
      put: async () => '',
      get: async () => undefined,
      putNamed: async (name, bytes) => void this.named.set(name, bytes),
      getNamed: async (name) => this.named.get(name),
    };
  }

  #view(asked: ReadonlySet<string>): Documents {
    return {
      has: (kind, id) => asked.has(`${kind}/${id}`),
      get: <Content>(kind: string, id: string) => {
        if (!asked.has(`${kind}/${id}`)) throw new Error(`${kind}/${id} was not asked for.`);
        return this.documents.get(`${kind}/${id}`)?.content as Content | undefined;
      },
    };
  }
}
