import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Database, openDatabase } from './database.ts';
import { losesCommits } from './write-ahead.ts';

const FRAME_BYTES = 24 + 1024;
const HEAD_BYTES = 32;

describe('what stands behind the file of a database', () => {
  let directory: string;
  let database: Database;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'throughline-'));
    database = openDatabase({ directory });
    database.connection.exec('CREATE TABLE t (n INTEGER)');
    database.checkpoint();
  });
  afterEach(() => {
    database.close();
    rmSync(directory, { recursive: true, force: true });
  });

  /** So many commits of a frame each. */
  const committed = (commits: number): Buffer => {
    for (let n = 0; n < commits; n += 1) database.connection.exec(`INSERT INTO t VALUES (${n})`);
    return readFileSync(`${database.file}-wal`);
  };
  const flipped = (bytes: Buffer, at: number): Buffer => {
    const copy = Buffer.from(bytes);
    copy[at] = (copy[at] ?? 0) ^ 16;
    return copy;
  };
  const placeIn = (frame: number, at: number): number => HEAD_BYTES + frame * FRAME_BYTES + at;

  it('loses no commit while it is whole, or cut off as by a power cut', () => {
    const bytes = committed(5);
    expect(bytes.length).to.equal(placeIn(5, 0));
    for (const length of [0, 10, HEAD_BYTES, placeIn(2, 500), placeIn(4, 1000), bytes.length])
      expect(losesCommits(bytes.subarray(0, length)), `cut to ${length}`).to.equal(false);
  });

  it('loses none where the last one is broken: it may have been on its way to the disk', () => {
    const bytes = committed(5);
    for (const at of [0, 4, 8, 12, 16, 24, 1000]) expect(losesCommits(flipped(bytes, placeIn(4, at)))).to.equal(false);
  });

  it('loses those that were flushed before others were begun', () => {
    const bytes = committed(5);
    for (const at of [8, 12, 16, 20, 24, 1000]) expect(losesCommits(flipped(bytes, placeIn(3, at)))).to.equal(true);
    for (let at = 0; at < HEAD_BYTES; at += 1) expect(losesCommits(flipped(bytes, at)), `head ${at}`).to.equal(true);
  });

  it('is of one generation: what the one before left behind is no loss', () => {
    committed(5);
    database.connection.pragma('wal_checkpoint(PASSIVE)');
    const bytes = committed(2);
    expect(bytes.length).to.equal(placeIn(5, 0));
    expect(losesCommits(bytes)).to.equal(false);
    expect(losesCommits(flipped(bytes, placeIn(1, 500)))).to.equal(false);
    expect(losesCommits(flipped(bytes, placeIn(0, 500)))).to.equal(true);
  });

  it('refuses the database where it loses commits, which were dropped without a word', () => {
    const bytes = committed(5);
    const whole = readFileSync(database.file);
    database.close();
    writeFileSync(database.file, whole);
    writeFileSync(`${database.file}-wal`, flipped(bytes, placeIn(1, 500)));
    expect(() => openDatabase({ directory }))
      .to.throw(/backup/)
      .with.property('code', 'database-corrupt');
    writeFileSync(`${database.file}-wal`, bytes);
    database = openDatabase({ directory });
    expect(database.connection.prepare('SELECT count(*) FROM t').pluck().get()).to.equal(5);
  });
});
