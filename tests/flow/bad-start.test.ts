import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Stage } from '../../scripts/demo/stage.ts';
import { ShopBackend, takesRefunds } from './backend.ts';

const START = join(import.meta.dirname, '..', '..', 'scripts', 'start.ts');

const START_MAX_MS = 10_000;

/** What `pnpm start` says and ends with where it cannot start. */
function start(environment: Readonly<Record<string, string>>): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [START], {
    env: {
      PATH: process.env.PATH ?? '',
      THROUGHLINE_HTTP_PORT: '0',
      THROUGHLINE_SMTP_PORT: '0',
      THROUGHLINE_LOG_LEVEL: 'silent',
      ...environment,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  // One that starts after all is ended, and fails its test by how it ended.
  const ending = setTimeout(() => child.kill(), START_MAX_MS);
  return new Promise((resolve) => {
    child.once('close', (code) => {
      clearTimeout(ending);
      resolve({ code, said });
    });
  });
}

describe('a mesh that cannot start says why in one sentence and ends with 1', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'throughline-start-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const expectRefusal = async (environment: Readonly<Record<string, string>>, names: RegExp): Promise<string> => {
    const { code, said } = await start({ THROUGHLINE_DATA_DIR: folder, ...environment });
    expect(code).to.equal(1);
    expect(said.trim().split('\n'), said).to.have.length(1);
    expect(said)
      .to.match(/^Throughline cannot start: .*\.$/m)
      .and.to.match(names);
    return said;
  };

  const settings: Readonly<Record<string, string>> = {
    THROUGHLINE_HTTP_PORT: '70000',
    THROUGHLINE_SMTP_PORT: 'mail',
    THROUGHLINE_LOG_LEVEL: 'loud',
    THROUGHLINE_REGION: 'Utopia',
    THROUGHLINE_SMTP_OUT: 'mail.example',
    THROUGHLINE_EMAIL_AUTH: 'trust-everybody',
    THROUGHLINE_TRUSTED_PEERS: 'everybody',
    THROUGHLINE_TRUSTED_PROXIES: '10.0.0.0/40',
    THROUGHLINE_ADMIN_TOKEN: 'two words',
    THROUGHLINE_PUBLIC_URL: 'ftp://here.example',
    THROUGHLINE_MASTER_KEY: 'not-a-key',
    THROUGHLINE_ACTIONS: join('no', 'such', 'file.json'),
    THROUGHLINE_HOST: '203.0.113.7',
    THROUGHLINE_DATA_DIR: '/proc/no-such-folder',
  };
  for (const [name, value] of Object.entries(settings)) {
    it(`where ${name} is ${value}, without repeating a secret`, async () => {
      const said = await expectRefusal({ [name]: value }, new RegExp(name));
      if (/TOKEN|KEY/.test(name)) expect(said).not.to.contain(value);
    });
  }

  const action = {
    name: 'order_status',
    description: 'Where an order is.',
    method: 'GET',
    url: 'http://127.0.0.1:1/orders/{orderId}',
    params: { orderId: { type: 'string', fact: 'order_number' } },
    assurance: 1,
    effect: 'read',
  };
  const files: readonly (readonly [string, string, RegExp])[] = [
    ['breaks off', '{"actions":[', /JSON/],
    ['is a list', '[]', /actions/],
    ['has an action twice', JSON.stringify({ actions: [action, action] }), /order_status.*twice/],
    ['has a parameter that the URL does not know', JSON.stringify({ actions: [{ ...action, params: {} }] }), /orderId/],
    ['has an unknown effect', JSON.stringify({ actions: [{ ...action, effect: 'destroy' }] }), /effect/],
  ];
  for (const [what, content, names] of files) {
    it(`where the actions file ${what}`, async () => {
      const file = join(folder, 'actions.json');
      writeFileSync(file, content);
      await expectRefusal({ THROUGHLINE_ACTIONS: file }, names);
    });
  }

  it('where another mesh has the data directory, which goes on', async () => {
    const shop = await ShopBackend.open(takesRefunds);
    const stage = await Stage.open({ THROUGHLINE_ACTIONS: shop.actionsFile });
    await expectRefusal({ THROUGHLINE_DATA_DIR: stage.directory }, /Another process has .*throughline\.db open/);
    const chat = await stage.anonymous();
    await chat.ask('Hello?');
    chat.close();
    await stage.close();
    shop.close();
  });

  it('where somebody else listens on the port', async () => {
    const stage = await Stage.open();
    const port = new URL(stage.mesh.url).port;
    await expectRefusal({ THROUGHLINE_HTTP_PORT: port }, new RegExp(`THROUGHLINE_HTTP_PORT.*${port}`));
    await expectRefusal({ THROUGHLINE_SMTP_PORT: String(stage.mesh.smtp.port) }, /THROUGHLINE_SMTP_PORT/);
    await stage.close();
  });
});
