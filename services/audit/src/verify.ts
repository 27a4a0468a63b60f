import type { Blobs, Log, LogRecord, Mac } from '@throughline/kernel/ports';
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
 * Called before the first link can be made, then now and then, and at the end of a run. It never goes back: what does not go on
 * from the end that was kept leaves that as it is, or the next checkpoint would take away what `verify` finds by it.
 */
export async function writeCheckpoint(blobs: Blobs, topics: readonly AuditedTopic[], mac: Mac): Promise<void> {
  const former = await readCheckpoint(blobs, mac);
  if (former.broken) return;
  const heads: Checkpoint[] = [];
  for (const audited of topics) {
    for (const head of await headsOf(audited)) {
      const kept = keptOf(former.heads, head);
      if (await goesOn(audited, kept, head)) heads.push({ ...head, seal: headSeal(mac, head) });
      else if (kept) heads.push(kept);
    }
  }
  await blobs.putNamed(CHECKPOINT, Buffer.from(JSON.stringify(heads)));
}

/** A chain is kept from when it is empty on: one that has links and was never kept has lost its checkpoint. */
async function goesOn(audited: AuditedTopic, kept: ChainHead | undefined, head: ChainHead): Promise<boolean> {
  if (kept === undefined) return head.count === 0;
  if (kept.count === 0) return true;
  return kept.count <= head.count && (await linkOf(audited, head, kept.count - 1))?.hash === kept.hash;
}

const keptOf = (heads: readonly Checkpoint[], { topic, partition }: ChainHead): Checkpoint | undefined =>
  heads.find((kept) => kept.topic === topic && kept.partition === partition);

const linkOf = ({ reader }: AuditedTopic, { topic, partition }: ChainHead, place: number): Promise<Link | undefined> =>
  reader.get<Link>(LINK, linkRef(topic, partition, place).id);

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
      const kept = keptOf(checkpoint.heads, head);
      if (kept === undefined && head.count > 0 && !checkpoint.broken)
        findings.push({ ...placeOf(head), offset: null, problem: 'the checkpoint of the chain is gone' });
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
    return this.#compare(log, hashes);
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

  /**
   * Holds the log's own records against the trail's, and resolves to how many are not in the chain yet. A log that has dropped
   * its oldest (retention) is no finding.
   */
  async #compare(log: Log, hashes: Map<number, string>): Promise<number> {
    const { topic, partition, offset: last } = this.#head;
    let next = 0;
    let pending = 0;
    for (;;) {
      const records = await this.#read(log, next);
      // Nothing can be read past it, so nothing can be said of what is there.
      if (records === 'corrupt') return pending;
      if (records.length === 0) break;
      for (const record of records) {
        if (record.offset > last) pending += 1;
        else if (hashes.get(record.offset) !== recordHash(record))
          this.#find(record.offset, 'the record in the log is not the one of the trail');
        hashes.delete(record.offset);
        next = record.offset + 1;
      }
    }
    if (next <= last) this.#find(next, `the end of the log is gone: ${topic}/${partition} ends before the trail does`);
    await this.#findMissing(log, [...hashes.keys()], next);
    return pending;
  }

  /** Of the trail's records that the log did not have, those between others that it has. */
  async #findMissing(log: Log, offsets: readonly number[], end: number): Promise<void> {
    // Asked for only now: what the log drops for its age while it is read is not missing.
    const [oldest] = await log.read(this.#head.topic, this.#head.partition, 0, 1);
    if (oldest === undefined) return;
    for (const offset of offsets)
      if (offset > oldest.offset && offset < end) this.#find(offset, 'the record is missing from the log');
  }

  async #read(log: Log, from: number): Promise<readonly LogRecord[] | 'corrupt'> {
    try {
      return await log.read(this.#head.topic, this.#head.partition, from, LOG_PAGE);
    } catch (error) {
      const offset = corruptAt(error);
      if (offset === undefined) throw error;
      this.#find(offset, 'the log cannot be read from here on: a record is missing or was changed');
      return 'corrupt';
    }
  }

  #link(place: number): Promise<Link | undefined> {
    return linkOf(this.#audited, this.#head, place);
  }

  #find(offset: number | null, problem: string): void {
    this.#findings.push({ ...placeOf(this.#head), offset, problem });
  }
}

const placeOf = ({ topic, partition }: ChainHead): Pick<Finding, 'topic' | 'partition'> => ({ topic, partition });

/** The offset at which a log says that it is corrupt; undefined for every other error. */
const corruptAt = (error: unknown): number | undefined =>
  error instanceof Error && 'code' in error && error.code === 'log-corrupt' && 'offset' in error
    ? Number(error.offset)
    : undefined;
