import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log, OutgoingRecord } from '@throughline/kernel/ports';
import { createEmbeddedLog } from '@throughline/log-embedded/log';
import { LogCorrupt, LogRefused } from '@throughline/log-embedded/refusals';
import { DATABASE_FILE, type Database, openDatabase } from '@throughline/sqlite/database';
import { DatabaseRefused } from '@throughline/sqlite/refusals';
import { demand } from './door.ts';

/** `database`: the file of a log that was closed. `write-ahead`: what a log that was not closed had written behind its file. */
export type LogFile = 'database' | 'write-ahead';

/** The bit to flip, or the length to cut to in bytes. */
export type Damage = { readonly flipBit: number } | { readonly cutTo: number };

/** What became of a damaged log: it is not used, or so many records are missing at its end. */
export type Fate = 'refused' | number;

const TOPICS = [
  { name: 'a.v1', partitions: 2 },
  { name: 'b.v1', partitions: 1 },
];
const FILES: Readonly<Record<LogFile, string>> = { database: DATABASE_FILE, 'write-ahead': `${DATABASE_FILE}-wal` };
const clock = { nowMs: () => 0, after: () => () => {} };
const reporter = { info() {}, warn() {}, error() {} };

/** Memory where the system has a folder in it: a log that is opened thousands of times waits for no disk. */
const memory = ['', 'dev', 'shm'].join('/');
const newFolder = (): string => mkdtempSync(join(existsSync(memory) ? memory : tmpdir(), 'throughline-fuzz-'));

/** A small log that is damaged again and again, each time from the same whole one. */
export class SmallLog {
  readonly #folder = newFolder();
  /** Of each kind of damage: the files of the whole log, by name. */
  readonly #whole = new Map<LogFile, ReadonlyMap<string, Buffer>>();
  /** By partition, every record as it was written. */
  #written: ReadonlyMap<string, readonly string[]> = new Map();

  static async make(): Promise<SmallLog> {
    const small = new SmallLog();
    const directory = join(small.#folder, 'made');
    const database = openDatabase({ directory });
    const log = openLog(database);
    for (let number = 0; number < 8; number += 1) await log.append([record('a.v1', `key ${number}`, `said ${number}`)]);
    await log.append(Array.from({ length: 6 }, (_, number) => record('a.v1', 'key 1', `together ${number}`)));
    database.checkpoint();
    for (let number = 0; number < 3; number += 1)
      await log.append([record('b.v1', 'key', 'b '.repeat(number * 40 + 1))]);
    small.#written = (await readAll(log)).records;
    small.#whole.set('write-ahead', filesOf(directory));
    database.close();
    small.#whole.set('database', filesOf(directory));
    rmSync(directory, { recursive: true });
    return small;
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Length of the file, in bytes. */
  bytes(file: LogFile): number {
    return this.#whole.get(file)?.get(FILES[file])?.length ?? 0;
  }

  /** Damages the file and uses the log. Rejects with `Violation` where something is read that was never written, or a refusal helps nobody. */
  async fateOf(file: LogFile, damage: Damage): Promise<Fate> {
    const directory = join(this.#folder, 'damaged');
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory);
    for (const [name, bytes] of this.#whole.get(file) ?? []) {
      writeFileSync(join(directory, name), name === FILES[file] ? damaged(bytes, damage) : bytes);
    }
    let database: Database | undefined;
    try {
      database = openDatabase({ directory });
      return await this.#use(openLog(database));
    } catch (refusal) {
      demand(isRefusal(refusal), `It is refused with what helps nobody: ${String(refusal)}`);
      return 'refused';
    } finally {
      database?.close();
    }
  }

  async #use(log: Log): Promise<Fate> {
    const { records, refusals } = await readAll(log);
    let lost = 0;
    for (const [partition, written] of this.#written) {
      const read = records.get(partition);
      if (read === undefined) continue;
      for (const [at, text] of read.entries())
        demand(text === written[at], `Record ${at} of ${partition} was never written: ${text}`);
      lost += written.length - read.length;
    }
    if (refusals > 0) return 'refused';
    await log.append([record('b.v1', 'key', 'after')]);
    const after = (await readAll(log)).records.get('b.v1/0') ?? [];
    const before = records.get('b.v1/0') ?? [];
    demand(after.length === before.length + 1, 'It does not keep what is appended to it.');
    return lost;
  }
}

const openLog = (database: Database): Log => createEmbeddedLog({ database, topics: TOPICS, clock, reporter });

const record = (topic: string, key: string, text: string): OutgoingRecord => ({
  topic,
  key,
  headers: { ce_id: text, ce_type: 'Said' },
  value: Buffer.from(text),
});

/** Every record by partition; a partition that is refused is left out and counted. */
async function readAll(log: Log): Promise<{ records: ReadonlyMap<string, readonly string[]>; refusals: number }> {
  const records = new Map<string, readonly string[]>();
  let refusals = 0;
  for (const { name, partitions } of TOPICS) {
    const ends = await log.ends(name);
    for (let partition = 0; partition < partitions; partition += 1) {
      try {
        const read = await log.read(name, partition, 0, ends[partition] ?? 0);
        records.set(
          `${name}/${partition}`,
          read.map(({ offset, key, headers, value }) =>
            JSON.stringify([offset, key, headers, Buffer.from(value).toString('hex')]),
          ),
        );
      } catch (refusal) {
        demand(isRefusal(refusal), `It is refused with what helps nobody: ${String(refusal)}`);
        refusals += 1;
      }
    }
  }
  return { records, refusals };
}

const isRefusal = (error: unknown): boolean =>
  (error instanceof DatabaseRefused || error instanceof LogCorrupt || error instanceof LogRefused) &&
  /backup|check that|start that version|set THROUGHLINE_DATA_DIR/.test(error.message);

function damaged(bytes: Buffer, damage: Damage): Buffer {
  if ('cutTo' in damage) return bytes.subarray(0, damage.cutTo);
  const copy = Buffer.from(bytes);
  const at = damage.flipBit >> 3;
  copy[at] = (copy[at] ?? 0) ^ (1 << (damage.flipBit & 7));
  return copy;
}

function filesOf(directory: string): ReadonlyMap<string, Buffer> {
  const kept = `${directory}-kept`;
  cpSync(directory, kept, { recursive: true });
  const names = Object.values(FILES).filter((name) => existsSync(join(kept, name)));
  const files = new Map(names.map((name) => [name, readFileSync(join(kept, name))]));
  rmSync(kept, { recursive: true });
  return files;
}
