import { expect } from 'chai';
import { digitRuns, sixDigitCodes } from './spoken.ts';

const runs = (text: string) => digitRuns(text).map((run) => run.digits);
const codes = (text: string) => sixDigitCodes(text).map((run) => run.digits);

describe('Spoken digits', () => {
  for (const [text, digits] of [
    ['four two oh seven', '4207'],
    ['double five', '55'],
    ['triple zero', '000'],
    ['twenty three', '23'],
    ['forty-two', '42'],
    ['four, two, oh, seven', '4207'],
    ['4 2 0 7 1 9', '420719'],
    ['421 907', '421907'],
    ['４２', '42'],
  ] as const) {
    it(`reads "${text}" as ${digits}`, () => {
      expect(runs(text)).to.deep.equal([digits]);
    });
  }

  it('hears no zero in a sigh and no digits inside a reference', () => {
    expect(runs('oh I see, W2378156')).to.deep.equal([]);
  });

  it('says where the digits stand', () => {
    const text = 'it is four two oh seven one nine, thanks';
    const [run] = digitRuns(text);
    expect(text.slice(run?.start, run?.end)).to.equal('four two oh seven one nine');
  });

  it('takes six digits for a code however they are said', () => {
    for (const text of [
      '420719',
      'it is 4-2-0-7-1-9 ok',
      'four two oh seven one nine',
      'it is four two oh seven. one nine',
      '420,719',
      'four two oh and seven one nine',
      '4 2 0 and 7 1 9',
    ]) {
      expect(codes(text), text).to.deep.equal(['420719']);
    }
  });

  it('takes what stands on both sides of an "and" for two numbers where the first is whole, or written', () => {
    const [first, second] = ['four two oh seven one nine', 'nine one seven oh two four'];
    expect(codes(`${first} and ${second}`)).to.deep.equal(['420719', '917024']);
    expect(runs('420 and 719')).to.deep.equal(['420', '719']);
  });

  it('never takes a part of a longer run, an amount, a date or a reference for a code', () => {
    for (const text of [
      '4207191',
      '4207 1912',
      '$420,719',
      '1234.56',
      '12.05.24',
      '#420719',
      'ORD-420719',
      '420719@post.example',
      '420719 euros',
    ]) {
      expect(codes(text), text).to.deep.equal([]);
    }
  });

  it('reads 64 kB of digits as one run', () => {
    expect(runs('1 '.repeat(32_768))).to.deep.equal(['1'.repeat(32_768)]);
    expect(codes('one '.repeat(16_384))).to.deep.equal([]);
  });
});
