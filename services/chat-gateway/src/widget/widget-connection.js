import { answers, beginSession, keep, SignInRefused, tokenThatGoesOn } from './widget-session.js';

const RETRY_MS = [500, 1000, 2000, 5000, 10_000];
/** A token is given up when its socket was refused so often in a row by a service that answers. */
const REFUSALS_MAX = 2;

/** The way to the service: it gets a session, connects, and connects again for as long as it is wanted. */
export class Connection {
  #service;
  #on;
  #hostToken;
  #socket;
  #retry;
  #token;
  /** Counts attempts: what an older one still brings is not for us. */
  #attempt = 0;
  #failures = 0;
  #refusals = 0;
  /** This contact had a connection already, so there may be something to catch up on. */
  #begun = false;
  /** The last thing heard in this contact. */
  #lastSaid = null;

  /**
   * `on.state(state)` hears `connecting`, `open`, `unreachable`, `lost`, `offline` or `signIn`; `on.frame(frame)` what the service
   * sends. `on.opened(goesOn)` comes when frames can be sent; where it goes on, what was missed comes next.
   */
  constructor(service, on) {
    this.#service = service;
    this.#on = on;
  }

  /** Connects as who the host site says it is, in the conversation that this visitor is in. */
  start(hostToken) {
    this.stop();
    this.#hostToken = hostToken;
    this.#token = undefined;
    this.#failures = 0;
    this.#open();
  }

  /** A fresh login of the same customer, for the next session. */
  set hostToken(token) {
    this.#hostToken = token ?? undefined;
  }

  /** Lets go, and does not come back by itself. */
  stop() {
    this.#attempt += 1;
    clearTimeout(this.#retry);
    this.#socket?.close(1000);
    this.#socket = undefined;
  }

  /** The network came or went: whatever the socket says, it is settled anew. */
  networkChanged() {
    this.stop();
    if (navigator.onLine) this.#open();
    else this.#again();
  }

  /** False where there is no connection. */
  send(frame) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** What goes on in this contact is remembered for a reload; `open` false: it is over. */
  touch(open = true) {
    if (this.#token !== undefined) keep(this.#token, this.#hostToken, open);
  }

  async #open() {
    this.stop();
    const attempt = this.#attempt;
    if (this.#failures === 0 && !this.#begun) this.#on.state('connecting');
    try {
      const token = await this.#session();
      if (attempt === this.#attempt) this.#connect(token);
    } catch (refusal) {
      if (attempt !== this.#attempt) return;
      if (refusal instanceof SignInRefused) this.#on.state('signIn');
      else this.#again();
    }
  }

  async #session() {
    if (this.#token !== undefined && this.#refusals < REFUSALS_MAX) return this.#token;
    const attempt = this.#attempt;
    const goesOn = this.#token === undefined ? tokenThatGoesOn(this.#hostToken) : undefined;
    const token = goesOn ?? (await beginSession(this.#service, this.#hostToken));
    if (attempt !== this.#attempt) return token;
    // A new contact has nothing to catch up on; one that goes on has all of it.
    this.#begun = goesOn !== undefined;
    this.#lastSaid = null;
    this.#refusals = 0;
    this.#token = token;
    return token;
  }

  #connect(token) {
    const address = new URL('socket', this.#service);
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(address, ['throughline.v1', `token.${token}`]);
    this.#socket = socket;
    let opened = false;
    const listen = (name, react) => {
      socket.addEventListener(name, (event) => {
        if (this.#socket === socket) react(event);
      });
    };
    listen('open', () => {
      opened = true;
      this.#opened();
    });
    listen('message', ({ data }) => {
      const frame = JSON.parse(data);
      if (frame.type === 'said') this.#lastSaid = frame.id;
      // Only now: a service that has too much to do opens too, says so and closes.
      if (frame.type === 'said' || frame.type === 'ack') this.#failures = 0;
      this.#on.frame(frame);
    });
    listen('close', async () => {
      this.#socket = undefined;
      this.#again();
      if (!opened && (await answers(this.#service))) this.#refusals += 1;
    });
  }

  #opened() {
    this.#refusals = 0;
    this.touch();
    this.#on.state('open');
    if (this.#begun) this.send({ type: 'resume', after: this.#lastSaid });
    this.#on.opened(this.#begun);
    this.#begun = true;
  }

  #again() {
    if (!navigator.onLine) this.#on.state('offline');
    else this.#on.state(this.#begun ? 'lost' : 'unreachable');
    const pause = RETRY_MS[Math.min(this.#failures, RETRY_MS.length - 1)];
    this.#failures += 1;
    // Not all at once: everybody lost the same service.
    this.#retry = setTimeout(() => this.#open(), pause * (0.75 + Math.random() / 2));
  }
}
