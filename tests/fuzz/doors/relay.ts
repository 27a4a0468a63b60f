import { plainKeyring } from '@throughline/gateway/testing/memory-log';
import { Stage, until } from '@throughline/gateway/testing/stage';
import { createCalls } from '@throughline/voice-gateway/calls';
import { contactIdOf } from '@throughline/voice-gateway/normalize';
import { Relay } from '@throughline/voice-gateway/relay';
import fc from 'fast-check';
import { z } from 'zod';
import { type DoorKind, demand, Violation } from '../door.ts';
import { mutatedJson } from '../grammar/json.ts';
import { anyText, mutatedBytes } from '../grammar/mutations.ts';
import { MemorySocket } from '../memory-socket.ts';

/** One frame of the carrier; `Uint8Array`: a binary one. */
type RelayInput = string | Uint8Array;

/** The carrier's protocol, read once more and by somebody else: what becomes a turn, and what may be taken without a word. */
const prompt = z.object({
  type: z.literal('prompt'),
  voicePrompt: z.string().refine((text) => text.trim() !== ''),
  last: z.boolean().default(true),
});
const understood = z.union([
  z.object({ type: z.enum(['prompt']), voicePrompt: z.string(), last: z.boolean().optional() }),
  z.object({ type: z.literal('dtmf'), digit: z.string().regex(/^[0-9*#A-D]$/) }),
  z.object({ type: z.literal('interrupt') }),
]);

/** Frames on the relay of one call, the gateway's own code on a socket in memory. */
export const relayDoor: DoorKind<RelayInput> = {
  name: 'relay',
  about:
    'frames of ConversationRelay: what is said reaches the log, what is no frame is reported, and the call goes on',
  inputsPerOpening: 1_000,
  inputs: (seeds) => {
    const words = fc.oneof(fc.constantFrom(...seeds.sayings), anyText);
    const frame = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({ type: fc.constant('prompt'), voicePrompt: words, lang: fc.constant('en-US') }),
      },
      { weight: 2, arbitrary: fc.record({ type: fc.constant('prompt'), voicePrompt: words, last: fc.boolean() }) },
      {
        weight: 2,
        arbitrary: fc.record({
          type: fc.constant('dtmf'),
          digit: fc.oneof(fc.constantFrom('1', '#', '*', 'D'), anyText),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          type: fc.constant('interrupt'),
          durationUntilInterruptMs: fc.oneof(fc.integer(), anyText),
        }),
      },
      { weight: 1, arbitrary: fc.record({ type: fc.constant('error'), description: words }) },
      {
        weight: 1,
        arbitrary: fc.record({ type: fc.constant('setup'), callSid: words, from: words, sessionId: words }),
      },
    );
    const binary = mutatedBytes(fc.constant(Buffer.from('{"type":"prompt","voicePrompt":"hello"}')));
    return fc.oneof({ weight: 20, arbitrary: mutatedJson(frame) }, { weight: 1, arbitrary: binary });
  },
  async open() {
    const call = await Call.open();
    let fed = 0;
    return {
      async feed(input) {
        fed += 1;
        await call.take(input);
        await call.take(JSON.stringify({ type: 'prompt', voicePrompt: `Is anybody there? ${fed}` }));
      },
      async close() {
        call.socket.terminate();
        await call.stage.switchboard.close();
      },
    };
  },
};

const CALL_SID = 'CA1';

class Call {
  readonly stage = new Stage();
  readonly socket = new MemorySocket();
  readonly #reports: string[] = [];

  static async open(): Promise<Call> {
    const call = new Call();
    const { stage, socket } = call;
    const note = (event: string): void => void call.#reports.push(event);
    const calls = createCalls(plainKeyring.mac);
    const from = '+14155550132';
    calls.announced({ callSid: CALL_SID, from, verstat: 'TN-Validation-Passed-A' });
    new Relay(socket.webSocket, {
      switchboard: stage.switchboard,
      mac: plainKeyring.mac,
      clock: stage.clock,
      random: (bytes) => new Uint8Array(bytes).fill(7),
      reporter: { info: note, warn: note, error: note },
      region: 'US',
      calls,
      takesOver: () => undefined,
      over: () => {},
    });
    socket.receive(JSON.stringify({ type: 'setup', callSid: CALL_SID, from }));
    await until('the contact is on', () => stage.cases.inputsOf('ContactStarted').length === 1);
    return call;
  }

  async take(input: RelayInput): Promise<void> {
    const before = this.#turns();
    this.#reports.length = 0;
    this.socket.receive(input);
    const frame = typeof input === 'string' ? jsonOf(input) : undefined;
    const said = prompt.safeParse(frame).data;
    if (said?.last === true) {
      await until('what was said is in the log', () => this.#turns() > before).catch((error: Error) => {
        throw new Violation(`${error.message} Reported was: ${this.#reports.join()}`);
      });
    } else if (!understood.safeParse(frame).success) {
      demand(this.#reports.length === 1, `It is no frame and ${this.#reports.length} things are reported.`);
    }
    demand(this.socket.isOpen(), `The call was ended with ${this.socket.closedWith}.`);
  }

  #turns(): number {
    return this.stage.cases.turnsOf(contactIdOf(CALL_SID)).length;
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
