import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { caseIdOf } from '@throughline/identity-resolution/placing';
import { expect } from 'chai';
import { Stage } from './stage.ts';
import { contactIdOf, customer, documentsIn, macIn, playModel, stampCases } from './stamping.ts';

const ENTRIES = 12;

describe('Cases that the bench fills in by the fast road', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'throughline-bench-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  /** A data directory with the master key of another, so that keyed hashes can be compared. */
  function sibling(of: string, name: string): string {
    const directory = join(root, name);
    mkdirSync(directory, { mode: 0o700 });
    cpSync(join(root, of, 'master.key'), join(directory, 'master.key'));
    return directory;
  }

  /** The times of two plays differ, and nothing else may. */
  const timeless = (documents: unknown): unknown =>
    JSON.parse(JSON.stringify(documents).replaceAll(/(?<!\d)0*1[6-9]\d{11}(?!\d)/g, '1'));

  it('leave the documents that playing them would have left', async () => {
    const model = await playModel(join(root, 'model'), ENTRIES);
    const played = await playModel(sibling('model', 'played'), ENTRIES, customer(7));
    const directory = sibling('model', 'stamped');
    await (await Stage.open(directory)).close();
    await stampCases({ directory, model, modelMac: await macIn(join(root, 'model')), from: 7, to: 8 });
    expect(timeless(await documentsIn(directory))).to.deep.equal(timeless(played.documents));
    expect(played.documents.length).to.be.greaterThan(ENTRIES);
  });

  it('are gone on with by a contact of their customer, wherever the model was played', async () => {
    const model = await playModel(join(root, 'model'), ENTRIES);
    const directory = join(root, 'elsewhere');
    await (await Stage.open(directory)).close();
    await stampCases({ directory, model, modelMac: await macIn(join(root, 'model')), from: 1, to: 4 });
    const stage = await Stage.open(directory);
    const contact = await stage.start(customer(2));
    expect(contact.caseId).to.equal(caseIdOf(contactIdOf(customer(2)), 1));
    expect(contact.line.home()?.disposition).to.equal('resumed');
    expect(await stage.interact(contact)).to.be.greaterThan(0);
    await stage.close();
  });
});
