import { until } from '@throughline/gateway/testing/stage';
import { expect } from 'chai';
import twilio from 'twilio';
import { AUTH_TOKEN, CALLER, Phone } from './testing/phone.ts';

const FORM = { CallSid: 'CA1', From: CALLER, StirVerstat: 'TN-Validation-Passed-A' };

describe('the webhooks of a call', () => {
  let phone: Phone;

  beforeEach(async () => {
    phone = new Phone();
    await phone.listen();
  });
  afterEach(() => phone.hangUpAll());

  const signatureOver = (form: Record<string, string>, url = `${phone.publicUrl}/voice/incoming`) =>
    twilio.getExpectedTwilioSignature(AUTH_TOKEN, url, form);

  describe('incoming', () => {
    it('connects the call to the relay', async () => {
      const response = await phone.post('/voice/incoming', FORM);
      expect(response.status).to.equal(200);
      expect(response.headers.get('content-type')).to.match(/^text\/xml/);
      const twiml = await response.text();
      expect(twiml).to.match(/<Response><Connect[^>]*><ConversationRelay url="([^"]+)"/);
      expect(twiml).to.include(`<ConversationRelay url="${phone.relayUrl}" dtmfDetection="true">`);
    });

    it('connects over TLS where the public URL has it, whatever its path', async () => {
      phone.publicUrl = phone.publicUrl.replace(/\/$/, '');
      const local = phone.publicUrl;
      phone.publicUrl = 'https://voice.example/line/';
      const url = 'https://voice.example/line/voice/incoming';
      const response = await fetch(`${local}/voice/incoming`, {
        method: 'POST',
        headers: { 'x-twilio-signature': signatureOver(FORM, url) },
        body: new URLSearchParams(FORM),
      });
      phone.publicUrl = local;
      expect(await response.text()).to.include('url="wss://voice.example/line/voice/relay"');
    });

    it('shows no number in the TwiML', async () => {
      const response = await phone.post('/voice/incoming', FORM);
      expect(await response.text()).to.not.include('4155550132');
    });

    for (const [what, signatureOf] of [
      ['no signature', () => ''],
      ['the signature of another form', () => signatureOver({ ...FORM, From: '+14155550199' })],
      ['the signature of another path', () => signatureOver(FORM, `${phone.publicUrl}/voice/status`)],
      [
        'the signature of another key',
        () => twilio.getExpectedTwilioSignature('other', `${phone.publicUrl}/voice/incoming`, FORM),
      ],
    ] as const) {
      it(`refuses ${what}`, async () => {
        const response = await phone.post('/voice/incoming', FORM, signatureOf());
        expect(response.status).to.equal(403);
        expect(response.headers.get('content-type')).to.match(/^application\/problem\+json/);
        expect(await response.json()).to.include({ code: 'not-signed', status: 403 });
      });
    }

    it('answers a repeated webhook alike', async () => {
      const first = await (await phone.post('/voice/incoming', FORM)).text();
      const second = await (await phone.post('/voice/incoming', FORM)).text();
      expect(second).to.equal(first);
      expect(phone.stage.cases.inputs).to.deep.equal([]);
    });

    it('tells callers to try later while busy, and hangs up', async () => {
      phone.stage.busy = true;
      const response = await phone.post('/voice/incoming', FORM);
      expect(response.status).to.equal(200);
      expect(await response.text()).to.match(/<Response><Say>We cannot [^<]*<\/Say><Hangup\/><\/Response>/);
    });

    it('refuses a form that is too large, and one without a call', async () => {
      const large = await phone.post('/voice/incoming', { ...FORM, Padding: 'x'.repeat(17_000) });
      expect(large.status).to.equal(413);
      const callless = await phone.post('/voice/incoming', { From: CALLER });
      expect(callless.status).to.equal(400);
    });

    it('hangs up when the relay is over', async () => {
      const over = await phone.post('/voice/incoming?again=1', { ...FORM, SessionStatus: 'completed' });
      expect(await over.text()).to.include('<Response><Hangup/></Response>');
    });

    it('says why when the relay was ended because the call could not be taken', async () => {
      const ended = { ...FORM, SessionStatus: 'ended', HandoffData: '{"reason":"unavailable"}' };
      const over = await phone.post('/voice/incoming?again=1', ended);
      expect(await over.text()).to.include('<Say>We cannot take your call');
    });

    it('connects a call again whose relay broke, a few times', async () => {
      const failed = { ...FORM, SessionStatus: 'failed' };
      const again = await phone.post('/voice/incoming?again=1', failed);
      expect(await again.text())
        .to.include('again=2')
        .and.to.include('<ConversationRelay ');
      const often = await phone.post('/voice/incoming?again=6', failed);
      expect(await often.text())
        .to.include('<Hangup/>')
        .and.to.not.include('<ConversationRelay ');
    });
  });

  describe('without an auth token', () => {
    it('everything is refused with the name of the variable', async () => {
      const closed = new Phone('');
      await closed.listen();
      const response = await closed.post('/voice/incoming', FORM);
      const relay = await closed.relay();
      await closed.hangUpAll();
      expect(response.status).to.equal(403);
      expect(JSON.stringify(await response.json())).to.include('THROUGHLINE_TWILIO_AUTH_TOKEN');
      expect(relay.refusedWith).to.equal(403);
    });
  });

  describe('status', () => {
    const left = () => phone.stage.cases.inputsOf('ContactLeft').map((input) => input.body.reason);

    it('is refused without a signature', async () => {
      const response = await phone.post('/voice/status', { CallSid: 'CA1', CallStatus: 'completed' }, '');
      expect(response.status).to.equal(403);
    });

    it('takes a call off that is over, once', async () => {
      const relay = await phone.call();
      const over = { CallSid: 'CA1', CallStatus: 'completed' };
      expect((await phone.post('/voice/status', over)).status).to.equal(204);
      expect((await phone.post('/voice/status', over)).status).to.equal(204);
      await until('the contact has left', () => left().length > 0 && relay.closedWith !== undefined);
      expect(left()).to.deep.equal(['hung-up']);
    });

    it('has nothing to do for a call that goes on, or is not on here', async () => {
      const relay = await phone.call();
      const ringing = await phone.post('/voice/status', { CallSid: 'CA1', CallStatus: 'in-progress' });
      const stranger = await phone.post('/voice/status', { CallSid: 'CA9', CallStatus: 'completed' });
      expect([ringing.status, stranger.status]).to.deep.equal([204, 204]);
      expect(relay.isOpen()).to.equal(true);
      expect(left()).to.deep.equal([]);
    });
  });
});
