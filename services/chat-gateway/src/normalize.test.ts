import { plainKeyring } from '@throughline/gateway/testing/memory-log';
import { codeProof } from '@throughline/language/one-time-code';
import { expect } from 'chai';
import { readFrame, TEXT_BYTES_MAX, turnOf } from './normalize.ts';

const { mac } = plainKeyring;
const CONTACT = 'ctc_1';

function turn(text: string, change: { codeAwaited?: boolean; carry?: string; id?: string } = {}) {
  const { codeAwaited = false, carry = '', id = 'a' } = change;
  return turnOf({ say: { id, text }, contactId: CONTACT, codeAwaited, carry, region: 'US', mac, atMs: 7 });
}

describe('normalize (chat)', () => {
  it('derives the input from the contact and the client id', () => {
    expect(turn('one').turn.inputId).to.equal(turn('two').turn.inputId);
    expect(turn('one').turn.inputId).not.to.equal(turn('one', { id: 'b' }).turn.inputId);
  });

  it('masks card numbers', () => {
    const { text, masked } = turn('my card is 4111 1111 1111 1111').turn;
    expect(text).not.to.match(/1111/);
    expect(masked).to.deep.equal(['card']);
  });

  it('finds a card number that is split over two turns', () => {
    const first = turn('4111 1111');
    const second = turn('1111 1111', { carry: first.carry });
    expect(second.turn.masked).to.deep.equal(['card']);
    expect(second.turn.text).not.to.match(/1111 1111/);
  });

  it('passes a proof instead of the digits while a code is awaited', () => {
    const { text, codeProofs, masked } = turn('it is 123456', { codeAwaited: true }).turn;
    expect(text).not.to.include('123456');
    expect(codeProofs).to.deep.equal([codeProof(mac, CONTACT, '123456')]);
    expect(masked).to.deep.equal(['code']);
  });

  it('leaves six-digit numbers alone while none is awaited', () => {
    const { text, codeProofs } = turn('order 123456').turn;
    expect([text, codeProofs]).to.deep.equal(['order 123456', []]);
  });

  it('measures texts in bytes of UTF-8', () => {
    const say = (text: string) => readFrame(JSON.stringify({ type: 'say', id: 'a', text }));
    expect(say('x'.repeat(TEXT_BYTES_MAX))).to.have.property('frame');
    expect(say('é'.repeat(TEXT_BYTES_MAX / 2))).to.have.property('frame');
    expect(say('é'.repeat(TEXT_BYTES_MAX / 2 + 1))).to.have.nested.property('problem.code', 'text-too-long');
  });

  it('refuses ids of half characters, of which the second was acknowledged and dropped as said before', () => {
    for (const id of ['\ud800', '\udc00'])
      expect(readFrame(JSON.stringify({ type: 'say', id, text: 'hello' }))).to.have.nested.property(
        'problem.code',
        'bad-id',
      );
    expect(readFrame(JSON.stringify({ type: 'say', id: '💬', text: 'hello' }))).to.have.property('frame');
  });

  it('takes a resume without an id as one from the beginning', () => {
    expect(readFrame('{"type":"resume"}')).to.deep.equal({ frame: { type: 'resume', after: null } });
  });
});
