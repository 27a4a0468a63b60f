import { closeSync, existsSync, fsyncSync, openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase, { type Database as Connection } from 'better-sqlite3';
import { makePrivateDirectory } from './directory.ts';
import { createGroupCommit, type Write } from './group-commit.ts';
import { corrupt, DatabaseRefused, refusalFrom } from './refusals.ts';
import { losesCommits } from './write-ahead.ts';

/** The one file of the embedded default: the log, the store and the keys are tables in it. */
export interface Database {
  /** Where it is, for messages to people. */
  readonly file: string;
  /** For reading, and for what runs inside `write`. Everything in it is synchronous: a reader never sees half a transaction. */
  readonly connection: Connection;
  /**
   * Runs `run` inside the next transaction, together with all that was asked for in this turn of the event loop and in
   * that order; resolves to its result once it is durable. Rejects with what `run` threw, or where the transaction
   * failed; then nothing of `run` is in the file, and `undone` has been called to take back what it kept in memory.
   */
  readonly write: Write;
  /** Empties the write-ahead file into the database, so that nothing replaced or deleted is left in it. */
  checkpoint(): void;
  /** Commits what waits, then closes; the file may then be opened by another process. */
  close(): void;
}

export const DATABASE_FILE = 'throughline.db';

/** The version of the tables that this program reads and writes. */
const FORMAT = 1;
/** "Thln": marks the file as ours in SQLite's own header. */
const APPLICATION_ID = 0x54686c6e;

/**
 * Opens, or makes, the database of a data directory, for this process alone.
 * @throws DatabaseRefused where another process has it, the format is newer, or the file is damaged or not ours.
 */
export function openDatabase(options: { readonly directory: string }): Database {
  const file = join(options.directory, DATABASE_FILE);
  let connection: Connection | undefined;
  try {
    makePrivateDirectory(options.directory);
    createPrivate(file, options.directory);
    checkWriteAhead(file);
    // No waiting for a lock: who holds it holds it for good.
    connection = new SqliteDatabase(file, { timeout: 0 });
    configure(connection, file);
    return databaseOver(connection, file);
  } catch (error) {
    connection?.close();
    throw refusalFrom(error, file);
  }
}

function databaseOver(connection: Connection, file: string): Database {
  const group = createGroupCommit(connection);
  return {
    file,
    connection,
    write: group.write,
    checkpoint: () => {
      connection.pragma('wal_checkpoint(TRUNCATE)');
    },
    close: () => {
      if (!connection.open) return;
      group.flush();
      connection.close();
    },
  };
}

/** The file exists before SQLite opens it, so that it (and what SQLite puts beside it) is readable by its owner only. */
function createPrivate(file: string, directory: string): void {
  closeSync(openSync(file, 'a', 0o600));
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function configure(connection: Connection, file: string): void {
  connection.pragma('locking_mode = EXCLUSIVE');
  // Small pages: an append touches the last page of every partition that it reaches, and each is written whole (measured).
  connection.pragma('page_size = 1024');
  const fresh = statSync(file).size === 0;
  if (fresh) {
    // One transaction, before anything else: a crash leaves an empty file or one that is marked as ours.
    connection.exec(`BEGIN; PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${FORMAT}; COMMIT`);
  } else checkIdentity(connection, file);
  connection.pragma('journal_mode = WAL');
  // Default NORMAL would lose the last commits on a power failure.
  connection.pragma('synchronous = FULL');
  // macOS answers fsync before the disk has it; elsewhere this does nothing.
  connection.pragma('fullfsync = ON');
  // About 16 MB of write-ahead file: a checkpoint waits for the disk twice, so it should be rare.
  connection.pragma('wal_autocheckpoint = 16000');
  connection.pragma('cache_size = -32000');
  // A destroyed key must not survive in the free space of a page.
  connection.pragma('secure_delete = ON');
  connection.pragma('wal_checkpoint(TRUNCATE)');
  checkLength(connection, file);
  checkStructure(connection, file);
}

function checkIdentity(connection: Connection, file: string): void {
  const format = Number(connection.pragma('user_version', { simple: true }));
  if (connection.pragma('application_id', { simple: true }) !== APPLICATION_ID) {
    throw new DatabaseRefused(
      'database-foreign',
      `${file} is the database of another program: set THROUGHLINE_DATA_DIR to a directory of its own.`,
    );
  }
  if (format > FORMAT) {
    throw new DatabaseRefused(
      'database-newer',
      `${file} was written by a newer version of Throughline (format ${format}, this one reads ${FORMAT}): start that version.`,
    );
  }
}

/** SQLite reads a file that was cut off without a word until it needs a missing page; we would rather not start. */
function checkLength(connection: Connection, file: string): void {
  const pages = Number(connection.pragma('page_count', { simple: true }));
  const pageBytes = Number(connection.pragma('page_size', { simple: true }));
  if (statSync(file).size < pages * pageBytes) throw corrupt(file);
}

/** Before SQLite looks at it: what it does not take it throws away. */
function checkWriteAhead(file: string): void {
  const writeAhead = `${file}-wal`;
  if (existsSync(writeAhead) && losesCommits(readFileSync(writeAhead))) throw corrupt(file);
}

/**
 * A page whose inside is broken may hide rows without a word: what is missing at the end of a table looks as if it had never been
 * there, and its place would be given away again. Reads the whole file, about a gigabyte a second.
 */
function checkStructure(connection: Connection, file: string): void {
  if (connection.pragma('quick_check(1)', { simple: true }) !== 'ok') throw corrupt(file);
  // A file that says of itself that it cannot be written is found out here, and not at the first append.
  connection.exec(`BEGIN; PRAGMA user_version = ${FORMAT}; ROLLBACK`);
}
