import { expect } from 'chai';
import { MailWorld, silent } from './testing/mail-world.ts';

describe('the e-mail channel without a mail domain', () => {
  const warningsWith = (mailDomains: readonly string[]): readonly string[] => {
    const warnings: string[] = [];
    new MailWorld({ mailDomains, reporter: { ...silent, warn: (event) => warnings.push(event) } });
    return warnings;
  };

  it('warns once at the start: nobody can answer the mails that answer none', () => {
    expect(warningsWith([])).to.deep.equal(['mail.domain.missing']);
  });

  it('is silent where there is one', () => {
    expect(warningsWith(['help.example'])).to.deep.equal([]);
  });
});
