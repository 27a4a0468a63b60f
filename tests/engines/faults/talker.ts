import { deriveId } from '@throughline/kernel/ids';
import { ChatClient } from '../../../scripts/demo/chat-client.ts';
import type { Acknowledged } from './law-book.ts';

/** Where the mesh is reached by its customers, and what the host site knows. */
export interface Reached {
  readonly url: string;
  hostToken(externalId: string): Promise<string>;
}

const ACK_MAX_MS = 5_000;
/** Coming back is work for everybody: who did it sooner, on a machine that is behind, would keep it behind. */
const ANSWER_MAX_MS = 30_000;
const PATIENCE_MS = 180_000;

/** A customer on chat who is in no hurry: what is not acknowledged is said again, what is not answered is asked for again. */
export class Talker {
  readonly acknowledged: Acknowledged[] = [];
  readonly #reached: Reached;
  readonly #externalId: string;
  #chat: ChatClient | undefined;
  #turns = 0;

  constructor(reached: Reached, externalId: string) {
    this.#reached = reached;
    this.#externalId = externalId;
  }

  /** Says it until it is acknowledged, waits until something is answered, and gives that. */
  async ask(text: string): Promise<string> {
    const id = `t${++this.#turns}`;
    const deadlineMs = Date.now() + PATIENCE_MS;
    const heard = this.#chat?.frames.items.length ?? 0;
    const chat = await this.#patiently(deadlineMs, `the ack of ${id}`, async (on) => {
      const from = on.frames.items.length;
      on.send({ type: 'say', id, text });
      await on.frames.next(`the ack of ${id}`, (frame) => frame.type === 'ack' && frame.id === id, from, ACK_MAX_MS);
      return on;
    });
    this.acknowledged.push({ contactId: chat.contactId, inputId: deriveId('inp', chat.contactId, id) });
    return this.#patiently(deadlineMs, `an answer to ${id}`, async (on) => {
      const isAnswer = (frame: { type: string; from?: string }): boolean =>
        frame.type === 'said' && frame.from === 'agent';
      // Where it was said before the connection was lost, the answer is among what was missed: ahead of the second ack.
      return (await on.frames.next(`an answer to ${id}`, isAnswer, heard, ANSWER_MAX_MS)).text ?? '';
    });
  }

  leave(): void {
    this.#chat?.close();
  }

  /** Tries on the connection that there is, then on new ones that ask for what was missed. */
  async #patiently<T>(deadlineMs: number, what: string, run: (chat: ChatClient) => Promise<T>): Promise<T> {
    let last: unknown;
    let isLost = false;
    while (Date.now() < deadlineMs) {
      try {
        // Whoever is not connected waits for nothing: it would take them as long as an answer may.
        if (isLost) await this.#reconnect();
        isLost = false;
        const chat = await this.#connected();
        return await Promise.race([run(chat), gone(chat)]);
      } catch (error) {
        last = error;
        isLost = true;
      }
    }
    throw new Error(`${this.#externalId} waited in vain for ${what}: ${last instanceof Error ? last.message : ''}`);
  }

  async #connected(): Promise<ChatClient> {
    if (this.#chat !== undefined) return this.#chat;
    const hostToken = await this.#reached.hostToken(this.#externalId);
    const chat = await ChatClient.session(this.#reached.url, { hostToken });
    await chat.connect();
    this.#chat = chat;
    return chat;
  }

  async #reconnect(): Promise<void> {
    const chat = this.#chat;
    // A mesh that is down says no at once; it is given a moment.
    await new Promise((resolve) => setTimeout(resolve, 200));
    if (chat === undefined) return;
    chat.close();
    await chat.connect();
    const said = chat.frames.items.findLast((frame) => frame.type === 'said');
    chat.send({ type: 'resume', after: said?.id ?? null });
  }
}

/** Whoever sees that the connection is gone does not wait on it. */
async function gone(chat: ChatClient): Promise<never> {
  throw new Error(`the connection was closed with ${await chat.closed()}`);
}
