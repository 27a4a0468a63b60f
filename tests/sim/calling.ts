import type { Call } from '@throughline/voice-gateway/normalize';
import { KEPT, ONE_MOMENT } from '@throughline/voice-gateway/render';
import type { Gateways } from './gateways.ts';
import type { Contact, Model } from './model.ts';
import type { SimSocket } from './socket.ts';
import { type SaidCode, type Talk, tellModel } from './talk.ts';
import { Waiting } from './waiting.ts';
import type { World } from './world.ts';

const NORMAL = 1000;
const TRY_AGAIN_MS = 500;
const RECONNECTS_MAX = 5;
const WEBHOOK_AGAIN_SHARE = 0.2;

type RelayFrame = { readonly type: 'text'; readonly token: string } | { readonly type: 'end' };

/** A phone call through its carrier, which repeats its webhooks and connects a broken relay again. */
export class PhoneCall implements Talk {
  readonly contact: Contact;
  readonly #world: World;
  readonly #model: Model;
  readonly #gateways: Gateways;
  readonly #call: Call;
  readonly #waiting: Waiting;
  #socket: SimSocket | undefined;
  #connections = 0;
  #news: string[] = [];
  #isOver = false;

  constructor(
    on: { readonly world: World; readonly model: Model; readonly phones: Gateways },
    call: Call,
    contact: Contact,
  ) {
    this.#world = on.world;
    this.#model = on.model;
    this.#gateways = on.phones;
    this.#call = call;
    this.contact = contact;
    this.#waiting = new Waiting(on.world);
  }

  async say(text: string, code?: SaidCode, more: readonly string[] = []): Promise<void> {
    tellModel(this.#model, this.contact, code, this.#world.clock.nowMs());
    const socket = await this.#connected();
    this.#news = [];
    // Pressed one after the other, several might be masked as one number of a card: what is no code is no try.
    const isOne = (text.match(/\d+/g) ?? []).length === 1;
    if (code !== undefined && isOne && this.#world.chance() < 0.5) {
      for (const digit of `${text.replace(/\D/g, '')}#`) socket?.receive({ type: 'dtmf', digit });
    } else socket?.receive({ type: 'prompt', voicePrompt: text });
    for (const voicePrompt of more) socket?.receive({ type: 'prompt', voicePrompt });
  }

  async answer(patienceMs: number): Promise<string | undefined> {
    await this.#connected();
    await this.#waiting.until(() => this.#news.length > 0 || this.#isOver, patienceMs);
    return this.#news.at(-1);
  }

  async end(how: 'leaves' | 'drops'): Promise<void> {
    this.#isOver = true;
    this.#socket?.hangUp(how === 'leaves' ? NORMAL : undefined);
    this.#socket = undefined;
  }

  async #connected(): Promise<SimSocket | undefined> {
    while (this.#socket === undefined && !this.#isOver) {
      let socket: SimSocket | undefined;
      const webhooks = this.#world.chance() < WEBHOOK_AGAIN_SHARE ? 2 : 1;
      socket = this.#gateways.call(this.#call, this.#connections, webhooks, {
        frame: (frame) => this.#hear(JSON.parse(frame) as RelayFrame),
        cut: (code) => {
          if (this.#socket !== socket) return;
          this.#socket = undefined;
          // The gateway has ended the call, or the carrier has given up.
          if (code === NORMAL || this.#connections > RECONNECTS_MAX) this.#isOver = true;
          this.#waiting.wake();
          if (!this.#isOver) void this.#connected();
        },
      });
      // Whoever else waited meanwhile may have connected: that one is not forgotten.
      if (socket === undefined) {
        await this.#world.pause(TRY_AGAIN_MS);
        continue;
      }
      this.#connections += 1;
      this.#socket = socket;
    }
    return this.#socket;
  }

  #hear(frame: RelayFrame): void {
    if (frame.type === 'end') this.#isOver = true;
    else {
      const why = this.#model.whyNot(this.contact, frame.token);
      this.#model.demand(why === undefined, `Law 5: ${this.contact.contactId} has heard ${why}.`);
      if (frame.token !== ONE_MOMENT && frame.token !== KEPT) this.#news.push(frame.token);
    }
    this.#waiting.wake();
  }
}
