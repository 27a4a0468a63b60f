import { expect } from 'chai';
import { Stage } from '../../scripts/demo/stage.ts';
import { playStory } from '../../scripts/demo/story.ts';
import { MARTA, ShopBackend, takesRefunds } from './backend.ts';

const A = 'TN-Validation-Passed-A';

describe('the story', () => {
  it('of the demo holds in every check', async () => {
    const stage = await Stage.open();
    try {
      const played = await playStory(stage, () => undefined);
      expect(played.checks.filter(({ ok }) => !ok)).to.deep.equal([]);
      expect(new Set(played.contacts.map(({ channel }) => channel))).to.deep.equal(new Set(['chat', 'voice', 'email']));
    } finally {
      await stage.close();
    }
  });

  describe('with a shop of its own', () => {
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

    it('goes on where it was after the mesh was stopped and started', async () => {
      const chat = await stage.loggedIn('M-77');
      const said = await chat.ask('Please refund order 10-4477, wrong size.');
      chat.close();
      await stage.restart();
      const call = await stage.call({ from: '+12025550143', callSid: 'CA01', attestation: A });
      const words = await call.hears(/./s);
      expect(words)
        .to.match(/10-4477/)
        .and.to.match(/refund/i);
      call.hangUp();
      const mail = stage.mail.receives(
        'marta.nowak@mailbox.example',
        (one) => one.inReplyTo === '<m1@mailbox.example>',
      );
      await stage.mail.send(stage.mesh.smtp, {
        from: 'marta.nowak@mailbox.example',
        to: 'help@support.example',
        subject: 'Order',
        text: 'What about my refund?',
        messageId: '<m1@mailbox.example>',
      });
      expect((await mail).text).to.match(/10-4477/);
      const cases = await stage.api<{ items: { caseId: string }[] }>('/api/cases');
      expect(cases.items.map(({ caseId }) => caseId)).to.deep.equal([said.caseId]);
      expect(shop.writes().size).to.equal(1);
    });

    it('asks for what it has to know, once, and never again on another channel (law 7)', async () => {
      const chat = await stage.loggedIn('M-77');
      const asked = await chat.ask('I would like my money back.');
      expect(asked.text).to.match(/order/i).and.to.match(/\?/);
      expect((await chat.ask('It is order 10-4477')).text).to.match(/refund/i);
      chat.close();
      const call = await stage.call({ from: '+12025550143', callSid: 'CA02', attestation: A });
      await call.hears(/10-4477/);
      expect(await call.ask('So what happens with my refund?')).not.to.match(/what.{0,20}order number/i);
      call.hangUp();
    });

    it('tells what a backend reports later, once, whether or not anybody is on', async () => {
      const chat = await stage.loggedIn('M-77');
      await chat.ask('Refund order 10-4477 please.');
      const actionId = [...shop.writes()][0] ?? '';
      const from = chat.frames.items.length;
      for (const _ of [1, 2]) {
        const report = {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ status: 'paid' }),
        };
        expect((await stage.fetch(`/api/actions/${actionId}/result`, report)).ok).to.equal(true);
      }
      expect((await chat.hears(/paid/i, from)).text).to.match(/10-4477/);
      chat.close();
      const call = await stage.call({ from: '+12025550143', callSid: 'CA03', attestation: A });
      expect(await call.hears(/./s))
        .to.match(/10-4477/)
        .and.to.match(/paid/i);
      call.hangUp();
    });

    it('gives a person what it cannot do itself, and lists it', async () => {
      const chat = await stage.loggedIn('M-77');
      await chat.ask('Can I talk to a human please?');
      const waiting = await stage.api<{ items: { caseId: string; status: string }[] }>('/api/cases?needs=person');
      expect(waiting.items.length).to.equal(1);
      expect(waiting.items[0]?.status).to.equal('waiting');
      chat.close();
    });

    it('survives a backend that never answers, and says so', async () => {
      shop.answer = () => ({ status: 503 });
      const chat = await stage.loggedIn('M-77');
      await chat.ask('Refund order 10-4477 please.');
      await stage.api('/api/cases?needs=person');
      expect((await stage.api<{ items: unknown[] }>('/api/cases?needs=person')).items.length).to.equal(1);
      expect(shop.writes().size).to.equal(1);
      chat.close();
    });
  });
});
