import { join } from 'node:path';
import { createCaseProcessor } from '@throughline/case-state/processor';
import { turnEntryId } from '@throughline/case-state/said';
import { identifierIdOf } from '@throughline/identity-resolution/identifying';
import { customerIdOf } from '@throughline/identity-resolution/matching';
import { caseIdOf } from '@throughline/identity-resolution/placing';
import { createIdentityProcessor } from '@throughline/identity-resolution/processor';
import { deriveId } from '@throughline/kernel/ids';
import type { Keyring, Mac } from '@throughline/kernel/ports';
import { openContent, sealContent } from '@throughline/kernel/sealing';
import { createKeyring } from '@throughline/keyring/keyring';
import { loadOrCreateMasterKey } from '@throughline/keyring/master-key';
import { createSqliteKeyStorage } from '@throughline/keyring/sqlite-storage';
import { realRandom } from '@throughline/platform/world';
import { DATABASE_FILE, type Database, openDatabase } from '@throughline/sqlite/database';
import { openDocuments } from '@throughline/store-embedded/documents';
import SqliteDatabase from 'better-sqlite3';
import { connectionIdOf, Stage } from './stage.ts';

/**
 * Many cases by a fast road: one is played through the real services, and every document that it left is written again for as many
 * other customers, under their ids, sealed under keys of their own, by the keyring's and the store's own code. What is left out is
 * the log before: it is found by position and appended to at its end, and no contact reads behind the cursor.
 */
export interface Model {
  readonly inputIds: readonly string[];
  readonly documents: readonly ModelDocument[];
}

export interface ModelDocument {
  readonly processor: string;
  readonly kind: string;
  readonly id: string;
  readonly content: unknown;
  readonly lists: readonly { readonly list: string; readonly sort: string }[];
}

/** The one who is played has number 0. */
export const customer = (number: number): string => `bench-customer-${number}`;
export const contactIdOf = (externalId: string): string => deriveId('ctc', 'bench', externalId);

/** What a contact that comes and goes without a word leaves, and what each turn leaves: itself, that it was taken, the briefing. */
const ENTRIES_OF_A_CONTACT = 3;
const ENTRIES_PER_TURN = 3;
const AT_ONCE = 100;
const CASES_AT_ONCE = 500;
const NAME = /bench-customer-\d+|[a-z]+_[0-9a-f]{32}|[0-9a-f]{64}/g;

/** Plays one contact of about so many entries in an empty data directory, and reads what it left. */
export async function playModel(directory: string, entries: number, externalId = customer(0)): Promise<Model> {
  const turns = Math.max(1, Math.round((entries - ENTRIES_OF_A_CONTACT) / ENTRIES_PER_TURN));
  const stage = await Stage.open(directory);
  const { line } = await stage.start(externalId, contactIdOf(externalId));
  for (let said = 0; said < turns; said += AT_ONCE) {
    await stage.say(line, Math.min(AT_ONCE, turns - said));
    await stage.settled();
  }
  await line.leave('left');
  await stage.settled();
  await stage.close();
  const inputIds = Array.from({ length: turns }, (_, index) => deriveId('inp', String(index + 1)));
  return { inputIds, documents: await documentsIn(directory) };
}

/** Every document of a data directory that nobody has open. */
export async function documentsIn(directory: string): Promise<readonly ModelDocument[]> {
  const database = openDatabase({ directory });
  const keyring = await keyringOf(database, directory);
  const rows = database.connection
    .prepare<[], { processor: string; kind: string; id: string; body: Uint8Array }>(
      'SELECT processor, kind, id, body FROM store_documents WHERE body IS NOT NULL ORDER BY processor, kind, id',
    )
    .all();
  const places = database.connection.prepare<[string, string, string], { list: string; sort: string }>(
    'SELECT list, sort FROM store_lists WHERE processor = ? AND kind = ? AND id = ? ORDER BY list',
  );
  const documents: ModelDocument[] = [];
  for (const row of rows) {
    const [content] = await openContent(keyring, row.processor, [row]);
    const { processor, kind, id } = row;
    documents.push({ processor, kind, id, content, lists: places.all(processor, kind, id) });
  }
  database.close();
  return documents;
}

/** Writes the model's documents for the customers `from` up to (not with) `to`, into a data directory that nobody has open. */
export async function stampCases(options: {
  readonly directory: string;
  readonly model: Model;
  /** The keyed hash of the directory that the model was played in: its ids were made with it. */
  readonly modelMac: Mac;
  readonly from: number;
  readonly to: number;
  readonly onProgress?: (done: number) => void;
}): Promise<void> {
  const { directory, model, modelMac, from, to } = options;
  const database = bulkDatabase(directory);
  const keyring = await keyringOf(database, directory);
  const documents = openDocuments(database);
  const press = pressOf(model, modelMac, keyring);
  // In the order of the case ids, so that an index mostly grows at its ends.
  const customers = Array.from({ length: to - from }, (_, index) => customer(from + index))
    .map((externalId) => ({ externalId, caseId: caseIdOf(contactIdOf(externalId), 1) }))
    .sort((one, other) => (one.caseId < other.caseId ? -1 : 1));
  database.connection.exec('BEGIN');
  for (let done = 0; done < customers.length; done += CASES_AT_ONCE) {
    const copies = customers.slice(done, done + CASES_AT_ONCE).flatMap(({ externalId }) => press(externalId));
    await keyring.ensure([...new Set(copies.flatMap(({ keyId }) => keyId ?? []))]);
    for (const { processor, keyId, content, ...ref } of copies) {
      documents.write(processor, { ...ref, body: sealContent(keyring, processor, ref, content, keyId) });
    }
    options.onProgress?.(Math.min(done + CASES_AT_ONCE, customers.length));
  }
  database.connection.exec('COMMIT');
  database.close();
}

/** The keyed hash of a data directory that nobody has open. */
export async function macIn(directory: string): Promise<Mac> {
  const database = openDatabase({ directory });
  const { mac } = await keyringOf(database, directory);
  database.close();
  return mac;
}

const keyringOf = (database: Database, directory: string): Promise<Keyring> =>
  createKeyring({
    storage: createSqliteKeyStorage(database),
    masterKey: loadOrCreateMasterKey({ directory, random: realRandom }),
    random: realRandom,
  });

/** Every name that a contact of a customer gives rise to, as the services derive them. */
function namesOf(externalId: string, inputIds: readonly string[], mac: Mac): readonly string[] {
  const contactId = contactIdOf(externalId);
  const customerId = customerIdOf(externalId);
  const identifierId = identifierIdOf(mac, { type: 'account', value: externalId });
  const claimId = deriveId('clm', customerId, identifierId);
  const entries = inputIds.map((inputId) => turnEntryId(contactId, inputId));
  const caseId = caseIdOf(contactId, 1);
  return [externalId, contactId, connectionIdOf(contactId), customerId, identifierId, claimId, caseId, ...entries];
}

/** Makes the documents of any customer from those of the model. */
function pressOf(model: Model, modelMac: Mac, keyring: Keyring) {
  const slots = new Map(namesOf(customer(0), model.inputIds, modelMac).map((name, slot) => [name, slot]));
  const keyOf = {
    'case-state': createCaseProcessor().keyOf,
    'identity-resolution': createIdentityProcessor({ brandRegion: 'US', mac: keyring.mac }).keyOf,
  };
  const forms = model.documents.map(({ processor, ...rest }) => ({
    processor,
    form: formOf(JSON.stringify(rest), slots),
  }));
  return (externalId: string) => {
    const names = namesOf(externalId, model.inputIds, keyring.mac);
    return forms.map(({ processor, form }) => {
      const text = form.map((part) => (typeof part === 'number' ? names[part] : part)).join('');
      const document: Omit<ModelDocument, 'processor'> = JSON.parse(text);
      const keyId = keyOf[processor as keyof typeof keyOf](document, document.content);
      return { ...document, processor, keyId };
    });
  };
}

/** A text with the places of names in it. */
function formOf(text: string, slots: ReadonlyMap<string, number>): readonly (string | number)[] {
  const form: (string | number)[] = [];
  let at = 0;
  for (const { 0: name, index } of text.matchAll(NAME)) {
    const slot = slots.get(name);
    if (slot === undefined) continue;
    form.push(text.slice(at, index), slot);
    at = index + name.length;
  }
  return [...form, text.slice(at)];
}

/** The file with nothing between us and it: a fill that is cut short is thrown away. */
function bulkDatabase(directory: string): Database {
  const file = join(directory, DATABASE_FILE);
  const connection = new SqliteDatabase(file);
  for (const pragma of [
    'locking_mode = EXCLUSIVE',
    'journal_mode = DELETE',
    'journal_mode = OFF',
    'synchronous = OFF',
  ]) {
    connection.pragma(pragma);
  }
  connection.pragma('cache_size = -3000000');
  return {
    file,
    connection,
    write: async (run) => run(),
    checkpoint: () => undefined,
    close: () => connection.close(),
  };
}
