import { crc32 } from 'node:zlib';
import type { DocumentRef, DocumentWrite, Page, StoredDocument } from '@throughline/kernel/ports';
import type { Database } from '@throughline/sqlite/database';
import { StoreCorrupt } from './refusals.ts';

/** The rows of documents and of the lists that they are on. Synchronous: `write` runs inside its caller's transaction. */
export interface Documents {
  write(processor: string, write: DocumentWrite): void;
  /** @throws StoreCorrupt where the body is not what was committed. */
  load(processor: string, ref: DocumentRef): StoredDocument | undefined;
  list(processor: string, list: string, after: string | null, limit: number): Page;
}

const TABLES = `
CREATE TABLE IF NOT EXISTS store_documents (
  processor TEXT NOT NULL,
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  body BLOB,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (processor, kind, id)
) STRICT;
CREATE TABLE IF NOT EXISTS store_lists (
  processor TEXT NOT NULL,
  list TEXT NOT NULL,
  sort TEXT NOT NULL,
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  PRIMARY KEY (processor, list, sort, kind, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS store_lists_by_document ON store_lists (processor, kind, id);`;

interface DocumentRow {
  readonly body: Uint8Array | null;
  readonly checksum: number;
}

interface Place {
  readonly list: string;
  readonly sort: string;
}

interface Item extends DocumentRef {
  readonly sort: string;
}

/** Behind every kind: a page that begins after a plain sort key begins after everything sorted there. */
const LAST_KIND = '\u{10ffff}';
/** In the middle of documents with one sort key the sort key alone does not say where a page ended; kind and id do. */
const TIE = '\u0000';

export function openDocuments({ connection }: Database): Documents {
  connection.exec(TABLES);
  const find = connection.prepare<[string, string, string], DocumentRow>(
    'SELECT body, checksum FROM store_documents WHERE processor = ? AND kind = ? AND id = ?',
  );
  const put = connection.prepare<[string, string, string, Uint8Array | null, number]>(
    `INSERT INTO store_documents VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET body = excluded.body, checksum = excluded.checksum`,
  );
  const places = connection.prepare<[string, string, string], Place>(
    'SELECT list, sort FROM store_lists WHERE processor = ? AND kind = ? AND id = ?',
  );
  const leave = connection.prepare<[string, string, string, string, string]>(
    'DELETE FROM store_lists WHERE processor = ? AND list = ? AND sort = ? AND kind = ? AND id = ?',
  );
  const enter = connection.prepare<[string, string, string, string, string]>(
    'INSERT OR IGNORE INTO store_lists VALUES (?, ?, ?, ?, ?)',
  );
  const first = connection.prepare<[string, string, number], Item>(
    'SELECT sort, kind, id FROM store_lists WHERE processor = ? AND list = ? ORDER BY sort, kind, id LIMIT ?',
  );
  const behind = connection.prepare<[string, string, string, string, string, number], Item>(
    `SELECT sort, kind, id FROM store_lists WHERE processor = ? AND list = ? AND (sort, kind, id) > (?, ?, ?)
     ORDER BY sort, kind, id LIMIT ?`,
  );

  function load(processor: string, { kind, id }: DocumentRef): StoredDocument | undefined {
    const row = find.get(processor, kind, id);
    if (row === undefined) return undefined;
    if (checksumOf(processor, kind, id, row.body) !== row.checksum) {
      throw new StoreCorrupt(`document ${kind}/${id} of ${processor}`);
    }
    return row.body === null ? undefined : { kind, id, body: row.body };
  }

  function write(processor: string, { kind, id, body, lists }: DocumentWrite): void {
    put.run(processor, kind, id, body, checksumOf(processor, kind, id, body));
    const before = places.all(processor, kind, id);
    const after = body === null ? [] : lists;
    for (const place of before) if (!has(after, place)) leave.run(processor, place.list, place.sort, kind, id);
    for (const place of after) if (!has(before, place)) enter.run(processor, place.list, place.sort, kind, id);
  }

  function list(processor: string, name: string, after: string | null, limit: number): Page {
    // One more than asked for tells whether there is another page.
    const found =
      after === null
        ? first.all(processor, name, limit + 1)
        : behind.all(processor, name, ...positionOf(after), limit + 1);
    const page = found.slice(0, limit);
    const items = page.map((item) => {
      const document = load(processor, item);
      if (document === undefined) throw new StoreCorrupt(`list ${name} of ${processor} (at ${item.kind}/${item.id})`);
      return document;
    });
    return { items, next: nextOf(page.at(-1), found[limit]) };
  }

  return { write, load, list };
}

function has(places: readonly Place[], { list, sort }: Place): boolean {
  return places.some((place) => place.list === list && place.sort === sort);
}

function positionOf(after: string): [sort: string, kind: string, id: string] {
  const [sort = '', kind = LAST_KIND, id = ''] = after.split(TIE);
  return [sort, kind, id];
}

function nextOf(last: Item | undefined, following: Item | undefined): string | null {
  if (last === undefined || following === undefined) return null;
  return following.sort === last.sort ? [last.sort, last.kind, last.id].join(TIE) : last.sort;
}

function checksumOf(processor: string, kind: string, id: string, body: Uint8Array | null): number {
  const about = crc32(JSON.stringify([processor, kind, id, body === null]));
  return body === null ? about : crc32(body, about);
}
