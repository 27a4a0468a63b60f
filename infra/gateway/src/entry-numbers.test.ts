import { expect } from 'chai';
import { createEntryNumbers } from './entry-numbers.ts';

describe('entry numbers', () => {
  let gaps: number;
  const counted = () => {
    gaps = 0;
    const numbers = createEntryNumbers({
      info() {},
      warn() {},
      error() {
        gaps += 1;
      },
    });
    numbers.follow('ctc_1', 'case_1');
    return numbers;
  };

  it('drops a number that was seen', () => {
    const numbers = counted();
    expect([3, 4, 4, 3, 5].map((number) => numbers.take('case_1', number))).to.deep.equal([
      true,
      true,
      false,
      false,
      true,
    ]);
    expect(gaps).to.equal(0);
  });

  it('begins with the first number heard and reports each gap once', () => {
    const numbers = counted();
    for (const number of [7, 9, 10]) numbers.take('case_1', number);
    expect(gaps).to.equal(1);
  });

  it('lets control records pass', () => {
    const numbers = counted();
    expect([5, 0, 0, 6].map((number) => numbers.take('case_1', number))).to.deep.equal([true, true, true, true]);
    expect(gaps).to.equal(0);
  });

  it('counts a case for as long as a contact is at home in it', () => {
    const numbers = counted();
    numbers.follow('ctc_2', 'case_1');
    numbers.follow('ctc_1', 'case_2');
    expect(numbers.follows('case_1')).to.equal(true);
    numbers.follow('ctc_2', undefined);
    expect([numbers.follows('case_1'), numbers.follows('case_2')]).to.deep.equal([false, true]);
  });
});
