import { expect } from 'chai';
import { labelFact, labelText } from './sensitivity.ts';

describe('Sensitivity', () => {
  it('takes what people say for personal unless it speaks of money, accounts or proofs', () => {
    expect(labelText('where is my parcel')).to.equal('personal');
    for (const text of [
      'I paid $12',
      'twelve or 40 euros',
      'my IBAN is DE89 3704 0044 0532 0130 00',
      'my card',
      'my salary',
    ]) {
      expect(labelText(text), text).to.equal('financial');
    }
    for (const text of ['my password is x', 'the PIN', 'the code is 420719', "my mother's maiden name"]) {
      expect(labelText(text), text).to.equal('secret');
    }
  });

  it('labels facts by name, however it is written', () => {
    for (const name of ['status', 'orderNumber', 'ORDER_NUMBER', 'next-step', 'caseReference', 'eta']) {
      expect(labelFact(name, 'x'), name).to.equal('status');
    }
    for (const name of ['refundAmount', 'total', 'iban', 'payment_method']) {
      expect(labelFact(name, 'x'), name).to.equal('financial');
    }
    for (const name of ['apiToken', 'password', 'accessCode', 'pin'])
      expect(labelFact(name, 'x'), name).to.equal('secret');
  });

  it('protects an amount, an account or a card under a harmless name', () => {
    expect(labelFact('status', 'refunded $12.50')).to.equal('financial');
    expect(labelFact('note', '12.50 EUR are on their way')).to.equal('financial');
    expect(labelFact('note', 'on its way')).to.equal('status');
  });

  it('takes an unknown name for personal', () => {
    for (const name of ['name', 'postalCode', 'shoeSize', '']) expect(labelFact(name, 'x'), name).to.equal('personal');
  });

  it('finds the amount behind 64 kB of bait', () => {
    for (const bait of ['AB12 ', '1', '1,', 'one ']) {
      expect(labelText(`${bait.repeat(65_536 / bait.length)} I paid $12`), bait).to.equal('financial');
    }
  });
});
