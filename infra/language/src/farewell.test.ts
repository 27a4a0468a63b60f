import { expect } from 'chai';
import { isFarewell, wantsNothing } from './farewell.ts';

describe('a turn that only takes leave', () => {
  it('is thanks or a good-bye in a few words', () => {
    const farewells = ['Thanks', 'thank you!', 'Ok, great. Thanks a lot!', 'okay', 'Perfect', 'super', 'many thanks'];
    const more = ['Thank you very much', 'thanks so much again', 'Cheers', 'bye', 'Good bye', 'goodbye', '  Bye!  '];
    expect([...farewells, ...more].filter((text) => !isFarewell(text))).to.deep.equal([]);
  });

  it('is none that wants something besides, or says much', () => {
    const others = [
      'Thanks, but where is it?',
      'It broke again',
      'thanks for nothing, refund me',
      '',
      '!',
      'No',
      'my order',
    ];
    expect([...others, 'thanks '.repeat(12)].filter(isFarewell)).to.deep.equal([]);
    expect(isFarewell(`${'thanks '.repeat(11)}bye`), 'eighty characters are a few words').to.equal(true);
    expect(isFarewell(`  ${'thanks '.repeat(11)}  `), 'what surrounds them does not count').to.equal(true);
  });
});

describe('a turn that takes leave in its own words', () => {
  it('does so with a yes or a no before, and not where it wants one thing more', () => {
    const farewells = ["That's all", 'no, that is all', 'Yes, nothing else', 'Have a nice day', 'see you'];
    expect([...farewells, '...thanks'].filter((text) => !isFarewell(text))).to.deep.equal([]);
    expect(isFarewell('refund?thanks')).to.equal(false);
    const others = [
      'My lamp broke again, bye',
      "That's all, but where is my order?",
      'see you, I want a refund',
      'No',
      'Yes',
      'a refund',
    ];
    expect(others.filter(isFarewell)).to.deep.equal([]);
  });
});

describe('a turn that wants nothing', () => {
  for (const text of [
    'no',
    'No thanks',
    'no, not really',
    'No, nothing else. Bye',
    'thanks, that is all, bye',
    'Thank you so much for your help, that is all I needed for now. Have a great day!\n\nKind regards,\nPat Doe',
    'Have a nice day, Pat',
    'ok, never mind',
    'no, please don’t',
    "I'm good, thank you",
    "okay thank you so much you've been very helpful goodbye",
    'Perfect, thank you for checking',
  ]) {
    it(`says so: ${text}`, () => {
      expect(wantsNothing(text)).to.equal(true);
    });
  }

  for (const text of [
    'I was charged twice for it. Have a nice day.',
    "Thank you. That's all, but please cancel the order",
    "please change the delivery address to 12 Main Street, that's all",
    "that's all you have to say? this is ridiculous",
    "that's all?",
    'No! I am at home and nothing came',
    'No, I need it tomorrow',
    'wrong address!!',
    'no, not 4711, 4712',
    'No, it has not arrived and I have been charged 3 times on my card.',
    'It was left in the rain and everything is wet. Have a nice day, Pat',
    'cancel it, bye',
    'not really great, bye',
    "no, don't send it",
    'thanks for nothing',
    'you were not very helpful, bye',
    '•••• bye',
    '',
  ]) {
    it(`is not: ${text}`, () => {
      expect(wantsNothing(text)).to.equal(false);
      expect(isFarewell(text)).to.equal(false);
    });
  }

  it('is found out of 64 kB of bait', () => {
    for (const bait of ['thanks ', 'thank you for ', ', Pat', '\n', "that's ", 'not really ', 'no more ']) {
      expect(wantsNothing(`${bait.repeat(65_536 / bait.length)} my lamp`), bait).to.be.a('boolean');
    }
  });
});
