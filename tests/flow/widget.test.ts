import { DEMO_CUSTOMERS } from '@throughline/agent/demo-backend';
import { expect } from 'chai';
import { Stage } from '../../scripts/demo/stage.ts';
import { hasChromium, openBrowser, openSite, Visitor } from './browser.ts';
import { freePort } from './ports.ts';

const REFUND = 'I want a refund for order W2378156.';
const OWN = `You | ${REFUND} | Sent`;

describe('the chat widget in a browser (left out where there is no chromium)', () => {
  let stage: Stage;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let visitor: Visitor;

  before(function () {
    if (!hasChromium) this.skip();
  });
  beforeEach(async () => {
    stage = await Stage.open({ THROUGHLINE_HTTP_PORT: String(await freePort()) });
    await stage.importCustomers(DEMO_CUSTOMERS);
    browser = await openBrowser();
    visitor = await arrives();
  });
  afterEach(async () => {
    if (!hasChromium) return;
    await browser.close();
    await stage.close();
  });

  async function arrives(url = `${stage.mesh.url}/chat`): Promise<Visitor> {
    const page = await browser.context.newPage();
    await page.goto(url);
    return new Visitor(page);
  }

  it('shows what was said once after a reload, in the same contact', async () => {
    await visitor.says(REFUND);
    const before = await visitor.sees(2);
    await visitor.page.reload();
    expect(await visitor.sees(2)).to.deep.equal(before);
    expect(before[0]).to.equal(OWN);
    await visitor.says('Are you there?');
    expect((await visitor.sees(4)).slice(0, 2)).to.deep.equal(before);
  });

  it('shows in every tab what was said in one', async () => {
    await visitor.says(REFUND);
    const before = await visitor.sees(2);
    const tab = await arrives();
    expect(await tab.sees(2)).to.deep.equal(before);
    await tab.says('From the other tab');
    const after = await tab.sees(4);
    expect(await visitor.sees(4)).to.deep.equal(after);
    expect(after[2]).to.equal('You | From the other tab | Sent');
  });

  it('goes on after the mesh was restarted, with what was written meanwhile, each turn once', async () => {
    await visitor.says(REFUND);
    const before = await visitor.sees(2);
    const restarted = stage.restart();
    await visitor.isTold(/connection was lost/);
    await visitor.says('Written meanwhile');
    await restarted;
    const after = await visitor.sees(4);
    expect(after.slice(0, 3)).to.deep.equal([...before, 'You | Written meanwhile | Sent']);
    expect(await visitor.status()).to.equal('');
    expect((await stage.api<{ items: unknown[] }>('/api/cases')).items).to.have.length(1);
  });

  it('says that the visitor is offline, and sends what was written then', async () => {
    await visitor.isTold(/^$/);
    await browser.context.setOffline(true);
    await visitor.isTold(/You are offline/);
    await visitor.says(REFUND);
    expect(await visitor.turns()).to.deep.equal([`You | ${REFUND} | Sending…`]);
    await browser.context.setOffline(false);
    expect((await visitor.sees(2))[0]).to.equal(OWN);
  });

  it('lets nothing get ahead of what was not kept', async () => {
    const page = await browser.context.newPage();
    const said: string[] = [];
    await page.routeWebSocket(/\/chat\/socket/, (socket) => {
      const service = socket.connectToServer();
      let isKept = false;
      socket.onMessage((message) => {
        const { type, id, text } = JSON.parse(String(message));
        if (type === 'say' && !isKept) socket.send(JSON.stringify({ type: 'problem', code: 'not-kept', id }));
        else service.send(message);
        if (type === 'say' && isKept) said.push(text);
        isKept ||= type === 'say';
      });
    });
    await page.goto(`${stage.mesh.url}/chat`);
    const other = new Visitor(page);
    await other.says('First');
    await other.says('Second');
    await other.sees(3);
    expect(said).to.deep.equal(['First', 'Second']);
  });

  it('ends in every tab when the visitor leaves, and begins on an empty screen', async () => {
    await visitor.says(REFUND);
    await visitor.sees(2);
    const tab = await arrives();
    await tab.sees(2);
    await visitor.page.bringToFront();
    await visitor.page.getByRole('button', { name: 'End chat' }).click();
    for (const one of [visitor, tab]) await one.isTold(/has ended/);
    await visitor.page.getByRole('button', { name: 'Start a new chat' }).click();
    await visitor.isTold(/^$/);
    expect((await visitor.turns()).filter((turn) => turn.startsWith('You'))).to.deep.equal([]);
    const input = visitor.page.getByLabel('Your message');
    expect(await input.evaluate((element) => element.matches(':focus'))).to.equal(true);
  });

  it('keeps a text that is too long in the field and says so', async () => {
    const long = 'x'.repeat(70_000);
    await visitor.says(long);
    expect(await visitor.page.getByRole('alert').textContent()).to.match(/too long/);
    expect(await visitor.page.getByLabel('Your message').inputValue()).to.equal(long);
    expect(await visitor.turns()).to.deep.equal([]);
  });

  describe('on another site', () => {
    const embed = (attribute: string) =>
      `<!doctype html><script type="module" src="${stage.mesh.url}/chat/widget.js"></script><throughline-chat${attribute}></throughline-chat>`;

    it('knows who the site says is logged in, and shows nothing of it to who comes next', async () => {
      let html = embed(` host-token="${await stage.hostToken('C-1001')}"`);
      const site = await openSite(() => html);
      const shop = await arrives(site.url);
      await shop.says(REFUND);
      expect((await shop.sees(2))[1]).to.match(/^Assistant \| Your refund for order W2378156/);
      html = embed('');
      await shop.page.reload();
      await shop.says('Hello');
      expect((await shop.sees(2)).join()).to.not.match(/W2378156/);
      site.close();
    });

    it('takes the login as a property too, and tells where the case is', async () => {
      const first = await stage.loggedIn('C-1001');
      await first.ask(REFUND);
      first.send({ type: 'leave' });
      const site = await openSite(() => embed(''));
      const shop = await arrives(site.url);
      const token = await stage.hostToken('C-1001');
      await shop.page
        .locator('throughline-chat')
        .evaluate((chat, hostToken) => Object.assign(chat, { hostToken }), token);
      expect((await shop.sees(1))[0]).to.match(/^Assistant \| Your refund for order W2378156/);
      site.close();
      first.close();
    });

    it('says in plain words when the login is refused', async () => {
      const site = await openSite(() => embed(' host-token="not.a.token"'));
      const shop = await arrives(site.url);
      await shop.isTold(/could not be signed in/);
      site.close();
    });
  });

  it('loads nothing from elsewhere, and breaks no rule of its own page', async () => {
    const asked: string[] = [];
    const complaints: string[] = [];
    visitor.page.on('request', (request) => asked.push(new URL(request.url()).origin));
    visitor.page.on('console', (message) => complaints.push(message.text()));
    visitor.page.on('pageerror', (error) => complaints.push(error.message));
    await visitor.page.reload();
    await visitor.says(REFUND);
    await visitor.sees(2);
    expect(asked.filter((origin) => origin !== stage.mesh.url && origin !== 'null')).to.deep.equal([]);
    expect(asked).to.include(stage.mesh.url);
    expect(complaints).to.deep.equal([]);
  });
});
