import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import { codeProof, oneTimeCode } from './one-time-code.ts';

const mac = (purpose: string, text: string): string => createHmac('sha256', purpose).update(text).digest('hex');

describe('a one-time code', () => {
  it('is six digits, the same for the same step-up', () => {
    expect(oneTimeCode(mac, 'stp_1')).to.match(/^\d{6}$/);
    expect(oneTimeCode(mac, 'stp_1')).to.equal(oneTimeCode(mac, 'stp_1'));
    expect(oneTimeCode(mac, 'stp_1')).not.to.equal(oneTimeCode(mac, 'stp_2'));
  });

  it('uses every first digit about equally often', () => {
    const counts = Array.from({ length: 10 }, () => 0);
    for (let step = 0; step < 5000; step += 1) {
      const first = Number(oneTimeCode(mac, `stp_${step}`)[0]);
      counts[first] = (counts[first] ?? 0) + 1;
    }
    for (const count of counts) expect(count).to.be.within(400, 600);
  });

  it('skips draws that would make some codes likelier, and draws on', () => {
    const biased = (_purpose: string, text: string): string =>
      text === 'stp_1' ? 'ffffffff'.repeat(8) : `0000002a${'ffffffff'.repeat(7)}`;
    expect(oneTimeCode(biased, 'stp_1')).to.equal('000042');
  });

  it('is proven on one contact only', () => {
    expect(codeProof(mac, 'ctc_1', '123456')).not.to.equal(codeProof(mac, 'ctc_2', '123456'));
  });
});
