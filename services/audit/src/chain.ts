import { createHash } from 'node:crypto';
import type { LogRecord, Mac } from '@throughline/kernel/ports';

/** One record of the trail: a copy of it as it stood in the log (protected fields stay sealed), chained to the one before. */
export interface Link {
  /** Place in the chain, from 0 without gaps; offsets of a log may have gaps. */
  readonly place: number;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly valueBase64: string;
  readonly previous: string;
  /** SHA-256 over the former hash, the place and the record's own hash. */
  readonly hash: string;
  /** Keyed hash of `hash`: who can write to the store but has not the master key cannot make a new chain. */
  readonly seal: string;
}

/** The end of a chain. */
export interface ChainHead {
  readonly topic: string;
  readonly partition: number;
  /** How many links there are. */
  readonly count: number;
  /** Hash of the last link, empty where there is none. */
  readonly hash: string;
  /** Offset of its record. */
  readonly offset: number;
}

export const emptyHead = (topic: string, partition: number): ChainHead => ({
  topic,
  partition,
  count: 0,
  hash: '',
  offset: -1,
});

/** SHA-256 over key, headers (sorted) and value, each with its length, so that nothing can be moved from one to the other. */
export function recordHash(record: Pick<LogRecord, 'key' | 'headers' | 'value'>): string {
  const hash = createHash('sha256');
  const add = (bytes: Uint8Array): void => {
    hash.update(`${bytes.length}:`).update(bytes);
  };
  add(Buffer.from(record.key));
  for (const name of Object.keys(record.headers).sort()) {
    add(Buffer.from(name));
    add(Buffer.from(record.headers[name] ?? ''));
  }
  add(record.value);
  return hash.digest('hex');
}

const linkHash = (previous: string, place: number, offset: number, record: string): string =>
  createHash('sha256').update(`${previous}/${place}/${offset}/${record}`).digest('hex');

const sealOf = (mac: Mac, topic: string, partition: number, hash: string): string =>
  mac('audit-link', `${topic}/${partition}/${hash}`);

/** The keyed hash of a head, for its checkpoint outside of the store. */
export const headSeal = (mac: Mac, head: ChainHead): string =>
  mac('audit-head', `${head.topic}/${head.partition}/${head.count}/${head.hash}`);

export function linkFor(head: ChainHead, record: LogRecord, mac: Mac): Link {
  const hash = linkHash(head.hash, head.count, record.offset, recordHash(record));
  return {
    place: head.count,
    topic: record.topic,
    partition: record.partition,
    offset: record.offset,
    key: record.key,
    headers: record.headers,
    valueBase64: Buffer.from(record.value).toString('base64'),
    previous: head.hash,
    hash,
    seal: sealOf(mac, record.topic, record.partition, hash),
  };
}

export const recordOf = (link: Link): LogRecord => ({
  topic: link.topic,
  partition: link.partition,
  offset: link.offset,
  key: link.key,
  headers: link.headers,
  value: Buffer.from(link.valueBase64, 'base64'),
});

/** Undefined where the link is whole and follows `previous`; otherwise what is wrong with it. */
export function faultOf(
  link: Link,
  expected: { readonly previous: string; readonly place: number },
  mac: Mac,
): string | undefined {
  if (link.place !== expected.place) return 'a link is missing or out of order';
  if (link.previous !== expected.previous) return 'it does not follow the link before it';
  return faultWithin(link, mac);
}

/** The same for a link by itself, without its neighbours. */
export function faultWithin(link: Link, mac: Mac): string | undefined {
  if (linkHash(link.previous, link.place, link.offset, recordHash(recordOf(link))) !== link.hash)
    return 'the kept record was changed';
  if (sealOf(mac, link.topic, link.partition, link.hash) !== link.seal)
    return 'the link was not made by this installation';
  return undefined;
}
