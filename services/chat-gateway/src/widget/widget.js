/**
 * <throughline-chat>: the chat as a web component, for any site. It loads nothing but its own service.
 *
 *   <script type="module" src="https://support.example/chat/widget.js"></script>
 *   <throughline-chat></throughline-chat>
 *
 * Attribute `host-token` or property `hostToken`: the site's fresh signed login, where the customer is signed in.
 * Method `leave()`: the visitor is done. The session token is kept on the device, so that somebody who comes back is known again.
 */
import { Connection } from './widget-connection.js';
import { customerOf } from './widget-session.js';
import { ChatView } from './widget-view.js';

const SERVICE = new URL('.', import.meta.url);
/** How long a turn waits that the service could not take right then. */
const SAY_AGAIN_MS = 2000;
const MASK = '••••';

const SENTENCES = {
  connecting: 'Connecting…',
  open: '',
  unreachable: 'The chat cannot be reached right now. Trying again…',
  lost: 'The connection was lost. Reconnecting… What you write is sent once it is back.',
  offline: 'You are offline. What you write is sent once you are back.',
  signIn: 'You could not be signed in to the chat. Please reload the page.',
};
const NOT_ENDED = 'The chat could not be ended just now. Please try again.';

class ThroughlineChat extends HTMLElement {
  static observedAttributes = ['host-token'];
  #view;
  #connection;
  #on = false;
  #customer = null;
  #over = false;
  /** The service has said why it lets go; its sentence stays. */
  #explained = false;
  #shown = new Set();
  #answers = 0;
  /** Turns by client id that are not acknowledged yet; they are said again until they are. */
  #unacknowledged = new Map();
  /** The timer behind which they are said again; what is said meanwhile waits with them. */
  #sayingAgain;
  /** Own turns of this page, and those of them that may come back in what was missed. */
  #own = [];
  #echoes = [];

  constructor() {
    super();
    this.#view = new ChatView(this.attachShadow({ mode: 'open' }), {
      say: (text) => this.#say(text),
      leave: () => this.leave(),
      again: () => this.#startOver(),
    });
    this.#connection = new Connection(SERVICE, {
      state: (state) => this.#tell(state),
      opened: (goesOn) => this.#opened(goesOn),
      frame: (frame) => this.#receive(frame),
    });
  }

  get hostToken() {
    return this.getAttribute('host-token');
  }

  set hostToken(token) {
    if (token) this.setAttribute('host-token', token);
    else this.removeAttribute('host-token');
  }

  /** The visitor is done: the contact ends, the case goes on. */
  leave() {
    if (!this.#connection.send({ type: 'leave' })) this.#view.tell(NOT_ENDED);
  }

  connectedCallback() {
    // Set before the script was there, the property hides the accessor.
    if (Object.hasOwn(this, 'hostToken')) {
      const token = this.hostToken;
      delete this.hostToken;
      this.hostToken = token;
    }
    window.addEventListener('online', this.#network);
    window.addEventListener('offline', this.#network);
    const moved = this.#on && customerOf(this.hostToken) === this.#customer;
    this.#on = true;
    if (moved) this.#network();
    else this.#startOver();
  }

  disconnectedCallback() {
    window.removeEventListener('online', this.#network);
    window.removeEventListener('offline', this.#network);
    this.#connection.stop();
  }

  /** A fresh token of the same customer is kept for later; another customer begins on an empty screen. */
  attributeChangedCallback() {
    if (!this.#on || !this.isConnected) return;
    if (customerOf(this.hostToken) === this.#customer) this.#connection.hostToken = this.hostToken;
    else this.#startOver();
  }

  #network = () => {
    if (!this.#over) this.#connection.networkChanged();
  };

  #startOver() {
    this.#view.clear();
    this.#shown.clear();
    this.#unacknowledged.clear();
    clearTimeout(this.#sayingAgain);
    this.#sayingAgain = undefined;
    this.#own = [];
    this.#answers = 0;
    this.#over = false;
    this.#customer = customerOf(this.hostToken);
    this.#connection.start(this.hostToken ?? undefined);
  }

  #tell(state) {
    if (state === 'open') this.#explained = false;
    if (!this.#explained || state === 'offline') this.#view.tell(SENTENCES[state]);
  }

  #opened(goesOn) {
    if (goesOn) this.#view.replaying();
    // What was said just before the newest answer may have been kept just after it.
    this.#echoes = this.#own.filter((turn) => turn.answers >= this.#answers - 1);
    this.#own = this.#echoes;
    this.#sayUnacknowledged();
  }

  /** All of it, in order: what was said later must not get ahead of what has to be said again. */
  #sayUnacknowledged() {
    clearTimeout(this.#sayingAgain);
    this.#sayingAgain = undefined;
    for (const [id, { text }] of this.#unacknowledged) this.#connection.send({ type: 'say', id, text });
  }

  #say(text) {
    if (this.#over) return;
    const id = crypto
      .getRandomValues(new Uint8Array(12))
      .reduce((hex, byte) => hex + byte.toString(16).padStart(2, '0'), '');
    const item = this.#view.show('customer', text, Date.now());
    this.#view.mark(item, 'waiting');
    const turn = { text, item, answers: this.#answers };
    this.#unacknowledged.set(id, turn);
    this.#own.push(turn);
    if (this.#sayingAgain === undefined) this.#connection.send({ type: 'say', id, text });
    this.#connection.touch();
  }

  #receive(frame) {
    switch (frame.type) {
      case 'ack':
        this.#settle(frame.id, 'sent');
        break;
      case 'said':
        this.#said(frame);
        break;
      case 'notice':
        this.#notice(frame);
        break;
      case 'problem':
        this.#problem(frame);
        break;
    }
  }

  #settle(id, state) {
    const turn = this.#unacknowledged.get(id);
    if (turn) this.#view.mark(turn.item, state);
    this.#unacknowledged.delete(id);
  }

  #said({ id, from, text, at }) {
    if (this.#shown.has(id)) return;
    this.#shown.add(id);
    if (from !== 'customer') {
      this.#answers += 1;
      this.#view.tell('');
      this.#view.show(from, text, Date.parse(at));
      this.#connection.touch();
      return;
    }
    const echo = this.#echoes.find((turn) => isEcho(turn.text, text));
    if (!echo) {
      this.#view.mark(this.#view.show(from, text, Date.parse(at)), 'sent');
      return;
    }
    this.#echoes = this.#echoes.filter((turn) => turn !== echo);
    this.#own = this.#own.filter((turn) => turn !== echo);
    this.#view.retell(echo.item, text);
  }

  #notice({ code, text }) {
    this.#view.tell(text);
    this.#explained = code === 'busy';
    if (code !== 'ended') return;
    this.#over = true;
    this.#connection.touch(false);
    this.#connection.stop();
    this.#view.end();
  }

  #problem({ code, id, title }) {
    const turn = this.#unacknowledged.get(id);
    if (turn && (code === 'not-kept' || code === 'too-fast')) {
      this.#sayingAgain ??= setTimeout(() => this.#sayUnacknowledged(), SAY_AGAIN_MS);
    } else if (turn) {
      this.#settle(id, 'refused');
      this.#view.tell(title);
    } else if (code === 'unavailable') {
      this.#explained = true;
      this.#view.tell(SENTENCES.unreachable);
    }
  }
}

/** Whether what was kept is what was typed, where it had to be masked too. */
function isEcho(typed, kept) {
  let place = 0;
  for (const part of kept.split(MASK)) {
    const found = typed.indexOf(part, place);
    if (found < 0) return false;
    place = found + part.length;
  }
  return kept.includes(MASK) || typed === kept;
}

if (!customElements.get('throughline-chat')) customElements.define('throughline-chat', ThroughlineChat);
