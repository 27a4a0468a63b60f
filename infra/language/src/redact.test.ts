import { expect } from 'chai';
import fc from 'fast-check';
import { isCardNumber } from './cards.ts';
import { MASK, maskCodes, maskTurn, redact } from './redact.ts';

const NAMES = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/** Card numbers of several issuers, with their check digit. */
const card = fc
  .constantFrom(
    ['4', 13],
    ['4', 16],
    ['4', 19],
    ['55', 16],
    ['2221', 16],
    ['37', 15],
    ['36', 14],
    ['6011', 16],
    ['3530', 16],
    ['62', 18],
  )
  .chain(([prefix, length]) =>
    fc
      .array(fc.integer({ min: 0, max: 9 }), { minLength: Number(length), maxLength: Number(length) })
      .map((rest) => (String(prefix) + rest.join('')).slice(0, Number(length) - 1))
      .map((body) => NAMES.map((_, check) => body + check).find(isCardNumber) ?? ''),
  );
const grouped = fc
  .tuple(card, fc.infiniteStream(fc.constantFrom('', '', ' ', '-', '.', '\u00a0')))
  .map(([digits, gaps]) => ({
    digits,
    text: [...digits].map((digit, at) => (at === 0 ? '' : (gaps.next().value ?? '')) + digit).join(''),
  }));

describe('Redaction', () => {
  it('lets no card number of any grouping survive', () => {
    fc.assert(
      fc.property(grouped, ({ digits, text }) => {
        const said = redact(`my card is ${text} thanks`, '');
        expect(said.found).to.deep.equal(['card']);
        expect(said.text.replace(/\D/g, '')).to.not.include(digits);
        expect(said.text).to.equal(`my card is ${MASK} thanks`);
      }),
    );
  });

  it('lets no spoken card number survive', () => {
    fc.assert(
      fc.property(card, fc.constantFrom(' ', ', '), (digits, gap) => {
        const text = [...digits].map((digit) => NAMES[Number(digit)]).join(gap);
        expect(redact(`it is ${text}.`, '').text).to.equal(`it is ${MASK}.`);
      }),
    );
  });

  it('masks numbers said and written in one', () => {
    for (const text of [
      '4111 one one one one 1111 double one 11',
      '4111, 1111, 1111, 1111',
      'four one one one 1111 1111 1111',
      '４１１１ 1111 1111 1111',
    ]) {
      expect(redact(text, '').text, text).to.equal(MASK);
    }
    expect(redact('visa4111111111111111', '').text).to.equal(`visa${MASK}`);
    expect(redact('zip 19122 4111 1111 1111 1111', '').text).to.equal(`zip 19122 ${MASK}`);
  });

  it('masks the second part of a number that is split over two turns', () => {
    const first = redact('4111 1111 1111', '');
    expect(first.text).to.equal(`${MASK} 1111`);
    expect(redact('1111', first.carry)).to.deep.equal({ text: MASK, carry: '', found: ['card'] });
    expect(redact('and then the last is one one one one ok', first.carry).text).to.equal(
      `and then the last is ${MASK} ok`,
    );
    expect(redact('order 1111', first.carry).text).to.equal('order 1111');
  });

  it('follows a number through four turns', () => {
    const carry = ['4111', '1111', '1111'].reduce((before, part) => redact(part, before).carry, '');
    expect(redact('1111', carry).text).to.equal(MASK);
  });

  it('masks a card code beside the word for it, on either side', () => {
    expect(redact('4111-1111-1111-1111 cvv 123', '').text).to.equal(`${MASK} cvv ${MASK}`);
    expect(redact('the security code is one two three', '')).to.deep.equal({
      text: `the security code is ${MASK}`,
      carry: '',
      found: ['card-code'],
    });
    expect(redact('1234 is my CVC', '').text).to.equal(`${MASK} is my CVC`);
    expect(redact('my three digit cvc is 9 8 7', '').text).to.equal(`my three digit cvc is ${MASK}`);
  });

  for (const [text, kept] of [
    ["it's 4111 1111 1111 and the last four are 1111", `it's ${MASK}`],
    ['first four 4111, next four 1111, next four 1111, last four 1111', `first four ${MASK}`],
    ['4111 then the next 4 digits 1111 then 1111 and the final four are 1111', MASK],
    ['the CVV for my card ending in 1111 is 737', `the CVV for my card ending in 1111 is ${MASK}`],
    ['The three digits on the back are 123', `The three digits on the back are ${MASK}`],
    ["my card's 3 digit code is 737", `my card's 3 digit code is ${MASK}`],
    ['3-digit code for my card: 737', `3-digit code for my card: ${MASK}`],
  ] as const) {
    it(`masks what is read out part by part: ${text}`, () => {
      expect(redact(text, '').text).to.equal(kept);
    });
  }

  it('masks the last four that are named in a turn of their own', () => {
    const { carry } = redact('4111 1111 1111', '');
    expect(redact('and the last four are 1111', carry).text).to.equal(`and the last four are ${MASK}`);
  });

  it('leaves the last four digits of a card, a count and a six-digit code', () => {
    for (const text of [
      'my card ending in 1111, order 4711',
      'the last four are 1111',
      'I have four of them, the next four are late',
      'the three digits of order 4711',
      'my six digit code is 482913',
    ]) {
      expect(redact(text, '').text, text).to.equal(text);
    }
  });

  it('leaves order references, phone numbers and dates', () => {
    for (const text of [
      'order W2378156 of 2024-05-12',
      'order 41111111',
      'my cvv is wrong for order 4711',
      'call 415-555-2671, 415-555-2672',
      'call +49 1511 2345678',
      '415 555 2671',
    ]) {
      expect(redact(text, '').text, text).to.equal(text);
    }
  });

  it('leaves a text without digits and number words as it is, and the carry with it', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-d .,\n-]{0,80}$/), fc.constantFrom('', '4111 1111'), (text, carry) => {
        expect(redact(text, carry)).to.deep.equal({ text, carry, found: [] });
      }),
    );
  });

  it('changes nothing the second time', () => {
    const word = fc.oneof(
      grouped.map(({ text }) => text),
      fc.constantFrom(
        'cvv',
        'one',
        '123',
        '4111',
        'order',
        '4711',
        'is',
        '+49',
        ',',
        'security code',
        '41111111',
        'the last four are',
      ),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (parts) => {
        const once = redact(parts.join(' '), '').text;
        expect(redact(once, '').text).to.equal(once);
      }),
    );
  });

  it('masks one-time codes and gives them back', () => {
    expect(maskCodes('it is four two oh seven one nine or 421 907, order 4711')).to.deep.equal({
      text: `it is ${MASK} or ${MASK}, order 4711`,
      codes: ['420719', '421907'],
    });
  });

  it('masks the card behind 64 kB of bait', () => {
    for (const bait of [
      '4 ',
      '4111 x ',
      'order 4711 ',
      'cvv 12 ',
      '+4',
      'security ',
      'last four 1 ',
      'three digits ',
    ]) {
      const { text } = redact(`${bait.repeat(65_536 / bait.length)} card: 5555 5555 5555 4444 ok`, '');
      expect(text, bait).to.match(/card: •••• ok$/);
    }
  });
});

describe('A code that is read out in several turns', () => {
  /** What is found and kept of the turns, each with the carry of the one before. */
  const heard = (turns: readonly string[], codeAwaited = true) => {
    let carry = '';
    return turns.map((said) => {
      const kept = maskTurn(said, { codeAwaited, carry });
      carry = kept.carry;
      return kept;
    });
  };
  const codes = (turns: readonly string[]) => heard(turns).flatMap((kept) => kept.codes);

  for (const [turns, code] of [
    [['663', '785'], '663785'],
    [['it is 663', 'and then 785'], '663785'],
    [['six six three', 'seven eight five'], '663785'],
    [['66', '37', '85'], '663785'],
    [['853', '130', 'hello?'], '853130'],
    [['4711', '663', '785'], '663785'],
  ] as const) {
    it(`is found: ${turns.join(' | ')}`, () => {
      expect(codes(turns)).to.deep.equal([code]);
    });
  }

  for (const turns of [
    ['663', 'order 785'],
    ['663', 'I wait since 785'],
    ['4711', '4712'],
    ['663', '$785.00'],
    ['415', '555 2671'],
  ]) {
    it(`is none: ${turns.join(' | ')}`, () => {
      expect(codes(turns)).to.deep.equal([]);
    });
  }

  it('is masked in the turn that completes it, and leaves nothing for the next', () => {
    expect(heard(['663', 'and then 785.'])[1]).to.include({ text: `and then ${MASK}.`, carry: '' });
    expect(codes(['663', '785', '482'])).to.deep.equal(['663785']);
  });

  it('is forgotten with a whole code, found here or before', () => {
    expect(codes(['663', '663785', '482'])).to.deep.equal(['663785']);
    expect(codes(['663', MASK, '482'])).to.deep.equal([]);
  });

  it('is none while none is awaited', () => {
    expect(heard(['663', '785'], false).map(({ text }) => text)).to.deep.equal(['663', '785']);
  });
});
