import { expect } from 'chai';
import { dmarcOf } from './authentication-results.ts';

describe('Authentication-Results', () => {
  it('says who checked, what DMARC came to, and for which domain', () => {
    expect(
      dmarcOf('MX.example 1; spf=pass smtp.mailfrom=post.example; dmarc=pass (p=reject) header.from=Post.example'),
    ).to.deep.equal({
      authservId: 'mx.example',
      result: 'pass',
      headerFrom: 'post.example',
    });
  });

  it('may name the whole address', () => {
    expect(dmarcOf('mx.example; dmarc=pass header.from=Ines@Bücher.example')?.headerFrom).to.equal(
      'ines@xn--bcher-kva.example',
    );
  });

  it('says nothing in comments or quotes', () => {
    const value =
      'mx.example; spf=fail smtp.mailfrom="; dmarc=pass header.from=a.example" (; dmarc=pass header.from=a.example)';
    expect(dmarcOf(value)?.result).to.equal(undefined);
  });

  it('says nothing about DMARC when it says two things', () => {
    expect(dmarcOf('mx.example; dmarc=fail header.from=a.example; dmarc=pass header.from=a.example')?.result).to.equal(
      undefined,
    );
    expect(dmarcOf('mx.example; dmarc=pass header.from=a.example header.from=b.example')?.headerFrom).to.equal(
      undefined,
    );
  });
});
