import { STYLE } from './widget-style.js';

const WHO = { customer: 'You', agent: 'Assistant', person: 'Support' };
/** What a turn may have, in bytes of UTF-8: what the service takes. */
const TEXT_BYTES_MAX = 64 * 1024;
/** Closer to the end than this, in CSS pixels, is at the end. */
const END_PX = 48;
const REPLAY_OVER_MS = 500;

/** What the chat looks like. It knows turns and plain sentences, nothing of connections. */
export class ChatView {
  #replayOver;
  #status = '';

  /** `on.say(text)`, `on.leave()` and `on.again()` are told what the visitor wants. */
  constructor(root, on) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    this.leave = element('button', { type: 'button', className: 'plain', hidden: true }, 'End chat');
    this.list = element('ol', { role: 'list', hidden: true });
    this.empty = element(
      'p',
      { className: 'empty' },
      'What can we help you with? Write it below, the answer comes here.',
    );
    this.log = element('div', { className: 'log', role: 'log', tabIndex: 0, 'aria-label': 'Conversation' });
    this.log.setAttribute('aria-relevant', 'additions');
    this.log.append(this.empty, this.list);
    this.latest = element('button', { type: 'button', className: 'latest', hidden: true }, 'New message below');
    this.status = element('p', { className: 'status', role: 'status' });
    this.problem = element('p', { className: 'problem', id: 'problem', role: 'alert', hidden: true });
    this.input = element('textarea', { rows: 1, dir: 'auto', enterKeyHint: 'send', placeholder: 'Write a message' });
    this.input.setAttribute('aria-label', 'Your message');
    this.input.setAttribute('aria-describedby', 'problem');
    this.form = element('form', { noValidate: true });
    this.over = element('div', { className: 'over', hidden: true });
    this.again = element('button', { type: 'button' }, 'Start a new chat');
    this.over.append(this.again);
    const row = boxed('row', this.input, element('button', { type: 'submit' }, 'Send'));
    this.form.append(this.problem, row);
    const head = boxed('head', element('h2', {}, 'Chat'), this.leave);
    const body = boxed('body', this.log, this.latest);
    // The widget speaks English on whatever page it is.
    for (const part of [head, body, this.status, this.form, this.over]) part.lang = 'en';
    root.append(head, body, this.status, this.form, this.over);
    this.#listen(on);
  }

  #listen(on) {
    this.leave.addEventListener('click', () => on.leave());
    this.again.addEventListener('click', () => on.again());
    this.latest.addEventListener('click', () => {
      this.#toEnd();
      this.log.focus();
    });
    this.#keepEndInSight();
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit(on.say);
    });
    this.input.addEventListener('input', () => this.complain(''));
    this.input.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit(on.say);
    });
  }

  /** A keyboard that opens, or a text that grows, must not push the newest turn out of sight. */
  #keepEndInSight() {
    let atEnd = true;
    let height = 0;
    this.log.addEventListener('scroll', () => {
      // What scrolls because the room has changed was not the visitor.
      if (this.log.clientHeight === height) atEnd = this.#atEnd();
      if (atEnd) this.latest.hidden = true;
    });
    new ResizeObserver(() => {
      height = this.log.clientHeight;
      if (atEnd) this.#toEnd();
    }).observe(this.log);
  }

  #submit(say) {
    const text = this.input.value.trim();
    this.input.focus();
    if (text === '') return;
    if (new TextEncoder().encode(text).length > TEXT_BYTES_MAX) {
      this.complain('This is too long to send at once. Please shorten it, or send it in parts.');
      return;
    }
    this.input.value = '';
    this.complain('');
    say(text);
  }

  /** Shows a turn and gives back its item. */
  show(from, text, atMs) {
    const follows = from === 'customer' || this.#atEnd();
    const at = new Date(atMs);
    const who = boxed(
      'who',
      element('b', {}, WHO[from] ?? WHO.agent),
      element('time', { dateTime: at.toISOString(), dir: 'auto' }, spoken(at)),
    );
    if (from === 'customer') who.append(element('span', { className: 'state' }));
    const item = element('li', { className: `${from} new` });
    item.append(who, element('span', { className: 'text', dir: 'auto', lang: '' }, text));
    this.list.append(item);
    this.empty.hidden = true;
    this.list.hidden = false;
    this.leave.hidden = false;
    if (follows || this.log.ariaBusy === 'true') this.#toEnd();
    else this.latest.hidden = false;
    return item;
  }

  /** Where an own turn is: `waiting`, `sent` or `refused`. */
  mark(item, state) {
    item.classList.toggle('waiting', state === 'waiting');
    item.classList.toggle('refused', state === 'refused');
    item.querySelector('.state').textContent = { waiting: 'Sending…', sent: 'Sent', refused: 'Not sent' }[state];
  }

  /** The service shows a text as it keeps it, masked where it has to be. */
  retell(item, text) {
    item.querySelector('.text').textContent = text;
  }

  /** What comes next was said before: it is not news, and it is not read out turn by turn. */
  replaying() {
    this.log.ariaBusy = 'true';
    clearTimeout(this.#replayOver);
    this.#replayOver = setTimeout(() => {
      this.log.ariaBusy = 'false';
    }, REPLAY_OVER_MS);
  }

  /** One plain sentence on how things stand; the same sentence is said once. */
  tell(text) {
    if (text === this.#status) return;
    this.#status = text;
    this.status.textContent = text;
  }

  /** What is wrong with what is in the text field; empty takes it back. */
  complain(text) {
    if (text === '' && this.problem.hidden) return;
    this.problem.hidden = text === '';
    this.problem.textContent = text;
    this.input.ariaInvalid = text === '' ? null : 'true';
  }

  /** The conversation is over: nothing more can be written, a new one can be begun. */
  end() {
    const hadFocus = this.form.contains(this.form.getRootNode().activeElement) || this.leave.matches(':focus');
    this.form.hidden = true;
    this.leave.hidden = true;
    this.over.hidden = false;
    if (hadFocus) this.again.focus();
  }

  /** Nothing on the screen, and the visitor may write. */
  clear() {
    const hadFocus = this.again.matches(':focus');
    this.list.replaceChildren();
    this.list.hidden = true;
    this.empty.hidden = false;
    this.latest.hidden = true;
    this.leave.hidden = true;
    this.form.hidden = false;
    this.over.hidden = true;
    if (hadFocus) this.input.focus();
  }

  #atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.log;
    return scrollHeight - scrollTop - clientHeight < END_PX;
  }

  #toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
    this.latest.hidden = true;
  }
}

function spoken(at) {
  const today = at.toDateString() === new Date().toDateString();
  return at.toLocaleString([], today ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' });
}

function boxed(className, ...children) {
  const box = element('div', { className });
  box.append(...children);
  return box;
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
