import { aWhile, until } from '@throughline/gateway/testing/stage';
import { expect } from 'chai';
import twilio from 'twilio';
import { contactIdOf } from './normalize.ts';
import { WAITING_MAX } from './outbox.ts';
import { RECONNECT_WITHIN_MS, SETUP_WITHIN_MS } from './relay.ts';
import { KEPT, ONE_MOMENT } from './render.ts';
import { AUTH_TOKEN, CALLER, Phone } from './testing/phone.ts';

const CONTACT = contactIdOf('CA1');

describe('the relay of a call', () => {
  let phone: Phone;

  beforeEach(async () => {
    phone = new Phone();
    phone.stage.cases.replies = false;
    await phone.listen();
  });
  afterEach(() => phone.hangUpAll());

  const inputs = () => phone.stage.cases;
  const deliveries = () =>
    inputs()
      .inputsOf('Delivered')
      .map(({ body }) => [body.outcome, body.detail]);
  const setup = (change: Record<string, unknown> = {}) => ({
    type: 'setup',
    sessionId: 'VX1',
    callSid: 'CA1',
    from: CALLER,
    ...change,
  });

  describe('the handshake', () => {
    it('is refused without the signature of the URL in the TwiML', async () => {
      const other = twilio.getExpectedTwilioSignature(AUTH_TOKEN, `${phone.publicUrl}/voice/relay`, {});
      for (const signature of ['', 'forged', other]) {
        expect((await phone.relay(signature)).refusedWith).to.equal(403);
      }
    });

    it('is refused for any other URL, though that one is signed', async () => {
      const url = `${phone.relayUrl}?call=1`;
      const signature = twilio.getExpectedTwilioSignature(AUTH_TOKEN, url, {});
      expect((await phone.relay(signature, url)).refusedWith).to.equal(403);
    });
  });

  describe('setup', () => {
    it('starts the contact with what the webhook said of the number', async () => {
      await phone.call();
      const [started] = inputs().inputsOf('ContactStarted');
      expect(started?.body).to.include({ contactId: CONTACT, channel: 'voice', originDigits: '32' });
      expect(started?.body.evidence.map(({ grade, identifier }) => [grade, identifier.value])).to.deep.equal([
        ['proven', CALLER],
      ]);
    });

    for (const [what, change] of [
      ['of a call that no webhook spoke of', { callSid: 'CA2' }],
      ['from another number', { from: '+14155550199' }],
    ] as const) {
      it(`${what} ends the relay`, async () => {
        const customParameters = await phone.ring();
        const relay = await phone.relay();
        relay.send(setup({ customParameters, ...change }));
        await relay.comesToAClose();
        expect(relay.closedWith).to.equal(1008);
        expect(relay.frames).to.deep.equal([{ type: 'end', handoffData: '{"reason":"not-accepted"}' }]);
        expect(inputs().inputs).to.deep.equal([]);
      });
    }

    it('is taken by another gateway than that of the webhook', async () => {
      const customParameters = await phone.ring();
      const other = new Phone(AUTH_TOKEN, phone.stage);
      await other.listen();
      const relay = await other.relay();
      relay.send(setup({ customParameters }));
      await until('the contact has started', () => inputs().inputsOf('ContactStarted').length === 1);
      await other.hangUpAll();
      expect(inputs().inputsOf('ContactStarted')[0]?.body.evidence).to.have.length(1);
    });

    it('is waited for, not for ever', async () => {
      const relay = await phone.relay();
      await until('the gateway has the socket', () => relay.isOpen());
      await aWhile();
      phone.stage.clock.advance(SETUP_WITHIN_MS);
      await relay.comesToAClose();
      expect(relay.closedWith).to.equal(1008);
    });

    it('ends the relay with a reason when the call cannot be taken after all', async () => {
      const customParameters = await phone.ring();
      phone.stage.busy = true;
      const relay = await phone.relay();
      relay.send(setup({ customParameters }));
      await relay.comesToAClose();
      expect(relay.frames).to.deep.equal([{ type: 'end', handoffData: '{"reason":"unavailable"}' }]);
    });
  });

  describe('what the caller hears', () => {
    it('begins before the caller says anything', async () => {
      const relay = await phone.call();
      inputs().reply(CONTACT, 'Hello, your order **W2378156** is on its way.');
      await until('the caller hears something', () => relay.heard().length > 0);
      expect(relay.frames[0]).to.include({ token: 'Hello, your order W2378156 is on its way.', last: true });
      await until('the delivery is on record', () => deliveries().length > 0);
      expect(deliveries()).to.deep.equal([['delivered', null]]);
    });

    it('is a holding sentence after two seconds of silence, once', async () => {
      inputs().asleep = true;
      const relay = await phone.call();
      await aWhile();
      phone.stage.clock.advance(2000);
      await until('the caller hears something', () => relay.heard().length > 0);
      phone.stage.clock.advance(10_000);
      await aWhile();
      expect(relay.heard()).to.deep.equal([ONE_MOMENT]);
    });

    it('is that something is held', async () => {
      const relay = await phone.call();
      inputs().emit(inputs().caseOf(CONTACT), 'ContactHeld', { contactId: CONTACT });
      await until('the caller hears something', () => relay.heard().length > 0);
      expect(relay.heard()).to.deep.equal([KEPT]);
    });

    it('is on record as interrupted where the caller talks over the first of two sentences, and so is the second', async () => {
      const relay = await phone.call();
      const [first, second] = ['I am looking it up for you.', 'Your order is on its way.'].map((text) =>
        inputs().reply(CONTACT, text, text),
      );
      await until('both are on the relay', () => relay.heard().length === 2);
      relay.send({ type: 'interrupt', utteranceUntilInterrupt: 'I am looking ', durationUntilInterruptMs: 460 });
      const interruptions = () =>
        inputs()
          .inputsOf('Delivered')
          .filter(({ body }) => body.outcome === 'interrupted');
      await until('both are on record', () => interruptions().length === 2);
      expect(interruptions().map(({ body }) => [body.entryId, body.detail])).to.deep.equal([
        [first, 'after-460-ms'],
        [second, 'not-begun'],
      ]);
    });

    it('is on record as interrupted when the caller talks over it', async () => {
      const relay = await phone.call();
      inputs().reply(CONTACT, 'A long sentence.');
      await until('the caller hears something', () => relay.heard().length > 0);
      relay.send({ type: 'interrupt', utteranceUntilInterrupt: 'A long', durationUntilInterruptMs: 460 });
      relay.send({ type: 'interrupt', utteranceUntilInterrupt: '', durationUntilInterruptMs: 470 });
      await until('the interruption is on record', () => deliveries().length > 1);
      await aWhile();
      expect(deliveries()).to.deep.equal([
        ['delivered', null],
        ['interrupted', 'after-460-ms'],
      ]);
    });
  });

  describe('what the caller says', () => {
    it('comes to the case in order, each prompt once it is final', async () => {
      const relay = await phone.call();
      relay.send({ type: 'prompt', voicePrompt: 'on', lang: 'en-US', last: false });
      relay.says('one', '  ', 'two');
      relay.presses('42#');
      relay.says('three');
      await until('the turns are there', () => phone.turns().length === 4);
      expect(phone.turns().map(({ text, kind }) => [text, kind])).to.deep.equal([
        ['one', 'said'],
        ['two', 'said'],
        ['42', 'pressed'],
        ['three', 'said'],
      ]);
    });

    it('keeps its order with keys that wait for more', async () => {
      const relay = await phone.call();
      relay.presses('7');
      relay.says('seven');
      await until('the turns are there', () => phone.turns().length === 2);
      expect(phone.texts()).to.deep.equal(['7', 'seven']);
    });

    it('never shows a code that is awaited', async () => {
      const relay = await phone.call();
      inputs().weigh(CONTACT, { codeAwaited: true });
      await aWhile();
      relay.presses('123456');
      await until('the turn is there', () => phone.turns().length === 1);
      expect(phone.turns()[0]).to.deep.include({ text: '••••', masked: ['code'] });
      expect(phone.turns()[0]?.codeProofs).to.have.length(1);
    });

    it('is sent again after an outage of the log, in order, once', async () => {
      const relay = await phone.call();
      phone.stage.log.refuses = true;
      relay.says('one', 'two');
      await until('the refusal is reported', () => phone.stage.reports.includes('turn-not-sent'));
      phone.stage.log.refuses = false;
      phone.stage.clock.advance(500);
      await until('the turns are there', () => phone.turns().length === 2);
      expect(phone.texts()).to.deep.equal(['one', 'two']);
    });

    it('survives whatever else is on the relay', async () => {
      const relay = await phone.call();
      for (const frame of ['', '{', '[]', '{"type":"dance"}', '{"type":"prompt"}']) relay.send(frame);
      relay.socket.send(Buffer.from([1, 2, 3]));
      relay.send(setup());
      relay.send({ type: 'error', description: 'something' });
      relay.says('still here');
      await until('the turn is there', () => phone.turns().length === 1);
      expect(phone.stage.reports.filter((report) => report === 'frame-not-understood')).to.have.length(6);
      expect(phone.stage.reports).to.include('setup-repeated').and.to.include('relay-error');
    });

    it('is nothing before setup', async () => {
      const relay = await phone.relay();
      relay.says('hello');
      await until('it is reported', () => phone.stage.reports.includes('frame-before-setup'));
      expect(inputs().inputs).to.deep.equal([]);
    });

    it('is not kept without bound while the case is silent: the call ends, and what was kept arrives', async () => {
      phone.stage.cases.asleep = true;
      const relay = await phone.call();
      relay.says(...Array.from({ length: WAITING_MAX + 2 }, (_, number) => `word ${number}`));
      await until('the call is ended', () => relay.closedWith !== undefined);
      expect(JSON.stringify(relay.frames.at(-1))).to.include('unavailable');
      expect(phone.stage.reports).to.include('too-much-waiting');
      phone.stage.cases.wake();
      await until('what was kept is in the log', () => phone.turns().length === WAITING_MAX);
      expect(phone.texts().at(-1)).to.equal(`word ${WAITING_MAX - 1}`);
    });

    it('is at most 64 kB a frame', async () => {
      const relay = await phone.call();
      relay.says('x'.repeat(65 * 1024));
      await relay.comesToAClose();
      expect(relay.closedWith).to.equal(1009);
      expect(phone.turns()).to.deep.equal([]);
    });
  });

  describe('its end', () => {
    it('is the end of the contact, behind everything that was said', async () => {
      const relay = await phone.call();
      relay.says('bye');
      relay.presses('1');
      relay.socket.close(1000);
      await until('the contact has left', () => phone.left().length === 1);
      expect(phone.texts()).to.deep.equal(['bye', '1']);
      expect(phone.left()).to.deep.equal(['hung-up']);
    });

    it('is waited with when the connection broke', async () => {
      const relay = await phone.call();
      relay.socket.terminate();
      await relay.comesToAClose();
      await aWhile();
      expect(phone.left()).to.deep.equal([]);
      phone.stage.clock.advance(RECONNECT_WITHIN_MS);
      await until('the contact has left', () => phone.left().length === 1);
    });

    it('comes from the case too', async () => {
      const relay = await phone.call();
      inputs().emit(inputs().caseOf(CONTACT), 'ContactEnded', { contactId: CONTACT, channel: 'voice', reason: 'done' });
      await relay.comesToAClose();
      expect(relay.frames).to.deep.equal([{ type: 'end', handoffData: '{"reason":"done"}' }]);
    });
  });
});
