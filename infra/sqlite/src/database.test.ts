import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect } from 'chai';
import { DATABASE_FILE, type Database, openDatabase } from './database.ts';
import { DatabaseRefused } from './refusals.ts';

describe('the database of a data directory', () => {
  let directory: string;
  let file: string;
  let open: Database | undefined;

  const opened = (): Database => {
    open = openDatabase({ directory });
    return open;
  };
  const closed = (): void => open?.close();
  const refusal = (): unknown => {
    try {
      opened();
      return 'none';
    } catch (error) {
      return error instanceof DatabaseRefused ? error.code : error;
    }
  };

  beforeEach(() => {
    directory = join(mkdtempSync(join(tmpdir(), 'throughline-')), 'data');
    file = join(directory, DATABASE_FILE);
    open = undefined;
  });
  afterEach(() => {
    closed();
    rmSync(join(directory, '..'), { recursive: true, force: true });
  });

  it('is readable by its owner only', () => {
    opened().connection.exec('CREATE TABLE t (n INTEGER)');
    const modes = [directory, file, `${file}-wal`].map((path) => statSync(path).mode & 0o777);
    expect(modes).to.deep.equal([0o700, 0o600, 0o600]);
  });

  it('keeps what was written', async () => {
    const { connection, write } = opened();
    connection.exec('CREATE TABLE t (n INTEGER)');
    await write(() => connection.exec('INSERT INTO t VALUES (7)'));
    closed();
    expect(opened().connection.prepare('SELECT n FROM t').get()).to.deep.equal({ n: 7 });
  });

  it('waits for the disk at every commit', () => {
    expect(opened().connection.pragma('synchronous', { simple: true })).to.equal(2);
    expect(open?.connection.pragma('journal_mode', { simple: true })).to.equal('wal');
  });

  it('commits what waits before it closes', async () => {
    const { connection, write } = opened();
    connection.exec('CREATE TABLE t (n INTEGER)');
    const written = write(() => connection.exec('INSERT INTO t VALUES (7)'));
    closed();
    await written;
    expect(opened().connection.prepare('SELECT n FROM t').get()).to.deep.equal({ n: 7 });
  });

  it('is refused while somebody else has it', () => {
    opened();
    expect(refusal()).to.equal('database-locked');
  });

  it('is refused where a newer program wrote it', () => {
    opened().connection.pragma('user_version = 99');
    closed();
    expect(refusal()).to.equal('database-newer');
  });

  it('is refused where the file is no database', () => {
    opened();
    closed();
    writeFileSync(file, 'what is this? '.repeat(400));
    expect(refusal()).to.equal('database-corrupt');
  });

  it('is refused where the file belongs to another program', () => {
    opened();
    closed();
    rmSync(file);
    const other = new SqliteDatabase(file);
    other.exec('CREATE TABLE theirs (n INTEGER)');
    other.close();
    expect(refusal()).to.equal('database-foreign');
  });

  it('is refused where the file was cut off', () => {
    const { connection } = opened();
    connection.exec('CREATE TABLE t (bytes BLOB)');
    connection.exec('INSERT INTO t VALUES (randomblob(100000))');
    closed();
    truncateSync(file, readFileSync(file).length - 40_000);
    expect(refusal()).to.equal('database-corrupt');
  });

  it('takes back alone what fails among what is written together', async () => {
    const { connection, write } = opened();
    connection.exec('CREATE TABLE t (n INTEGER PRIMARY KEY)');
    const undone: number[] = [];
    const insert = (n: number, fails: boolean) =>
      write(
        () => {
          connection.exec(`INSERT INTO t VALUES (${n})`);
          if (fails) throw new TypeError('not this one');
          return n;
        },
        () => undone.push(n),
      );
    const outcomes = await Promise.allSettled([insert(1, false), insert(2, true), insert(3, false)]);
    expect(outcomes.map(({ status }) => status)).to.deep.equal(['fulfilled', 'rejected', 'fulfilled']);
    expect(connection.prepare('SELECT n FROM t').pluck().all()).to.deep.equal([1, 3]);
    expect(undone).to.deep.equal([2]);
  });

  it('takes back everything that is alone in its transaction', async () => {
    const { connection, write } = opened();
    connection.exec('CREATE TABLE t (n INTEGER)');
    const failed = await write(() => {
      connection.exec('INSERT INTO t VALUES (1)');
      throw new TypeError('no');
    }).catch((error: unknown) => error);
    expect(failed).to.be.instanceOf(TypeError);
    expect(connection.prepare('SELECT n FROM t').all()).to.deep.equal([]);
  });
});
