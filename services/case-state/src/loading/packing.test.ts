import { expect } from 'chai';
import fc from 'fast-check';
import { cutText } from './packing.ts';

describe('cutting a text', () => {
  it('keeps a beginning in whole characters that fits', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: -1, max: 60 }), (text, most) => {
        const cut = cutText(text, most);
        expect(text.startsWith(cut)).to.equal(true);
        expect(Buffer.byteLength(cut)).to.be.at.most(Math.max(0, most));
      }),
    );
    expect(cutText('aä', 2)).to.equal('a');
    expect(cutText('aä', 3)).to.equal('aä');
  });

  it('leaves a text alone that fits, also one that is broken in the middle of a character', () => {
    expect(cutText('a\ud800', 9)).to.equal('a\ud800');
  });
});
