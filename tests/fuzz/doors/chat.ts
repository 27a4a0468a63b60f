import { ChatSocket } from '@throughline/chat-gateway/socket';
import { plainKeyring } from '@throughline/gateway/testing/memory-log';
import { chatContact, Stage, until } from '@throughline/gateway/testing/stage';
import fc from 'fast-check';
import { z } from 'zod';
import { type DoorKind, demand, Violation } from '../door.ts';
import { mutatedJson } from '../grammar/json.ts';
import { anyText, mutatedBytes } from '../grammar/mutations.ts';
import { MemorySocket } from '../memory-socket.ts';

/** One frame; `Uint8Array`: a binary one. */
type ChatInput = string | Uint8Array;

const TEXT_BYTES_MAX = 64 * 1024;

/** The page of interfaces, read once more and by somebody else: what has to be acknowledged. */
const say = z.object({
  type: z.literal('say'),
  id: z
    .string()
    .min(1)
    .max(128)
    .refine((id) => id.isWellFormed()),
  text: z.string().refine((text) => text.trim() !== '' && Buffer.byteLength(text) <= TEXT_BYTES_MAX),
});
const leave = z.object({ type: z.literal('leave') });

/** Frames on one socket of one contact, the gateway's own code on a socket in memory. */
export const chatDoor: DoorKind<ChatInput> = {
  name: 'chat',
  about: 'chat frames: each is acknowledged once it is in the log, or answered with a problem; the socket goes on',
  inputsPerOpening: 1_000,
  inputs: (seeds) => {
    const id = fc.oneof(
      fc.integer({ max: 1_000_000 }).map((n) => `m${n}`),
      anyText,
    );
    const text = fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(...seeds.sayings) },
      { weight: 4, arbitrary: anyText },
      { weight: 1, arbitrary: fc.integer({ min: -3, max: 3 }).map((more) => 'a'.repeat(TEXT_BYTES_MAX + more)) },
    );
    const frames = mutatedJson(
      fc.oneof(
        { weight: 8, arbitrary: fc.record({ type: fc.constant('say'), id, text }) },
        {
          weight: 2,
          arbitrary: fc.record({ type: fc.constant('resume'), after: fc.oneof(anyText, fc.constant(null)) }),
        },
        { weight: 1, arbitrary: fc.record({ type: fc.constant('leave') }) },
        { weight: 1, arbitrary: fc.record({ type: anyText }) },
      ),
    );
    const binary = mutatedBytes(fc.constant(Buffer.from('{"type":"say","id":"b","text":"hello"}')));
    return fc.oneof({ weight: 20, arbitrary: frames }, { weight: 1, arbitrary: binary });
  },
  async open() {
    const stage = new Stage();
    let chat = await Chat.open(stage, 0);
    let contacts = 1;
    let fed = 0;
    return {
      async feed(input) {
        fed += 1;
        await chat.take(input);
        if (!chat.isOpen()) {
          chat = await Chat.open(stage, contacts);
          contacts += 1;
        }
        await chat.take(JSON.stringify({ type: 'say', id: `good-${fed}`, text: `Is anybody there? ${fed}` }));
      },
      async close() {
        chat.socket.terminate();
        await stage.switchboard.close();
      },
    };
  },
};

class Chat {
  readonly socket = new MemorySocket();
  readonly #stage: Stage;
  readonly #contactId: string;
  readonly #said = new Set<string>();

  private constructor(stage: Stage, contactId: string) {
    this.#stage = stage;
    this.#contactId = contactId;
  }

  static async open(stage: Stage, number: number): Promise<Chat> {
    const chat = new Chat(stage, `ctc_${number}`);
    const { switchboard, clock } = stage;
    const reporter = { info() {}, warn() {}, error() {} };
    new ChatSocket({
      socket: chat.socket.webSocket,
      switchboard,
      started: chatContact(chat.#contactId, `con_${number}`),
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      region: 'US',
      clock,
      mac: plainKeyring.mac,
      reporter,
    });
    // The first frame may be a resume, and only it: that is no bad input.
    await chat.take('{"type":"resume","after":null}');
    return chat;
  }

  isOpen(): boolean {
    return this.socket.isOpen();
  }

  /** Hands it to the gateway and holds what comes back against the laws. */
  async take(input: ChatInput): Promise<void> {
    const { sent } = this.socket;
    sent.length = 0;
    this.socket.receive(input);
    const frame = typeof input === 'string' ? jsonOf(input) : undefined;
    const said = say.safeParse(frame).data;
    if (said !== undefined) await this.#isKept(said);
    else if (leave.safeParse(frame).success) await this.#comes('the socket is closed', () => !this.isOpen());
    else if (input !== '{"type":"resume","after":null}') this.#isRefused();
  }

  async #isKept({ id }: z.infer<typeof say>): Promise<void> {
    const ack = JSON.stringify({ type: 'ack', id });
    await this.#comes(`${id} is acknowledged`, () => this.socket.sent.includes(ack));
    this.#said.add(id);
    const kept = this.#stage.cases.turnsOf(this.#contactId).length;
    demand(kept === this.#said.size, `${this.#said.size} turns are acknowledged and ${kept} are in the thread.`);
  }

  #isRefused(): void {
    const frames = this.socket.sent.map((frame) => problem.safeParse(JSON.parse(frame)).data);
    demand(
      frames.length === 1 && frames[0] !== undefined,
      `It is no frame and got ${this.socket.sent.join() || 'nothing'}.`,
    );
  }

  async #comes(what: string, holds: () => boolean): Promise<void> {
    await until(what, holds).catch((error: Error) => {
      throw new Violation(`${error.message} Sent was: ${this.socket.sent.join()}`);
    });
  }
}

/** A refusal says what is wrong and what to do. */
const problem = z.object({
  type: z.literal('problem'),
  code: z.string().min(1),
  title: z.string().regex(/\w.*\.$/),
  detail: z.string().regex(/\w.*\.$/),
});

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
