import { expect } from 'chai';
import { deriveId } from './ids.ts';

describe('an id that says what it names', () => {
  it('is the same for the same parts, for ever', () => {
    // SHA-256 of `5:ctc_11:1`: each part behind its length.
    expect(deriveId('case', 'ctc_1', '1')).to.equal('case_ed904ea37e0c181c53bcd8dfad6e99a5');
  });

  it('is another one for every other part, order or place where one part ends', () => {
    const ids = [['a', 'bc'], ['ab', 'c'], ['abc'], ['bc', 'a'], ['a', 'bc', ''], ['ä', 'c']].map((parts) =>
      deriveId('id', ...parts),
    );
    expect(new Set(ids).size).to.equal(ids.length);
  });

  it('begins with what it is of', () => {
    expect(deriveId('cus')).to.match(/^cus_[0-9a-f]{32}$/);
  });
});
