import { expect } from 'chai';
import { spokenEmails } from './spoken-emails.ts';

describe('Spoken e-mail addresses', () => {
  for (const [text, email] of [
    ['ines dot okafor at post dot example', 'ines.okafor@post.example'],
    ['my email is ines dot okafor at post dot example thanks', 'ines.okafor@post.example'],
    ['It is I N E S dot okafor at sign gmail dot com I have a problem', 'ines.okafor@gmail.com'],
    ["it's i n e s at post dot example", 'ines@post.example'],
    ['ines.okafor at post.example', 'ines.okafor@post.example'],
    ['ines underscore okafor plus shop at my dash shop dot co dot uk', 'ines_okafor+shop@my-shop.co.uk'],
    ['ines forty-two at gmail dot com', 'ines42@gmail.com'],
    ['a double n a dot smith at post dot example', 'anna.smith@post.example'],
    ['I-N-E-S at post dot example', 'ines@post.example'],
    ['mail ines@post.example. Thanks', 'ines@post.example'],
    ['ines dot okafor@post dot example', 'ines.okafor@post.example'],
    ['a b c at p o s t dot c o m i want', 'abc@post.com'],
  ] as const) {
    it(`hears ${email} in "${text}"`, () => {
      expect(spokenEmails(text)).to.deep.equal([email]);
    });
  }

  it('hears no address where somebody only talks about a site', () => {
    for (const text of ['I was looking at amazon.com', 'we met at the shop', 'x@@y.com', 'at dot at dot']) {
      expect(spokenEmails(text), text).to.deep.equal([]);
    }
  });

  it('finds the address behind 64 kB of bait', () => {
    for (const bait of ['a dot ', 'a. ', '@ ', 'double ', 'x- ']) {
      const text = `${bait.repeat(10_000)} , my email is ines@post.example`;
      expect(spokenEmails(text), bait).to.include('ines@post.example');
    }
  });
});
