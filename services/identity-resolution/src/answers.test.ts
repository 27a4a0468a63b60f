import { expect } from 'chai';
import { asksAgain, givesUp, isSomethingNew, kindNamed } from './answers.ts';

const all = (means: (text: string) => boolean, ...texts: readonly string[]) =>
  expect(texts.filter((text) => !means(text))).to.deep.equal([]);
const none = (means: (text: string) => boolean, ...texts: readonly string[]) =>
  expect(texts.filter(means)).to.deep.equal([]);

describe('what people mean by an answer', () => {
  it('is that they want the code once more', () => {
    all(asksAgain, 'Resend', 'please re-send it', 'send it', 'Send the code', 'send that', 'send one', 'send me it');
    all(asksAgain, 'send me one', 'send me another', 'send another', 'send a new code', 'another code', 'new code');
    all(asksAgain, 'another email', 'a new e-mail', 'another mail', 'I didn’t get it', 'I didn‘t receive anything');
    all(
      asksAgain,
      'did not get it',
      "haven't received it",
      'have not gotten it',
      "it hasn't arrived",
      'it has not come',
    );
    all(
      asksAgain,
      'it never came',
      'not yet arrived',
      'nothing got here',
      'nothing received',
      'I did not yet receive it',
    );
    none(
      asksAgain,
      'send my parcel',
      'resending',
      'a new order',
      'another day',
      'I got it',
      'it arrived',
      'sent it',
      '',
    );
  });

  it('is that they go on without the code', () => {
    all(
      givesUp,
      'never mind',
      'Nevermind',
      'forget it',
      'forget about it',
      'forget the code',
      'skip it',
      'skip the code',
    );
    all(givesUp, 'skip this', 'without a code', 'without the code', 'I can’t get into my mail', 'I cannot access it');
    all(givesUp, 'I can not open it', "can't reach it");
    none(
      givesUp,
      'I mind',
      'I forget things',
      'skip ahead',
      'without a doubt',
      'I can open it',
      'my mind never rests',
      '',
    );
  });

  it('is that it is about something new', () => {
    all(isSomethingNew, 'Something new', 'anything else', 'something different', 'a new case', 'different issue');
    all(
      isSomethingNew,
      'a separate matter',
      'new problem',
      'another thing? a new question',
      'new topic',
      'new request',
    );
    all(
      isSomethingNew,
      'a new thing',
      'a different one',
      'neither',
      'neither of them',
      'neither of those',
      'none of them',
    );
    all(isSomethingNew, 'none of those', 'none of these', 'neither of these');
    none(isSomethingNew, 'something', 'the new lamp', 'renew it', 'none of your business', 'that one', 'newer one', '');
  });

  it('is the kind of matter, where they name one kind only', () => {
    const kinds = (...texts: readonly string[]) => [...new Set(texts.map(kindNamed))];
    expect(
      kinds(
        'the refund',
        'refunds',
        'it was refunded',
        'my money back',
        'Reimburse me',
        'reimbursed',
        'a reimbursement',
      ),
    ).to.deep.equal(['refund']);
    expect(
      kinds(
        'the order',
        'my orders',
        'delivery',
        'deliveries',
        'is it delivered',
        'the parcel',
        'Package',
        'shipment',
        'shipping',
      ),
    ).to.deep.equal(['order']);
    expect(kinds('the refund of my order', 'the lamp', 'disorder', 'refunding', 'money', 'back', '')).to.deep.equal([
      undefined,
    ]);
  });
});
