import { WebSocket } from 'ws';
import { Arrivals } from './eventually.ts';

export interface ChatFrame {
  readonly type: string;
  readonly id?: string;
  readonly from?: string;
  readonly text?: string;
  readonly caseId?: string;
  readonly code?: string;
  readonly title?: string;
}

/** A customer's chat window, over the real sockets. */
export class ChatClient {
  readonly frames = new Arrivals<ChatFrame>();
  readonly sessionToken: string;
  readonly contactId: string;
  readonly #url: string;
  #socket: WebSocket | undefined;
  #said = 0;

  private constructor(url: string, session: { sessionToken: string; contactId: string }) {
    this.#url = url;
    this.sessionToken = session.sessionToken;
    this.contactId = session.contactId;
  }

  /** Begins a session (`{}`, `{hostToken}`, `{sessionToken}`) without connecting. */
  static async session(url: string, body: Readonly<Record<string, string>>): Promise<ChatClient> {
    const response = await fetch(`${url}/chat/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (response.status !== 201)
      throw new Error(`POST /chat/sessions answered ${response.status}: ${await response.text()}`);
    return new ChatClient(url, (await response.json()) as { sessionToken: string; contactId: string });
  }

  static async open(url: string, body: Readonly<Record<string, string>>): Promise<ChatClient> {
    const client = await ChatClient.session(url, body);
    await client.connect();
    return client;
  }

  /** Connects, or connects again; `url` is where the mesh is now. */
  connect(url = this.#url): Promise<void> {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/chat/socket`, [
      'throughline.v1',
      `token.${this.sessionToken}`,
    ]);
    this.#socket = socket;
    socket.on('message', (data) => this.frames.add(JSON.parse(String(data)) as ChatFrame));
    return new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
  }

  /** Texts and bytes as they are, everything else as JSON. */
  send(frame: unknown): void {
    const isRaw = typeof frame === 'string' || Buffer.isBuffer(frame);
    this.#socket?.send(isRaw ? frame : JSON.stringify(frame));
  }

  /** Resolves to the code that the connection is closed with. */
  closed(): Promise<number> {
    return new Promise((resolve) => {
      this.#socket?.once('close', resolve);
    });
  }

  /** Says it; resolves to the client id once it is acknowledged. */
  async say(text: string, id = `c${++this.#said}`): Promise<string> {
    const from = this.frames.items.length;
    this.send({ type: 'say', id, text });
    await this.frames.next(`the ack of ${id}`, (frame) => frame.type === 'ack' && frame.id === id, from);
    return id;
  }

  /** The next words of the agent that match, from place `from` on. */
  async hears(matches: RegExp, from = 0): Promise<ChatFrame & { readonly text: string }> {
    const frame = await this.frames.next(
      `chat to hear ${matches}`,
      (one) => one.type === 'said' && one.from === 'agent' && matches.test(one.text ?? ''),
      from,
    );
    return { ...frame, text: frame.text ?? '' };
  }

  /** Says it and gives what the agent says next. */
  async ask(text: string): Promise<ChatFrame & { readonly text: string }> {
    const from = this.frames.items.length;
    await this.say(text);
    return this.hears(/./s, from);
  }

  close(): void {
    this.#socket?.terminate();
  }
}
