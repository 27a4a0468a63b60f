import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { Stage } from '../../scripts/demo/stage.ts';
import { MARTA, ShopBackend } from './backend.ts';
import { until } from './until.ts';

describe('a backend that does not answer as it should costs no customer an answer', function () {
  // A backend is given four seconds a try.
  this.timeout(60_000);
  let shop: ShopBackend;
  let stage: Stage;
  afterEach(async () => {
    await stage.close();
    shop.close();
  });

  const askForRefund = async (): Promise<void> => {
    stage = await Stage.open({ THROUGHLINE_ACTIONS: shop.actionsFile, THROUGHLINE_LOG_LEVEL: 'silent' });
    await stage.importCustomers([MARTA]);
    const chat = await stage.loggedIn('M-77');
    const said = await chat.ask('Please refund order 10-4477.');
    expect(said.text)
      .to.match(/\w/)
      .and.not.match(/has been (refunded|paid)/i);
    await until('a person to be asked', async () => {
      const { items } = await stage.api<{ items: { caseId: string }[] }>('/api/cases?needs=person');
      return items.some(({ caseId }) => caseId === said.caseId);
    });
    chat.close();
  };

  for (const answer of ['garbage', 'never'] as const) {
    it(`where its answer is ${answer}: a person takes over, and the refund was asked for under one key`, async () => {
      shop = await ShopBackend.open(() => answer);
      await askForRefund();
      expect(shop.writes().size).to.equal(1);
    });
  }

  it('where it sends elsewhere: nobody follows, and a person takes over', async () => {
    shop = await ShopBackend.open(() => ({ status: 200 }));
    let followed = 0;
    const elsewhere = createServer((request, response) => {
      if (request.url === '/elsewhere') followed += 1;
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    await new Promise<void>((resolve) => {
      elsewhere.listen(0, '127.0.0.1', resolve);
    });
    const { port } = elsewhere.address() as AddressInfo;
    const actions = readFileSync(shop.actionsFile, 'utf8').replace(/127\.0\.0\.1:\d+/g, `127.0.0.1:${port}`);
    writeFileSync(shop.actionsFile, actions);
    await askForRefund();
    expect(followed).to.equal(0);
    elsewhere.closeAllConnections();
    elsewhere.close();
  });
});
