import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import { createCalls } from './calls.ts';
import type { Setup } from './frames.ts';
import type { Call } from './normalize.ts';

const mac = (purpose: string, text: string): string => createHmac('sha256', purpose).update(text).digest('hex');
const CALL: Call = { callSid: 'CA1', from: '+14155550132', verstat: 'TN-Validation-Passed-B' };

const setup = (change: Partial<Setup> = {}): Setup => ({
  type: 'setup',
  callSid: CALL.callSid,
  sessionId: 'VX1',
  from: CALL.from,
  customParameters: {},
  ...change,
});

describe('the calls of signed webhooks', () => {
  const ticket = createCalls(mac).ticketOf({ ...CALL, again: 0 });

  it('are known on every gateway by their ticket', () => {
    expect(createCalls(mac).find(setup({ customParameters: ticket }))).to.deep.equal({ ...CALL, again: 0 });
  });

  it('are known without a ticket where the webhook was', () => {
    const calls = createCalls(mac);
    calls.announced(CALL);
    expect(calls.find(setup())).to.deep.equal({ ...CALL, again: 0 });
    expect(createCalls(mac).find(setup())).to.equal(undefined);
  });

  it('have a ticket that holds no number', () => {
    expect(JSON.stringify(ticket)).to.not.include('4155550132');
  });

  for (const [what, forged] of [
    ['another call', setup({ callSid: 'CA2', customParameters: ticket })],
    ['another number', setup({ from: '+14155550199', customParameters: ticket })],
    ['a better verdict', setup({ customParameters: { ...ticket, verstat: 'TN-Validation-Passed-A' } })],
    ['a made-up ticket', setup({ customParameters: { ...ticket, ticket: 'f'.repeat(64) } })],
    ['another number and no ticket', setup({ from: '+14155550199' })],
  ] as const) {
    it(`do not know a relay that shows ${what}`, () => {
      const calls = createCalls(mac);
      calls.announced(CALL);
      expect(calls.find(forged)).to.equal(undefined);
    });
  }

  it('keep what the first webhook said', () => {
    const calls = createCalls(mac);
    calls.announced(CALL);
    expect(calls.announced({ ...CALL, verstat: '' })).to.include(CALL);
  });

  it('know a call that comes back', () => {
    const calls = createCalls(mac);
    calls.announced(CALL);
    calls.find(setup());
    expect(calls.find(setup())).to.include({ again: 1 });
  });

  it('forget a call that is over', () => {
    const calls = createCalls(mac);
    calls.announced(CALL);
    calls.forget(CALL.callSid);
    expect(calls.find(setup())).to.equal(undefined);
  });
});
