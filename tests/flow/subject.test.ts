import { expect } from 'chai';
import { Stage } from '../../scripts/demo/stage.ts';
import { MARTA, ShopBackend, takesRefunds } from './backend.ts';

const A = 'TN-Validation-Passed-A';

describe('a change of subject', () => {
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

  it('in a chat leads to a case of its own, and a call is then asked which one is meant', async () => {
    const chat = await stage.loggedIn('M-77');
    const first = await chat.ask('Please refund order 10-4477.');
    const second = await chat.ask('I also want a refund for order 20-5588');
    expect(second.caseId).not.to.equal(first.caseId);
    expect(second.text)
      .to.match(/20-5588/)
      .and.not.to.match(/10-4477/);
    expect(shop.writes().size).to.equal(2);
    chat.close();
    const call = await stage.call({ from: '+12025550143', callSid: 'CA501', attestation: A });
    const asked = await call.hears(/./s);
    expect(asked)
      .to.match(/\?|something new/)
      .and.not.to.match(/10-4477|20-5588|refund|pending/i);
    expect(await call.ask('It is order 20-5588')).to.match(/20-5588/);
    call.hangUp();
    const another = await stage.call({ from: '+12025550143', callSid: 'CA503', attestation: A });
    await another.hears(/./s);
    // Nobody says the dash, and the question has said what the digits are.
    expect(await another.ask('one zero four four seven seven')).to.match(/10-4477/);
    another.hangUp();
    const cases = await stage.api<{ items: { status: string }[] }>('/api/cases');
    expect(cases.items.filter(({ status }) => status !== 'closed').length).to.equal(2);
  });

  it('on a call that was resumed into another case looks the other order up', async () => {
    const chat = await stage.loggedIn('M-77');
    const first = await chat.ask('Please refund order 10-4477.');
    chat.close();
    const call = await stage.call({ from: '+12025550143', callSid: 'CA502', attestation: A });
    await call.hears(/10-4477/);
    const words = await call.ask('Where is my order 20-5588?');
    expect(words)
      .to.match(/20-5588/)
      .and.to.match(/shipped/)
      .and.not.to.match(/10-4477/);
    const cases = await stage.api<{ items: { caseId: string }[] }>('/api/cases');
    expect(cases.items.length).to.equal(2);
    expect(cases.items.map(({ caseId }) => caseId)).to.include(first.caseId);
    call.hangUp();
  });
});
