import { expect } from 'chai';
import { Stage } from '../../scripts/demo/stage.ts';
import { MARTA, ShopBackend, takesRefunds } from './backend.ts';

const CODE = /\b\d{6}\b/;

describe('a chat that comes back while its code is under way', () => {
  let shop: ShopBackend;
  let stage: Stage;
  beforeEach(async () => {
    shop = await ShopBackend.open(takesRefunds);
    stage = await Stage.open({ THROUGHLINE_ACTIONS: shop.actionsFile });
    await stage.importCustomers([MARTA]);
    const chat = await stage.loggedIn('M-77');
    await chat.ask('Please refund order 10-4477, wrong size.');
    chat.close();
  });
  afterEach(async () => {
    await stage.close();
    shop.close();
  });

  it('is let in by the code, and hears where its case is', async () => {
    const chat = await stage.anonymous();
    await chat.ask('I want to check my refund');
    const mail = stage.mail.receives('marta.nowak@mailbox.example', (one) => CODE.test(one.text ?? ''));
    await chat.ask('marta.nowak@mailbox.example');
    const code = CODE.exec((await mail).text ?? '')?.[0] ?? '';
    const last = chat.frames.items.findLast((frame) => frame.type === 'said')?.id ?? null;
    chat.close();
    await stage.restart();
    await chat.connect(stage.mesh.url);
    chat.send({ type: 'resume', after: last });
    expect((await chat.ask(code)).text).to.match(/10-4477/);
  });
});
