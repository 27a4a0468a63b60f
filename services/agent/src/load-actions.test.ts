import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { DEMO_ACTIONS } from './demo-backend.ts';
import { ActionsFileInvalid, loadActions, unplayedActions } from './load-actions.ts';

describe('loading the actions file', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'actions-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('gives the actions', async () => {
    const path = join(folder, 'good.json');
    const actions = DEMO_ACTIONS('http://shop.example');
    await writeFile(path, JSON.stringify({ actions }));
    expect(await loadActions(path)).to.deep.equal(actions);
  });

  it('takes actions that no playbook uses, and names them for a warning', async () => {
    const path = join(folder, 'more.json');
    const [first] = DEMO_ACTIONS('http://shop.example');
    await writeFile(path, JSON.stringify({ actions: [first, { ...first, name: 'order_statuss' }] }));
    expect(unplayedActions(await loadActions(path))).to.deep.equal(['order_statuss']);
  });

  it('stops with one sentence that names the variable and the file', async () => {
    await writeFile(join(folder, 'text.json'), 'actions');
    await writeFile(join(folder, 'empty.json'), '{}');
    for (const name of ['none.json', 'text.json', 'empty.json']) {
      const error: unknown = await loadActions(join(folder, name)).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(ActionsFileInvalid);
      expect(String(error)).to.contain(`THROUGHLINE_ACTIONS (${join(folder, name)}): `);
    }
  });
});
