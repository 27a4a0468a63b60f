import twilio from 'twilio';
import { WebSocket } from 'ws';
import { Arrivals } from './eventually.ts';

export interface CallOptions {
  readonly url: string;
  /** What the signatures are made over, where it is another one. */
  readonly publicUrl?: string;
  readonly authToken: string;
  readonly callSid: string;
  /** As the carrier sends it; withheld numbers are `anonymous`. */
  readonly from: string;
  /** The carrier's attestation, such as `TN-Validation-Passed-A`; none where it is left out. */
  readonly attestation?: string;
}

/** What the caller hears. */
export interface Heard {
  readonly type: string;
  readonly token?: string;
}

const fromXml = (text: string): string =>
  text
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&apos;/g, "'")
    .replace(/&amp;/g, '&');

/** A caller and their carrier: the signed webhook, then ConversationRelay's socket. */
export class CallClient {
  readonly heard = new Arrivals<Heard>();
  readonly twiml: string;
  readonly #socket: WebSocket;

  private constructor(twiml: string, socket: WebSocket) {
    this.twiml = twiml;
    this.#socket = socket;
    socket.on('message', (data) => this.heard.add(JSON.parse(String(data)) as Heard));
  }

  /** The webhook alone. */
  static webhook(options: CallOptions): Promise<Response> {
    const form = {
      CallSid: options.callSid,
      AccountSid: 'AC00000000000000000000000000000000',
      From: options.from,
      To: '+14155550100',
      CallStatus: 'ringing',
      Direction: 'inbound',
      ...(options.attestation === undefined ? {} : { StirVerstat: options.attestation }),
    };
    const path = '/voice/incoming';
    const signature = twilio.getExpectedTwilioSignature(
      options.authToken,
      `${options.publicUrl ?? options.url}${path}`,
      form,
    );
    return fetch(`${options.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signature },
      body: new URLSearchParams(form),
    });
  }

  static async dial(options: CallOptions): Promise<CallClient> {
    const response = await CallClient.webhook(options);
    const twiml = await response.text();
    if (response.status !== 200) throw new Error(`POST /voice/incoming answered ${response.status}: ${twiml}`);
    const relay = fromXml(/<ConversationRelay[^>]*\surl="([^"]+)"/.exec(twiml)?.[1] ?? '');
    if (relay === '') throw new Error(`The TwiML connects to nothing: ${twiml}`);
    const parameters = [...twiml.matchAll(/<Parameter[^>]*\sname="([^"]+)"[^>]*\svalue="([^"]*)"/g)];
    const signature = twilio.getExpectedTwilioSignature(options.authToken, relay, {});
    const reached = new URL(relay);
    const here = new URL(options.url);
    const socket = new WebSocket(`ws://${here.host}${reached.pathname}${reached.search}`, {
      headers: { 'x-twilio-signature': signature },
    });
    const call = new CallClient(twiml, socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => resolve());
      socket.once('error', reject);
    });
    call.send({
      type: 'setup',
      sessionId: `VX${options.callSid}`,
      callSid: options.callSid,
      from: options.from,
      to: '+14155550100',
      direction: 'inbound',
      customParameters: Object.fromEntries(
        parameters.map(([, name = '', value = '']) => [fromXml(name), fromXml(value)]),
      ),
    });
    return call;
  }

  send(frame: unknown): void {
    this.#socket.send(JSON.stringify(frame));
  }

  say(text: string): void {
    this.send({ type: 'prompt', voicePrompt: text, lang: 'en-US', last: true });
  }

  /** The first words that match, from place `from` on. */
  async hears(matches: RegExp, from = 0): Promise<string> {
    const heard = await this.heard.next(
      `the caller to hear ${matches}`,
      (one) => one.type === 'text' && matches.test(one.token ?? ''),
      from,
    );
    return heard.token ?? '';
  }

  async ask(text: string): Promise<string> {
    const from = this.heard.items.length;
    this.say(text);
    return this.hears(/./s, from);
  }

  hangUp(): void {
    this.#socket.close();
  }
}
