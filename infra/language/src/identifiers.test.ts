import { expect } from 'chai';
import fc from 'fast-check';
import { lastTwoDigits, maskEmail, normalizeEmail, normalizePhone } from './identifiers.ts';

describe('Identifiers', () => {
  it('reads national and international phone numbers as E.164', () => {
    for (const text of ['(415) 555-2671', '+1 415 555 2671', '+14155552671', '1-415-555-2671']) {
      expect(normalizePhone(text, 'US'), text).to.deep.equal({ ok: true, value: '+14155552671' });
    }
    expect(normalizePhone('0044 7400 123456', 'GB')).to.deep.equal({ ok: true, value: '+447400123456' });
  });

  it('never takes a withheld caller ID for a number, not even one written in keypad digits', () => {
    for (const text of [
      'anonymous',
      'Restricted',
      'unavailable',
      'Unknown',
      '+266696687',
      '+86282452253',
      '7378742833',
    ]) {
      expect(normalizePhone(text, 'US'), text).to.deep.equal({ ok: false, reason: 'withheld' });
    }
  });

  it('refuses what is no number that can exist', () => {
    for (const text of ['sip:+14155552671@carrier.example', 'call +14155552671', '12345', '+1 111 111 1111']) {
      expect(normalizePhone(text, 'US'), text).to.deep.equal({ ok: false, reason: 'not_a_phone_number' });
    }
    expect(normalizePhone('', 'US')).to.deep.equal({ ok: false, reason: 'empty' });
    expect(normalizePhone('4155552671 x5', 'US')).to.deep.equal({ ok: false, reason: 'has_extension' });
    expect(normalizePhone('1'.repeat(65_536), 'US')).to.deep.equal({ ok: false, reason: 'too_long' });
  });

  it('folds case, keeps the plus tag and writes the domain in ASCII', () => {
    expect(normalizeEmail(' Ines.Okafor+Shop@BÜCHER.example ')).to.deep.equal({
      ok: true,
      value: 'ines.okafor+shop@xn--bcher-kva.example',
    });
    expect(normalizeEmail('jose\u0301@post.example')).to.deep.equal(normalizeEmail('jos\u00e9@post.example'));
  });

  it('refuses what is no address', () => {
    for (const text of [
      'ines',
      'a@b',
      'a@@post.example',
      'a b@post.example',
      '.a@post.example',
      'a..b@post.example',
      'a@1.2.3.4',
      'a@-x.example',
    ]) {
      expect(normalizeEmail(text), text).to.deep.equal({ ok: false, reason: 'not_an_email_address' });
    }
    expect(normalizeEmail(`${'a'.repeat(65)}@post.example`)).to.deep.equal({ ok: false, reason: 'too_long' });
  });

  it('gives the same address when it is normalised again', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (email) => {
        const first = normalizeEmail(email);
        if (first.ok) expect(normalizeEmail(first.value)).to.deep.equal(first);
      }),
    );
  });

  it('shows the last two digits and the first letter only', () => {
    expect(lastTwoDigits('+14155552671')).to.equal('71');
    expect(maskEmail('ines@post.example')).to.equal('i…@post.example');
    expect(maskEmail('nothing')).to.equal('…');
  });
});
