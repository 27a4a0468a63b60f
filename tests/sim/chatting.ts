import { turnOf } from '@throughline/chat-gateway/normalize';
import type { Session } from '@throughline/chat-gateway/session';
import type { Gateways } from './gateways.ts';
import type { Contact, Model } from './model.ts';
import type { SimSocket } from './socket.ts';
import { type SaidCode, type Talk, tellModel } from './talk.ts';
import { Waiting } from './waiting.ts';
import type { World } from './world.ts';

const PATIENCE_MS = 4_000;
const TRY_AGAIN_MS = 500;
/** Between what is said in one breath. */
const BREATH_MAX_MS = 20;
/** Whoever is held behind something that nobody can read gives up at last. */
const TRIES_MAX = 20;

type ServerFrame =
  | { readonly type: 'ack'; readonly id: string }
  | { readonly type: 'said'; readonly id: string; readonly from: string; readonly text: string }
  | { readonly type: 'notice'; readonly code: string; readonly text: string }
  | { readonly type: 'problem'; readonly id?: string };

interface Turn {
  readonly id: string;
  readonly text: string;
}

/** The chat widget in somebody's hands: keeps what was not acknowledged, comes back where the connection is gone, resumes. */
export class Chat implements Talk {
  readonly contact: Contact;
  readonly #world: World;
  readonly #model: Model;
  readonly #gateways: Gateways;
  readonly #session: Session;
  #socket: SimSocket | undefined;
  #lastSaid: string | null = null;
  /** On this connection. */
  #heardHere = new Set<string>();
  #news: string[] = [];
  #said = 0;
  #acknowledged = new Set<string>();
  #connections = 0;
  #isOver = false;
  #isRefused = false;
  readonly #waiting: Waiting;

  constructor(
    on: { readonly world: World; readonly model: Model; readonly chats: Gateways },
    session: Session,
    contact: Contact,
  ) {
    this.#world = on.world;
    this.#waiting = new Waiting(on.world);
    this.#model = on.model;
    this.#gateways = on.chats;
    this.#session = session;
    this.contact = contact;
  }

  async say(text: string, code?: SaidCode, more: readonly string[] = []): Promise<void> {
    tellModel(this.#model, this.contact, code, this.#world.clock.nowMs());
    this.#news = [];
    const turns = [text, ...more].map((each): Turn => ({ id: `m${++this.#said}`, text: each }));
    const givesUp = (tries: number): boolean => this.#model.isSomebodyHeld && tries >= TRIES_MAX;
    for (let tries = 0; this.#open(turns).length > 0 && !this.#isOver && !givesUp(tries); tries += 1) {
      const socket = await this.#connected();
      this.#isRefused = false;
      await this.#sayInOrder(this.#open(turns), socket);
      const isSettled = (): boolean => this.#open(turns).length === 0 || this.#socket !== socket || this.#isRefused;
      await this.#waiting.until(isSettled, PATIENCE_MS * turns.length);
      if (this.#isRefused) await this.#world.pause(TRY_AGAIN_MS);
      // Whoever gets no answer looks for another connection, or says it again on this one.
      if (this.#open(turns).length > 0 && this.#socket === socket && this.#world.chance() < 0.5) this.drop();
    }
    // In the order in which they were said, whichever was acknowledged first.
    for (const { id } of turns)
      if (this.#acknowledged.has(id)) this.#model.acknowledged(this.contact, turnIdOf(this.contact.contactId, id));
  }

  /** What has not been acknowledged yet. */
  #open(turns: readonly Turn[]): readonly Turn[] {
    return turns.filter(({ id }) => !this.#acknowledged.has(id));
  }

  /** Each before anything is heard of the one before: a refusal may be on its way back meanwhile. */
  async #sayInOrder(turns: readonly Turn[], socket: SimSocket): Promise<void> {
    for (const [index, { id, text }] of turns.entries()) {
      if (index > 0) await this.#world.pause(this.#world.below(BREATH_MAX_MS));
      socket.receive({ type: 'say', id, text });
    }
  }

  async answer(patienceMs: number): Promise<string | undefined> {
    const isDone = (): boolean => this.#news.length > 0 || this.#isOver;
    const deadlineMs = this.#world.clock.nowMs() + patienceMs;
    while (!isDone() && this.#world.clock.nowMs() < deadlineMs) {
      const socket = await this.#connected();
      // A widget whose connection is gone looks for another one, and hears there what it has missed.
      await this.#waiting.until(() => isDone() || this.#socket !== socket, deadlineMs - this.#world.clock.nowMs());
    }
    return this.#news.at(-1);
  }

  async end(how: 'leaves' | 'drops'): Promise<void> {
    if (how === 'leaves') {
      const socket = await this.#connected();
      socket.receive({ type: 'leave' });
      await this.#waiting.until(() => this.#isOver || this.#socket !== socket, PATIENCE_MS);
    }
    this.#isOver = true;
    this.drop();
  }

  /** The connection is gone. */
  drop(): void {
    this.#socket?.hangUp();
    this.#socket = undefined;
  }

  async #connected(): Promise<SimSocket> {
    while (this.#socket === undefined) {
      let socket: SimSocket | undefined;
      this.#heardHere = new Set();
      socket = this.#gateways.chat(this.#session, this.contact.person.externalId, {
        frame: (frame) => this.#take(JSON.parse(frame) as ServerFrame),
        cut: () => {
          if (this.#socket === socket) this.#socket = undefined;
          this.#waiting.wake();
        },
      });
      // Whoever else waited meanwhile may have connected: that one is not forgotten.
      if (socket === undefined) {
        await this.#world.pause(TRY_AGAIN_MS);
        continue;
      }
      if (this.#connections > 0) socket.receive({ type: 'resume', after: this.#lastSaid });
      this.#socket = socket;
    }
    this.#connections += 1;
    return this.#socket;
  }

  #take(frame: ServerFrame): void {
    if (frame.type === 'ack') this.#acknowledged.add(frame.id);
    if (frame.type === 'problem') this.#isRefused = true;
    if (frame.type === 'notice' && frame.code === 'ended') this.#isOver = true;
    if (frame.type === 'said') {
      const why = this.#model.whyNot(this.contact, frame.text);
      this.#model.demand(why === undefined, `Law 5: ${this.contact.contactId} has heard ${why}.`);
      this.#model.demand(
        !this.#heardHere.has(frame.id),
        `Law 3: ${this.contact.contactId} was told ${frame.id} twice.`,
      );
      this.#heardHere.add(frame.id);
      this.#lastSaid = frame.id;
      if (frame.from !== 'customer') this.#news.push(frame.text);
    }
    this.#waiting.wake();
  }
}

/** The id that the gateway gives to a turn. */
const turnIdOf = (contactId: string, id: string): string =>
  turnOf({
    say: { id, text: '' },
    contactId,
    codeAwaited: false,
    carry: '',
    region: 'US',
    mac: () => '',
    atMs: 0,
  }).turn.inputId;
