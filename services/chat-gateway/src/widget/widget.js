/**
 * <throughline-chat>: the chat as a web component, for any site. It loads nothing but its own service.
 *
 *   <script type="module" src="https://support.example/chat/widget.js"></script>
 *   <throughline-chat></throughline-chat>
 *
 * Attribute `host-token`: the site's fresh signed login, where the customer is signed in. The session token is kept on the
 * device, so that somebody who comes back is known again.
 */
const SERVICE = new URL('.', import.meta.url);
const STORED = 'throughline.session';
const RETRY_MS = [500, 1000, 2000, 5000, 10_000];
const WHO = { customer: 'You', agent: 'Assistant', person: 'Support' };

const STYLE = `
:host { display: flex; flex-direction: column; font: 1rem/1.4 system-ui, sans-serif; color: #1b1f24; background: #fff; min-height: 20rem; }
ol { flex: 1; list-style: none; margin: 0; padding: 1rem; overflow-y: auto; }
li { max-width: 40rem; margin: 0 0 .75rem; padding: .5rem .75rem; border-radius: .5rem; background: #eef1f4; white-space: pre-wrap; overflow-wrap: anywhere; }
li.customer { margin-left: auto; background: #dceafd; }
li.waiting { border: 1px dashed #6b7683; }
li b { display: block; font-size: .8rem; color: #4a545f; }
p { margin: 0; padding: .25rem 1rem; min-height: 1.5rem; font-size: .875rem; color: #4a545f; }
form { display: flex; gap: .5rem; padding: .75rem 1rem 1rem; }
textarea { flex: 1; font: inherit; padding: .5rem; border: 1px solid #6b7683; border-radius: .5rem; resize: vertical; }
button { font: inherit; padding: .5rem 1rem; border: 0; border-radius: .5rem; background: #0b5cad; color: #fff; }
textarea:focus-visible, button:focus-visible { outline: 3px solid #f0a500; outline-offset: 1px; }
@media (prefers-color-scheme: dark) {
  :host { color: #e6e9ec; background: #15191d; }
  li { background: #262d34; } li.customer { background: #12375f; } li b, p { color: #aeb8c2; }
  textarea { background: #15191d; color: inherit; }
}`;

class ThroughlineChat extends HTMLElement {
  /** Turns by client id: what was typed and where it is shown. They are said again until they are acknowledged. */
  #unacknowledged = new Map();
  /** Own turns that the service has not shown us yet, oldest first. */
  #own = [];
  #shown = new Set();
  #lastSaid = null;
  #attempt = 0;
  #opened = false;
  #over = false;
  #retry;

  connectedCallback() {
    if (!this.shadowRoot) this.#build();
    this.#start();
  }

  disconnectedCallback() {
    this.#over = true;
    clearTimeout(this.#retry);
    this.socket?.close(1000);
  }

  #build() {
    const root = this.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    this.log = element('ol', { role: 'log', 'aria-live': 'polite', 'aria-label': 'Conversation', tabIndex: 0 });
    this.state = element('p', { role: 'status' });
    this.input = element('textarea', {
      rows: 2,
      'aria-label': 'Your message',
      placeholder: 'Write a message',
      maxLength: 16_000,
    });
    const send = element('button', { type: 'submit' }, 'Send');
    this.form = element('form', {});
    this.form.append(this.input, send);
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#say();
    });
    this.input.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#say();
    });
    root.append(this.log, this.state, this.form);
  }

  async #start() {
    this.#over = false;
    this.#tell('Connecting…');
    try {
      this.token ??= await this.#session();
      this.#connect();
    } catch {
      this.#again();
    }
  }

  /** A new contact of this device's session; a stored token that no longer counts is forgotten. */
  async #session() {
    const hostToken = this.getAttribute('host-token') ?? undefined;
    const sessionToken = stored() ?? undefined;
    let answer = await post({ hostToken, sessionToken });
    if (answer.status === 401 && sessionToken) answer = await post({ hostToken });
    if (answer.status !== 201) throw new Error('no session');
    const { sessionToken: token } = await answer.json();
    store(token);
    // A new session is a new contact: there is nothing to resume in it.
    this.#opened = false;
    return token;
  }

  #connect() {
    const address = new URL('socket', SERVICE);
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
    this.socket = new WebSocket(address, ['throughline.v1', `token.${this.token}`]);
    let opened = false;
    this.socket.addEventListener('open', () => {
      opened = true;
      this.#attempt = 0;
      this.#tell('');
      if (this.#opened) this.#send({ type: 'resume', after: this.#lastSaid });
      this.#opened = true;
      for (const [id, { text }] of this.#unacknowledged) this.#send({ type: 'say', id, text });
    });
    this.socket.addEventListener('message', (event) => this.#receive(JSON.parse(event.data)));
    this.socket.addEventListener('close', () => {
      // A socket that never opened may have been refused: a new session settles it.
      if (!opened) this.token = undefined;
      if (!this.#over) this.#again();
    });
  }

  #again() {
    this.#tell('Not connected. Trying again…');
    const pause = RETRY_MS[Math.min(this.#attempt, RETRY_MS.length - 1)];
    this.#attempt += 1;
    this.#retry = setTimeout(() => this.#start(), pause);
  }

  #say() {
    const text = this.input.value.trim();
    if (text === '' || this.#over) return;
    this.input.value = '';
    const id = randomId();
    const item = this.#show('customer', text);
    item.classList.add('waiting');
    this.#unacknowledged.set(id, { text, item });
    this.#own.push(item);
    this.#send({ type: 'say', id, text });
  }

  #receive(frame) {
    switch (frame.type) {
      case 'ack':
        this.#unacknowledged.get(frame.id)?.item.classList.remove('waiting');
        this.#unacknowledged.delete(frame.id);
        break;
      case 'said':
        this.#said(frame);
        break;
      case 'notice':
        this.#tell(frame.text);
        if (frame.code === 'ended') this.#end();
        break;
      case 'problem':
        this.#tell(`${frame.title} ${frame.detail}`);
        break;
    }
  }

  #said({ id, from, text }) {
    if (this.#shown.has(id)) return;
    this.#shown.add(id);
    this.#lastSaid = id;
    this.#tell('');
    // After a break our own turns come back in their order; they are on the page already, perhaps with more than was kept.
    const own = from === 'customer' ? this.#own.shift() : undefined;
    if (own) own.lastChild.textContent = text;
    else this.#show(from, text);
    if (from !== 'customer') this.#own = [];
  }

  #show(from, text) {
    const item = element('li', { className: from });
    item.append(element('b', {}, WHO[from]), element('span', {}, text));
    this.log.append(item);
    this.log.scrollTop = this.log.scrollHeight;
    return item;
  }

  #end() {
    this.#over = true;
    this.form.hidden = true;
  }

  #tell(text) {
    this.state.textContent = text;
  }

  #send(frame) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }
}

function element(name, properties, text = '') {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.includes('-') || key === 'role') made.setAttribute(key, value);
    else made[key] = value;
  }
  if (text) made.textContent = text;
  return made;
}

const post = (body) =>
  fetch(new URL('sessions', SERVICE), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });

const randomId = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('');

// A browser may keep sites from storing anything; the chat works without, for as long as the page is open.
function stored() {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}

function store(token) {
  try {
    localStorage.setItem(STORED, token);
  } catch {}
}

if (!customElements.get('throughline-chat')) customElements.define('throughline-chat', ThroughlineChat);
