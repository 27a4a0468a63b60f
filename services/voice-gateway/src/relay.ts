import { LineOff } from '@throughline/gateway/connection-line';
import type { Home, Line, Said, Sink, Switchboard } from '@throughline/gateway/line';
import { Busy } from '@throughline/gateway/switchboard';
import { deriveId } from '@throughline/kernel/ids';
import type { Clock, Mac, Random, Reporter } from '@throughline/kernel/ports';
import { traceIdOf } from '@throughline/kernel/trace';
import { newTraceparent } from '@throughline/telemetry/traceparent';
import { WebSocket } from 'ws';
import type { Calls, KnownCall } from './calls.ts';
import { type InFrame, readFrame } from './frames.ts';
import { createKeypad, type Keypad } from './keypad.ts';
import { contactIdOf, contactOf, turnOf } from './normalize.ts';
import { Outbox } from './outbox.ts';
import { type EndReason, KEPT, ONE_MOMENT } from './render.ts';
import { Speaker } from './speaker.ts';

/** How long a relay may be open without saying which call it is. */
export const SETUP_WITHIN_MS = 10_000;
/** How long a call whose relay broke is kept on, so that its carrier can connect it again. */
export const RECONNECT_WITHIN_MS = 10_000;
/** How long a shutdown waits for what was heard to reach the log. */
export const DRAIN_WITHIN_MS = 2000;

/** Close codes of RFC 6455 section 7.4.1. */
const NORMAL = 1000;
const GOING_AWAY = 1001;
const NO_STATUS = 1005;
const POLICY = 1008;

export interface RelayOptions {
  readonly switchboard: Switchboard;
  readonly mac: Mac;
  readonly clock: Clock;
  readonly random: Random;
  readonly reporter: Reporter;
  readonly region: string;
  readonly calls: Calls;
  /** The relay is that of this call from now on; gives back the one that was before, here. */
  readonly takesOver: (callSid: string, relay: Relay) => Relay | undefined;
  /** The relay has let go of its call. */
  readonly over: (callSid: string, relay: Relay) => void;
}

/** One connection of a call's relay: what the caller says goes to the contact's case, what the case says is spoken. */
export class Relay implements Sink {
  readonly #options: RelayOptions;
  readonly #socket: WebSocket;
  readonly #speaker: Speaker;
  readonly #keypad: Keypad;
  readonly #outbox: Outbox;
  readonly #line = Promise.withResolvers<Line>();
  readonly #connectionPart: string;
  readonly #traceparent: string;
  #call: KnownCall | undefined;
  #connectionId = '';
  #home: Home | undefined;
  /** The beginning of a card number that may go on in the next turn. */
  #carry = '';
  /** Of what was missed. */
  #newest: Said | undefined;
  #turns = 0;
  /** The call goes on without this relay, or is over: it says nothing more and hears nothing more. */
  #isOff = false;
  #cancelTimer: () => void;

  constructor(socket: WebSocket, options: RelayOptions) {
    const { clock, random } = options;
    this.#options = options;
    this.#socket = socket;
    this.#connectionPart = Buffer.from(random(8)).toString('hex');
    this.#traceparent = newTraceparent(random);
    this.#speaker = new Speaker(
      (frame, sent) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(frame, sent);
        else sent(new Error('The relay is closed.'));
      },
      (...delivery) => this.#delivered(...delivery),
    );
    this.#keypad = createKeypad({
      clock,
      codeAwaited: () => this.#home?.codeAwaited === true,
      pressed: (keys) => this.#heard(keys, 'pressed'),
    });
    this.#outbox = new Outbox(clock, (refusal) => this.#notSent(refusal));
    this.#line.promise.catch(() => {});
    this.#cancelTimer = clock.after(SETUP_WITHIN_MS, () => socket.close(POLICY, 'setup is missing'));
    socket.on('message', (data, isBinary) => this.#take(isBinary ? undefined : readFrame(data.toString())));
    socket.on('error', (refusal) => this.#report('relay-broken', { reason: refusal.message }));
    socket.on('close', (code) => this.#closed(code));
  }

  // ---------------------------------------------------------------- what the case says

  said(said: Said): void {
    if (!this.#isDeaf()) this.#speaker.words(said);
  }

  /** A call that comes back hears where it is: the newest words, once more. What was said before them it has heard, or need not. */
  missed(frames: readonly Said[]): void {
    this.#newest = frames.findLast((frame) => frame.from !== 'customer') ?? this.#newest;
  }

  caughtUp(): void {
    if (this.#newest !== undefined && !this.#speaker.hasSpoken()) this.said(this.#newest);
  }

  /** The carrier has connected the call to another gateway: whose relay is broken has not hung up. */
  elsewhere(): void {
    if (this.#isOff || this.#socket.readyState === WebSocket.OPEN) return;
    this.#letGo(async (line) => {
      await this.#outbox.idle();
      line.disconnect();
    });
  }

  home(home: Home): void {
    this.#home = home;
  }

  holding(): void {
    if (!this.#isDeaf()) this.#speaker.aside(ONE_MOMENT);
  }

  held(): void {
    if (!this.#isDeaf()) this.#speaker.aside(KEPT);
  }

  /** Hanging up is what the caller did; it may be the news of a relay before this one. */
  ended(reason: Parameters<NonNullable<Sink['ended']>>[0]): void {
    if (reason === 'hung-up' || this.#isOff) return;
    this.#end('done', NORMAL);
    this.#letGo((line) => line.disconnect());
  }

  // ---------------------------------------------------------------- how it ends

  /** The call is over for good: everything that was heard goes to its case, then that the caller has left. */
  hangUp(): void {
    if (this.#isOff) return;
    this.#keypad.flush();
    this.#outbox.push(async () => (await this.#line.promise).leave('hung-up'));
    this.#letGo(() => {});
    this.#socket.close(NORMAL);
  }

  /** Another relay of the same call is here; this one goes once that one is on, and where it cannot be, the call is over. */
  giveWayTo(successor: Promise<unknown>): void {
    if (this.#isOff) return;
    this.#keypad.flush();
    this.#letGo(async (line) => {
      await successor.catch(() => this.#outbox.push(() => line.leave('hung-up')));
      await this.#outbox.idle();
      line.disconnect();
    });
    this.#socket.close(NORMAL);
  }

  /** The gateway shuts down: the call goes on, by another one. Resolves when the relay is closed. */
  async drain(): Promise<void> {
    const { clock } = this.#options;
    const gone = Promise.withResolvers<void>();
    const patience = Promise.withResolvers<void>();
    const cancel = clock.after(DRAIN_WITHIN_MS, patience.resolve);
    if (this.#socket.readyState === WebSocket.CLOSED) gone.resolve();
    else this.#socket.once('close', () => gone.resolve());
    this.#keypad.flush();
    await Promise.race([this.#outbox.idle(), patience.promise]);
    this.#letGo((line) => line.disconnect());
    this.#outbox.close();
    this.#socket.close(GOING_AWAY);
    await Promise.race([gone.promise, patience.promise]);
    cancel();
    this.#socket.terminate();
  }

  /** Resolves when everything that was heard is in the log. */
  idle(): Promise<void> {
    return this.#outbox.idle();
  }

  // ---------------------------------------------------------------- what the carrier says

  #take(frame: InFrame | undefined): void {
    if (this.#isOff) return;
    if (frame === undefined) {
      this.#report('frame-not-understood');
    } else if (frame.type === 'setup') {
      if (this.#call === undefined) this.#setUp(this.#options.calls.find(frame), frame.sessionId);
      else this.#report('setup-repeated');
    } else if (frame.type === 'error') {
      this.#report('relay-error');
    } else if (this.#call === undefined) {
      this.#report('frame-before-setup', { type: frame.type });
    } else if (frame.type === 'dtmf') {
      this.#keypad.press(frame.digit);
    } else if (frame.type === 'interrupt') {
      this.#speaker.interrupted(frame.durationUntilInterruptMs, frame.utteranceUntilInterrupt.trim());
    } else if (frame.last) {
      this.#keypad.flush();
      this.#heard(frame.voicePrompt.trim(), 'said');
    }
  }

  #setUp(call: KnownCall | undefined, sessionId: string): void {
    this.#cancelTimer();
    if (call === undefined) {
      this.#report('setup-not-of-a-signed-call');
      this.#end('not-accepted', POLICY);
      this.#isOff = true;
      return;
    }
    const { takesOver } = this.#options;
    this.#call = call;
    // A call may connect again under the same session; its turns are counted per connection, so none can be taken for another.
    this.#connectionId = deriveId('con', call.callSid, sessionId, this.#connectionPart);
    const former = takesOver(call.callSid, this);
    if (former !== undefined) {
      this.#carry = former.#carry;
      former.giveWayTo(this.#line.promise);
    }
    void this.#connect(call, former);
  }

  async #connect(call: KnownCall, former: Relay | undefined): Promise<void> {
    const { switchboard, mac, clock, region } = this.#options;
    const made = { connectionId: this.#connectionId, startedMs: clock.nowMs(), region, mac };
    try {
      const line = await switchboard.connect(contactOf(call, made), this.#traceparent, this, call.again > 0);
      this.#line.resolve(line);
      if (call.again > 0) await line.resume(null).catch(() => this.#report('resume-not-sent'));
      // What was said on the relay before comes first.
      await former?.idle();
      this.#outbox.open();
    } catch (refusal) {
      this.#report('call-not-connected', { reason: refusal instanceof Busy ? refusal.code : 'outage' });
      this.#line.reject(refusal);
      this.#end('unavailable', NORMAL);
      this.#letGo(() => {});
      this.#outbox.close();
    }
  }

  #heard(text: string, kind: 'said' | 'pressed'): void {
    if (text === '' || this.#call === undefined) return;
    if (this.#outbox.isFull()) {
      this.#overrun();
      return;
    }
    const { mac, clock, region } = this.#options;
    this.#turns += 1;
    const { turn, carry } = turnOf(text, kind, {
      contactId: contactIdOf(this.#call.callSid),
      connectionId: this.#connectionId,
      ordinal: this.#turns,
      atMs: clock.nowMs(),
      codeAwaited: this.#home?.codeAwaited === true,
      carry: this.#carry,
      region,
      mac,
    });
    this.#carry = carry;
    this.#outbox.push(async () => (await this.#line.promise).say(turn));
  }

  /** Nothing more can be kept: the caller hears so, and what was kept goes to the case. */
  #overrun(): void {
    this.#report('too-much-waiting');
    this.#end('unavailable', NORMAL);
    this.#letGo(async (line) => {
      await this.#outbox.idle();
      line.disconnect();
    });
  }

  /** The carrier closes in good order when the caller hangs up. Any other end is a connection that broke: the call may still be on. */
  #closed(code: number): void {
    if (this.#call === undefined) this.#cancelTimer();
    if (this.#isOff || this.#call === undefined) return;
    if (code === NORMAL || code === GOING_AWAY || code === NO_STATUS) this.hangUp();
    else this.#cancelTimer = this.#options.clock.after(RECONNECT_WITHIN_MS, () => this.hangUp());
  }

  // ---------------------------------------------------------------- the rest

  #isDeaf(): boolean {
    return this.#isOff || this.#socket.readyState !== WebSocket.OPEN;
  }

  #end(reason: EndReason, closeCode: number): void {
    this.#speaker.end(reason);
    this.#socket.close(closeCode);
  }

  #letGo(then: (line: Line) => unknown): void {
    this.#isOff = true;
    this.#cancelTimer();
    if (this.#call !== undefined) this.#options.over(this.#call.callSid, this);
    this.#line.promise.then(then, () => {});
  }

  #delivered(...delivery: Parameters<Line['delivered']>): void {
    this.#line.promise
      .then((line) => line.delivered(...delivery))
      .catch(() => this.#report('delivery-not-sent', { entryId: delivery[0] }));
  }

  #notSent(refusal: unknown): 'again' | 'never' {
    if (refusal instanceof LineOff) return 'never';
    this.#report('turn-not-sent');
    return 'again';
  }

  #report(event: string, detail: Readonly<Record<string, unknown>> = {}): void {
    const contactId = this.#call === undefined ? undefined : contactIdOf(this.#call.callSid);
    const trace = traceIdOf(this.#traceparent);
    this.#options.reporter.warn(event, { ...detail, ...(contactId === undefined ? {} : { contactId, trace }) });
  }
}
