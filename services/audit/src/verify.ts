import type { Blobs, Log, Mac } from '@throughline/kernel/ports';
import type { Reader } from '@throughline/kernel/reader';
import { type ChainHead, emptyHead, faultOf, headSeal, type Link, recordHash, recordOf } from './chain.ts';
import { HEAD, headRef, LINK, linkRef } from './processor.ts';
import type { Verification } from './view-schemas.ts';

type Finding = Verification['findings'][number];

export interface AuditedTopic {
  readonly topic: string;
  readonly partitions: number;
  /** Reads the documents of the processor that keeps this topic's trail. */
  readonly reader: Reader;
}

interface Checkpoint extends ChainHead {
  readonly seal: string;
}

const CHECKPOINT = 'audit-heads';
const LOG_PAGE = 500;

/**
 * Keeps the ends of all chains outside of the store, sealed, so that cutting off the end of both the log and the trail shows.
 * Called now and then and at the end of a run.
 */
export async function writeCheckpoint(blobs: Blobs, topics: readonly AuditedTopic[], mac: Mac): Promise<void> {
  const heads: Checkpoint[] = [];
  for (const audited of topics) {
    for (const head of await headsOf(audited)) heads.push({ ...head, seal: headSeal(mac, head) });
  }
  await blobs.putNamed(CHECKPOINT, Buffer.from(JSON.stringify(heads)));
}

async function headsOf({ topic, partitions, reader }: AuditedTopic): Promise<ChainHead[]> {
  const heads: ChainHead[] = [];
  for (let partition = 0; partition < partitions; partition += 1) {
    heads.push((await reader.get<ChainHead>(HEAD, headRef(topic, partition).id)) ?? emptyHead(topic, partition));
  }
  return heads;
}

async function readCheckpoint(blobs: Blobs, mac: Mac): Promise<{ heads: readonly Checkpoint[]; broken: boolean }> {
  const bytes = await blobs.getNamed(CHECKPOINT);
  if (!bytes) return { heads: [], broken: false };
  try {
    const heads = JSON.parse(Buffer.from(bytes).toString('utf8')) as Checkpoint[];
    return { heads, broken: heads.some((head) => headSeal(mac, head) !== head.seal) };
  } catch {
    return { heads: [], broken: true };
  }
}

/**
 * Walks every chain and holds it against the log and the checkpoint. Finds edits, deletions, reorderings and truncations of
 * either. `onProgress` hears how many links have been walked.
 */
export async function verify(options: {
  topics: readonly AuditedTopic[];
  log: Log;
  blobs: Blobs;
  mac: Mac;
  onProgress?: (links: number) => void;
}): Promise<Verification> {
  const { topics, log, blobs, mac } = options;
  const findings: Finding[] = [];
  const checkpoint = await readCheckpoint(blobs, mac);
  if (checkpoint.broken)
    findings.push({ topic: '', partition: 0, offset: null, problem: 'the checkpoint of the chains was changed' });
  let links = 0;
  let pending = 0;
  for (const audited of topics) {
    for (const head of await headsOf(audited)) {
      const walk = new ChainWalk(audited, head, mac, findings);
      const kept = checkpoint.heads.find(
        (candidate) => candidate.topic === head.topic && candidate.partition === head.partition,
      );
      pending += await walk.run(log, kept, (count) => options.onProgress?.(links + count));
      links += head.count;
    }
  }
  return { verified: findings.length === 0, links, pending, findings };
}

class ChainWalk {
  readonly #audited: AuditedTopic;
  readonly #head: ChainHead;
  readonly #mac: Mac;
  readonly #findings: Finding[];

  constructor(audited: AuditedTopic, head: ChainHead, mac: Mac, findings: Finding[]) {
    this.#audited = audited;
    this.#head = head;
    this.#mac = mac;
    this.#findings = findings;
  }

  /** How many records of the log are not in the chain yet. */
  async run(log: Log, checkpoint: ChainHead | undefined, onProgress: (links: number) => void): Promise<number> {
    const { topic, partition } = this.#head;
    const hashes = new Map<number, string>();
    const last = await this.#walk(hashes, onProgress);
    if (last !== this.#head.hash) this.#find(null, 'the chain does not end where its head says');
    if (checkpoint && checkpoint.count > this.#head.count)
      this.#find(null, `the end of the trail is gone: ${checkpoint.count - this.#head.count} links`);
    if (checkpoint && checkpoint.count > 0 && checkpoint.count <= this.#head.count) {
      const link = await this.#link(checkpoint.count - 1);
      if (link?.hash !== checkpoint.hash)
        this.#find(link?.offset ?? null, 'the chain is another one than at its checkpoint');
    }
    const { pending, next } = await this.#compare(log, hashes);
    if (next <= this.#head.offset)
      this.#find(next, `the end of the log is gone: ${topic}/${partition} ends before the trail does`);
    return pending;
  }

  async #walk(hashes: Map<number, string>, onProgress: (links: number) => void): Promise<string> {
    let previous = '';
    for (let place = 0; place < this.#head.count; place += 1) {
      const link = await this.#link(place);
      if (!link) {
        this.#find(null, `link ${place} is missing`);
        return this.#head.hash;
      }
      const fault = faultOf(link, { previous, place }, this.#mac);
      if (fault !== undefined) this.#find(link.offset, fault);
      previous = link.hash;
      hashes.set(link.offset, recordHash(recordOf(link)));
      if (place % LOG_PAGE === 0) onProgress(place);
    }
    return previous;
  }

  /** Holds the log's own records against the trail's; a log that has dropped its oldest (retention) is no finding. */
  async #compare(log: Log, hashes: ReadonlyMap<number, string>): Promise<{ pending: number; next: number }> {
    const { topic, partition } = this.#head;
    let next = 0;
    let pending = 0;
    for (;;) {
      const records = await log.read(topic, partition, next, LOG_PAGE);
      if (records.length === 0) return { pending, next };
      for (const record of records) {
        if (record.offset > this.#head.offset) pending += 1;
        else if (hashes.get(record.offset) !== recordHash(record))
          this.#find(record.offset, 'the record in the log is not the one of the trail');
        next = record.offset + 1;
      }
    }
  }

  #link(place: number): Promise<Link | undefined> {
    return this.#audited.reader.get<Link>(LINK, linkRef(this.#head.topic, this.#head.partition, place).id);
  }

  #find(offset: number | null, problem: string): void {
    this.#findings.push({ topic: this.#head.topic, partition: this.#head.partition, offset, problem });
  }
}
