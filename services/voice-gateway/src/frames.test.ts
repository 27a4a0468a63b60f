import { expect } from 'chai';
import fc from 'fast-check';
import { readFrame } from './frames.ts';

const read = (frame: unknown) => readFrame(JSON.stringify(frame));

describe('frames of the relay', () => {
  it('reads setup, with what the TwiML gave along', () => {
    const setup = { type: 'setup', sessionId: 'VX1', callSid: 'CA1', from: '+1415', customParameters: { ticket: 't' } };
    expect(read({ ...setup, callType: 'PSTN', direction: 'inbound' })).to.deep.equal(setup);
  });

  it('reads setup of a carrier that says no more than the call', () => {
    expect(read({ type: 'setup', callSid: 'CA1', from: '+1415' })).to.deep.include({
      sessionId: '',
      customParameters: {},
    });
  });

  it('takes a prompt for the last where nothing is said', () => {
    expect(read({ type: 'prompt', voicePrompt: 'hi' })).to.include({ last: true });
    expect(read({ type: 'prompt', voicePrompt: 'h', last: false })).to.include({ last: false });
  });

  it('reads the time of an interruption as a number or a text', () => {
    expect(read({ type: 'interrupt', durationUntilInterruptMs: '460' })).to.include({ durationUntilInterruptMs: 460 });
    expect(read({ type: 'interrupt', durationUntilInterruptMs: 460 })).to.include({ durationUntilInterruptMs: 460 });
    expect(read({ type: 'interrupt' })).to.include({ type: 'interrupt' });
  });

  it('knows one key at a time', () => {
    expect(read({ type: 'dtmf', digit: '12' })).to.equal(undefined);
    expect(read({ type: 'dtmf', digit: '#' })).to.deep.equal({ type: 'dtmf', digit: '#' });
  });

  it('never throws, whatever comes', () => {
    for (const text of ['', 'null', '[]', '{"type":', '{"type":"play"}', '{"type":"setup"}']) {
      expect(readFrame(text)).to.equal(undefined);
    }
    fc.assert(fc.property(fc.string(), (text) => void readFrame(text)));
    fc.assert(fc.property(fc.json(), (text) => void readFrame(text)));
  });
});
