import { createHmac } from 'node:crypto';
import { codeProof } from '@throughline/language/one-time-code';
import { expect } from 'chai';
import { type Call, contactIdOf, contactOf, turnOf } from './normalize.ts';

const mac = (purpose: string, text: string): string => createHmac('sha256', purpose).update(text).digest('hex');
const ATTESTED: Call = { callSid: 'CA1', from: '+14155550132', verstat: 'TN-Validation-Passed-A' };

const contact = (change: Partial<Call> = {}) =>
  contactOf({ ...ATTESTED, ...change }, { connectionId: 'con_1', startedMs: 5, region: 'US', mac });

describe('a call as a contact', () => {
  it('is the same contact however often its relay connects', () => {
    expect(contact().contactId)
      .to.equal(contactIdOf('CA1'))
      .and.to.not.equal(contact({ callSid: 'CA2' }).contactId);
  });

  it('waits for words and can be answered', () => {
    expect(contact()).to.include({ channel: 'voice', expectsWords: true, answerable: true, region: 'US', turn: null });
  });

  it('shows a fully attested number as evidence', () => {
    expect(contact().evidence).to.deep.equal([
      { method: 'caller-id', grade: 'proven', identifier: { type: 'phone', value: '+14155550132' }, seenMs: 5 },
    ]);
  });

  for (const verstat of [
    '',
    'TN-Validation-Passed-B',
    'TN-Validation-Passed-C',
    'TN-Validation-Failed-A',
    'TN-Validation-Passed-A-Diverted',
    'TN-Validation-Passed-A-Passthrough',
    'tn-validation-passed-a',
    'No-TN-Validation',
  ]) {
    it(`takes no number as evidence with the verdict "${verstat}"`, () => {
      expect(contact({ verstat }).evidence).to.deep.equal([]);
    });
  }

  for (const from of ['', 'anonymous', '+266696687', 'Restricted', '+1', 'sip:somebody@pbx.example']) {
    it(`takes "${from}" for nobody, whatever the verdict`, () => {
      expect(contact({ from })).to.deep.include({ evidence: [], originDigits: null });
    });
  }

  it('counts limits by the attested number, else by the call', () => {
    expect(contact().origin).to.equal(contact({ callSid: 'CA2' }).origin);
    const withheld = { from: 'anonymous', verstat: '' };
    expect(contact(withheld).origin).to.not.equal(contact({ ...withheld, callSid: 'CA2' }).origin);
  });

  it('keeps two digits of the calling number for the code mail', () => {
    expect(contact({ verstat: '' }).originDigits).to.equal('32');
  });
});

describe('what a caller says as a turn', () => {
  const hearing = {
    contactId: 'ctc_1',
    connectionId: 'con_1',
    ordinal: 1,
    atMs: 7,
    codeAwaited: false,
    carry: '',
    region: 'US',
    mac,
  };

  it('is passed on as it was said', () => {
    const text = 'ines dot okafor at post dot example, order W2378156, it is 123456';
    expect(turnOf(text, 'said', hearing).turn).to.include({ text, kind: 'said', atMs: 7 });
  });

  it('has an id of its own in every connection', () => {
    const idOf = (change: object) => turnOf('yes', 'said', { ...hearing, ...change }).turn.inputId;
    expect(new Set([idOf({}), idOf({ ordinal: 2 }), idOf({ connectionId: 'con_2' })])).to.have.length(3);
    expect(idOf({})).to.equal(idOf({}));
  });

  it('masks six digits while a code is awaited, and proves that they were said', () => {
    const { turn } = turnOf('it is one two three four five six', 'said', { ...hearing, codeAwaited: true });
    expect(turn.text).to.equal('it is ••••');
    expect(turn).to.deep.include({ codeProofs: [codeProof(mac, 'ctc_1', '123456')], masked: ['code'] });
  });

  it('takes a third code for a code: the digits of all three were masked as those of a card', () => {
    let carry = '';
    for (const code of ['501234', '654321', '000001']) {
      const pressed = turnOf(code, 'pressed', { ...hearing, codeAwaited: true, carry });
      carry = pressed.carry;
      expect(pressed.turn.codeProofs).to.deep.equal([codeProof(mac, 'ctc_1', code)]);
      expect(pressed.turn.masked).to.deep.equal(['code']);
    }
  });

  it('masks a card number that is said in two turns', () => {
    const first = turnOf('4111 1111', 'said', hearing);
    const second = turnOf('1111 1111', 'said', { ...hearing, ordinal: 2, carry: first.carry });
    expect(second.turn.text).to.equal('••••');
    expect(second.turn.masked).to.deep.equal(['card']);
  });
});
