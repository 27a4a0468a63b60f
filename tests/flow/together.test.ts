import { expect } from 'chai';
import { Stage } from '../../scripts/demo/stage.ts';
import { MARTA, ShopBackend, takesRefunds } from './backend.ts';

const A = 'TN-Validation-Passed-A';

describe('at the same time', () => {
  let shop: ShopBackend;
  let stage: Stage;
  beforeEach(async () => {
    shop = await ShopBackend.open(takesRefunds);
    stage = await Stage.open({ THROUGHLINE_ACTIONS: shop.actionsFile });
    await stage.importCustomers([MARTA]);
  });
  afterEach(async () => {
    await stage.close();
    shop.close();
  });

  it('two attested calls of one unknown number end in one provisional customer and one case', async () => {
    const calls = await Promise.all(
      ['CA401', 'CA402'].map((callSid) => stage.call({ from: '+12025550187', callSid, attestation: A })),
    );
    await Promise.all(calls.map((call) => call.hears(/./s)));
    const cases = await stage.api<{ items: { caseId: string; customerId: string }[] }>('/api/cases');
    expect(cases.items.length).to.equal(1);
    for (const call of calls) call.hangUp();
  });

  it('a refund asked on chat, phone and mail at once reaches the backend once (law 3)', async () => {
    const asked = 'I want a refund for order 10-4477.';
    const [chat, call] = await Promise.all([
      stage.loggedIn('M-77'),
      stage.call({ from: '+12025550143', callSid: 'CA410', attestation: A }),
    ]);
    await call.hears(/./s);
    const mailed = stage.mail.receives(
      'marta.nowak@mailbox.example',
      (mail) => mail.inReplyTo === '<r1@mailbox.example>',
    );
    await Promise.all([
      chat.ask(asked),
      call.ask(asked),
      stage.mail.send(stage.mesh.smtp, {
        from: 'marta.nowak@mailbox.example',
        to: 'help@support.example',
        subject: 'Refund',
        text: asked,
        messageId: '<r1@mailbox.example>',
      }),
    ]);
    await mailed;
    expect(shop.asked.filter(({ method }) => method === 'POST').length).to.equal(1);
    chat.close();
    call.hangUp();
  });

  it('two people on two channels hear of each other in their next reply', async () => {
    const one = await stage.loggedIn('M-77');
    const first = await one.ask('Please refund order 10-4477.');
    const other = await stage.loggedIn('M-77');
    await other.hears(/10-4477/);
    const from = one.frames.items.length;
    await other.ask('The parcel is with the neighbour in flat nine.');
    await one.say('Any news on my refund?');
    expect((await one.hears(/flat nine/i, from)).caseId).to.equal(first.caseId);
    one.close();
    other.close();
  });

  it('the same words sent again happen once, also over another connection', async () => {
    const chat = await stage.loggedIn('M-77');
    await chat.say('Please refund order 10-4477.', 'same');
    const said = await chat.hears(/./s);
    await chat.say('Please refund order 10-4477.', 'same');
    chat.close();
    await chat.connect();
    await chat.say('Please refund order 10-4477.', 'same');
    const thread = await stage.api<{ items: { type: string }[] }>(`/api/cases/${said.caseId}/thread?limit=500`);
    expect(thread.items.filter(({ type }) => type === 'InteractionAdded').length).to.equal(1);
    chat.close();
  });

  it('who comes back hears what was missed, once and in order', async () => {
    const chat = await stage.loggedIn('M-77');
    const first = await chat.ask('Please refund order 10-4477.');
    chat.close();
    const actionId = [...shop.writes()][0] ?? '';
    await stage.api(`/api/actions/${actionId}/result`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ status: 'paid' }),
    });
    const from = chat.frames.items.length;
    await chat.connect();
    chat.send({ type: 'resume', after: first.id });
    await chat.hears(/paid/i, from);
    await chat.say('Thanks');
    await chat.hears(/./s, chat.frames.items.length - 1).catch(() => undefined);
    const ids = chat.frames.items.flatMap((frame) => (frame.type === 'said' ? [frame.id] : []));
    expect(new Set(ids).size).to.equal(ids.length);
    chat.close();
  });
});
