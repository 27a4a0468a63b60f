import { expect } from 'chai';
import { agrees, intents, numberAskedAbout, reasonOf, withdrawsRefund } from './intent.ts';

describe('Intents', () => {
  for (const [text, ...expected] of [
    ['I want my money back', 'refund'],
    ['return and refund', 'refund'],
    ['I want to return the lamp', 'refund'],
    ['where is my parcel', 'order_status'],
    ['has it shipped', 'order_status'],
    ['When will it arrive?', 'order_status'],
    ['status of A-1001 pls', 'order_status'],
    ['Can you tell me when 10-4477 will be here', 'order_status'],
    ['Any news on #1029?', 'order_status'],
    ['order 4711 hasnt come yet', 'order_status'],
    ["4711 isn't here", 'order_status'],
    ['any news on my refund', 'refund_status'],
    ['any news on the refund for 10-4477', 'refund_status'],
    ["what's happening with my refund", 'refund_status'],
    ['when do I get my money', 'refund_status'],
    ['Hi, what about my refund?', 'refund_status'],
    ['my refund hasn’t arrived', 'refund_status'],
    ['talk to a human', 'person'],
    ['can I speak with somebody', 'person'],
    ['I want an agent', 'person'],
    ['get me your manager', 'person'],
    ['Agent!', 'person'],
    ['put me through to customer service', 'person'],
    ['something else', 'new_issue'],
    ['a different matter', 'new_issue'],
    ['I have a new question', 'new_issue'],
    ['yes please', 'yes'],
    ['no thanks', 'no'],
    ["that's all, goodbye", 'goodbye'],
    ['no, that is all', 'no', 'goodbye'],
    ['I changed my mind, bye', 'goodbye'],
    ['My lamp broke again, bye', 'other'],
    ["it still doesn't work, have a nice day", 'other'],
    ['10-4477 never arrived, goodbye', 'other'],
    ['10-4477', 'other'],
    ['hello there', 'other'],
    ["I don't want a refund", 'other'],
  ] as const) {
    it(`hears ${expected.join(' and ')} in "${text}"`, () => {
      expect(intents(text)).to.deep.equal(expected);
    });
  }

  for (const text of [
    "Please don't refund it, I just want it delivered",
    "no wait, I don't want a refund, I want an exchange",
    'forget the refund, I just want to know if my parcel is there',
    'Instead of a refund I want a replacement for W2378156',
    'Cancel my refund',
    'Stop the refund for W2378156',
    'I never asked for a refund',
    'Not a refund. An exchange.',
    "I don't want it refunded",
    'I do not want to return it',
    'I’m not asking for my money back',
    'please do not go through with the refund',
    "I can't return it",
    'actually I will keep the shoes, my code is ••••',
    "I'd rather keep them",
    'the shoes are fine, I keep them',
  ]) {
    it(`hears no wish for a refund, and its withdrawal, in "${text}"`, () => {
      expect(intents(text)).not.to.include('refund');
      expect(withdrawsRefund(text)).to.equal(true);
    });
  }

  for (const text of [
    'Can you send it to my office instead?',
    'please send my invoice',
    'please send my parcel W2378156 to another address',
    'My order W2378156 was wrong, can you send the correct one?',
    'I need to return your call from this morning',
    'please return my call',
    'I want to return to this tomorrow',
    'Would you refund me if it never comes?',
    'Do you refund shipping if it is late?',
    'what is your refund policy',
  ]) {
    it(`hears neither a wish for a refund nor its withdrawal in "${text}"`, () => {
      expect(intents(text)).not.to.include('refund');
      expect(withdrawsRefund(text)).to.equal(false);
    });
  }

  for (const text of [
    "It doesn't work I want a refund",
    "I don't need it please refund it",
    "I don't want it, refund me",
    "I don't want an exchange, I want a refund",
    'No, I want a refund',
    'A refund instead of a replacement',
    'cancel the order and refund me',
    "don't forget my refund",
    'Could you refund it?',
    'Can I keep it and have a refund?',
    'I want to return it',
    'I want to send the shoes back',
    'Return the lamp please, no return label came',
  ]) {
    it(`hears the wish for a refund in "${text}"`, () => {
      expect(intents(text)).to.include('refund');
      expect(withdrawsRefund(text)).to.equal(false);
    });
  }

  it('takes a complaint that no money has come for no withdrawal', () => {
    for (const text of ["why don't you refund me", 'my refund has not come', "I haven't received my money back"]) {
      expect(withdrawsRefund(text), text).to.equal(false);
    }
  });

  for (const text of [
    'yes',
    'Yes please!',
    'ok, go ahead',
    'Sure, do it. Thanks',
    'yes, go on with the refund',
    'Please do',
    'I do',
    'That’s right, thank you very much',
    'okay then',
  ]) {
    it(`hears a plain yes in "${text}"`, () => {
      expect(agrees(text)).to.equal(true);
      expect(intents(text)).to.include('yes');
    });
  }

  for (const text of [
    'please do not',
    'Please do NOT go on with it',
    "Please don't",
    'Sure not!',
    'I do not want it any more',
    'It is no longer necessary',
    "ok hold on, don't do anything yet",
    'ok so what happens if I say no?',
    'Right, before that: what does it cost me?',
    'yes but only for the left shoe',
    'ok, I keep them',
    'ok?',
    'right, never mind',
    'yes, wait',
    'sure, tomorrow',
    "ok, that's it",
    'they are too small but maybe my son can wear them',
    'hello',
  ]) {
    it(`hears no plain yes in "${text}"`, () => {
      expect(agrees(text)).to.equal(false);
    });
  }

  it('hears no yes at all in what only begins like one', () => {
    for (const text of ['please do not', 'Sure not!', 'I do not want it', 'It is no longer necessary', "I don't"]) {
      expect(intents(text), text).not.to.include('yes');
    }
    for (const text of ['It is', 'I do', 'yes, not today', 'okay']) expect(intents(text), text).to.include('yes');
  });

  for (const [text, reason] of [
    ['I want a refund for W2378156, it arrived broken', 'it arrived broken'],
    ['because I changed my mind, ok', 'I changed my mind'],
    ['refund please, damaged', 'damaged'],
    ['it is the wrong size', 'it is the wrong size'],
    ['They don’t fit', 'They don’t fit'],
    ['My lamp broke again, bye', 'My lamp broke again'],
    ['refund it, it broke', 'it broke'],
    ['it broke after two days', 'broke'],
    ['as soon as possible', undefined],
    ['here we go again', undefined],
    ['hello', undefined],
  ] as const) {
    it(`hears the reason ${reason ?? 'nowhere'} in "${text}"`, () => {
      expect(reasonOf(text)).to.equal(reason);
    });
  }

  it('finds the number that somebody asks about without saying what it is of', () => {
    expect(numberAskedAbout('Can you tell me when 10-4477 will be here')).to.equal('10-4477');
    expect(numberAskedAbout('Any news on #1029?')).to.equal('#1029');
    expect(numberAskedAbout('I will be there at 10')).to.equal(undefined);
    for (const left of ['••••4567 has not come', 'where is ••••4567', 'status of ••••4567'])
      expect(numberAskedAbout(left), left).to.equal(undefined);
  });

  it('reads 64 kB of bait', () => {
    for (const bait of [
      'where is my ',
      'status a a a a ',
      'when 1-1-1',
      'the a ',
      'it is the ',
      "don't the ",
      'would you refund ',
    ]) {
      expect(reasonOf(`it arrived broken. ${bait.repeat(5_000)}`), bait).to.equal('it arrived broken');
      expect(intents(`yes ${bait.repeat(5_000)}`), bait).to.include('yes');
      expect(agrees(`yes ${bait.repeat(5_000)}`), bait).to.equal(false);
    }
  });
});
