import type { Line, Said, Sink, Switchboard } from '@throughline/gateway/line';
import { Busy } from '@throughline/gateway/switchboard';
import type { Clock, Mac, Reporter } from '@throughline/kernel/ports';
import { traceIdOf } from '@throughline/kernel/trace';
import type { ContactStarted } from '@throughline/schemas/generated/messages';
import type { RawData, WebSocket } from 'ws';
import type { ClientFrame, FrameProblem, ServerFrame } from './frames.ts';
import { readFrame, turnOf } from './normalize.ts';
import { Refusals } from './refusals.ts';
import { ackFrame, noticeFrame, PROBLEMS, problemFrame, saidFrame } from './render.ts';

/** How many turns of a socket, and leaves behind them, may wait for the log at once. */
const UNACKNOWLEDGED_MAX = 64;
/** How much may wait to be sent to a client that does not read, in bytes; it comes back and resumes. */
const BUFFERED_BYTES_MAX = 1024 * 1024;
/** How many frames in a row that cannot be read are an abuse. */
const UNREADABLE_MAX = 100;
export const HEARTBEAT_MS = 30_000;

export interface SocketOptions {
  readonly socket: WebSocket;
  readonly switchboard: Switchboard;
  readonly started: ContactStarted;
  readonly traceparent: string;
  readonly region: string;
  readonly clock: Clock;
  readonly mac: Mac;
  readonly reporter: Reporter;
}

/** One connection of a contact: from frames to the line and back. */
export class ChatSocket implements Sink {
  readonly #options: SocketOptions;
  readonly #line: Promise<Line | undefined>;
  #frames = 0;
  #unreadable = 0;
  #unacknowledged = 0;
  readonly #refusals = new Refusals(UNACKNOWLEDGED_MAX);
  #alive = true;
  #ended = false;
  #cancelHeartbeat = () => {};

  /** Connects at once; what the client sends meanwhile waits for it, in order. */
  constructor(options: SocketOptions) {
    this.#options = options;
    const { socket } = options;
    this.#line = this.#connect();
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    socket.on('pong', () => {
      this.#alive = true;
    });
    socket.on('close', () => void this.#closed());
    // What is wrong with a connection ends it, and says so in its close code.
    socket.on('error', () => {});
    this.#beat();
  }

  said(said: Said): void {
    this.#send(saidFrame(said), () => this.#delivered(said));
  }

  missed(frames: readonly Said[]): void {
    for (const frame of frames) {
      if (frame.from === 'customer') this.#send(saidFrame(frame));
      else this.said(frame);
    }
  }

  overheard(said: Said): void {
    this.#send(saidFrame(said));
  }

  home(): void {}

  holding(): void {
    this.#send(noticeFrame('holding'));
  }

  held(): void {
    this.#send(noticeFrame('held'));
  }

  /** The client connects again and asks again: nothing is sent to it behind a gap. */
  unasked(): void {
    this.#problem(PROBLEMS.unavailable);
    this.#options.socket.close(1013, 'try again later');
  }

  /**
   * Told once: whoever leaves here also hears of it from the case. What had been earned ends with the contact, so its connection
   * does: who goes on has to come back, and is asked who they are.
   */
  ended(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#send(noticeFrame('ended'));
    this.#options.socket.close(1000, 'ended');
  }

  /** Lets go of the connection; the contact goes on elsewhere. Resolves once it is gone, cut after `withinMs`. */
  async close(withinMs: number): Promise<void> {
    const { socket, clock } = this.#options;
    if (socket.readyState === socket.CLOSED) return;
    const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    const cancel = clock.after(withinMs, () => socket.terminate());
    socket.close(1001, 'going away');
    await gone;
    cancel();
  }

  async #connect(): Promise<Line | undefined> {
    const { switchboard, started, traceparent, socket, reporter } = this.#options;
    try {
      return await switchboard.connect(started, traceparent, this);
    } catch (refusal) {
      if (refusal instanceof Busy) this.#send(noticeFrame('busy'));
      else {
        reporter.warn('chat-not-connected', { contactId: started.contactId, trace: traceIdOf(traceparent) });
        this.#problem(PROBLEMS.unavailable);
      }
      socket.close(1013, 'try again later');
      return undefined;
    }
  }

  #receive(data: RawData, isBinary: boolean): void {
    const read = isBinary ? { problem: PROBLEMS.notText } : readFrame(data.toString());
    this.#frames += 1;
    if ('problem' in read) {
      this.#unreadable += 1;
      if (this.#unreadable > UNREADABLE_MAX) this.#options.socket.close(1008, 'too many unreadable frames');
      else this.#problem(read.problem);
      return;
    }
    this.#unreadable = 0;
    const { frame } = read;
    const problem = this.#outOfPlace(frame);
    if (problem !== undefined) {
      if (frame.type === 'say') this.#refusals.add(frame.id, this.#frames);
      this.#problem(problem);
      return;
    }
    if (frame.type !== 'resume') this.#unacknowledged += 1;
    const inFrame = this.#frames;
    void this.#line.then((line) => line && this.#bring(line, frame, inFrame));
  }

  #outOfPlace(frame: ClientFrame): FrameProblem | undefined {
    if (frame.type === 'resume' && this.#frames > 1) return PROBLEMS.resumeFirst;
    if (frame.type === 'say' && this.#refusals.areOvertakenBy(frame.id)) return { ...PROBLEMS.notKept, id: frame.id };
    if (frame.type === 'resume' || this.#unacknowledged < UNACKNOWLEDGED_MAX) return undefined;
    return frame.type === 'say' ? { ...PROBLEMS.tooFast, id: frame.id } : PROBLEMS.tooFast;
  }

  async #bring(line: Line, frame: ClientFrame, inFrame: number): Promise<void> {
    switch (frame.type) {
      case 'say':
        await this.#say(line, frame, inFrame);
        break;
      case 'resume':
        await line.resume(frame.after).catch(() => {}); // `unasked` has said so.
        break;
      case 'leave':
        await line.leave('left').then(
          () => {
            this.ended();
            this.#options.socket.close(1000, 'left');
          },
          () => this.#problem(PROBLEMS.unavailable),
        );
        this.#unacknowledged -= 1;
        break;
    }
  }

  async #say(line: Line, say: Extract<ClientFrame, { type: 'say' }>, inFrame: number): Promise<void> {
    const { clock, mac, region } = this.#options;
    const { contactId, cardCarry } = line;
    const codeAwaited = line.home()?.codeAwaited ?? false;
    const { turn, carry } = turnOf({
      say,
      contactId,
      codeAwaited,
      carry: cardCarry.before(say.id),
      region,
      mac,
      atMs: clock.nowMs(),
    });
    cardCarry.leaves(carry);
    try {
      await line.say(turn);
      this.#send(ackFrame(say.id));
    } catch {
      this.#refusals.add(say.id, inFrame);
      this.#problem({ ...PROBLEMS.notKept, id: say.id });
    } finally {
      this.#unacknowledged -= 1;
    }
  }

  async #delivered(said: Said): Promise<void> {
    const line = await this.#line;
    // What the case does not hear of is not lost: only that it was delivered is not on the record.
    await line?.delivered(said.entryId, 'delivered', null).catch(() => {
      const { reporter, traceparent } = this.#options;
      reporter.warn('delivery-not-told', { entryId: said.entryId, trace: traceIdOf(traceparent) });
    });
  }

  async #closed(): Promise<void> {
    this.#cancelHeartbeat();
    const line = await this.#line;
    line?.disconnect();
  }

  #problem(problem: FrameProblem): void {
    this.#send(problemFrame(problem));
  }

  #send(frame: ServerFrame, sent: () => void = () => {}): void {
    const { socket } = this.#options;
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > BUFFERED_BYTES_MAX) {
      socket.terminate();
      return;
    }
    socket.send(JSON.stringify(frame), (failure) => {
      if (!failure) sent();
    });
  }

  #beat(): void {
    const { socket, clock } = this.#options;
    this.#cancelHeartbeat = clock.after(HEARTBEAT_MS, () => {
      if (!this.#alive) {
        socket.terminate();
        return;
      }
      this.#alive = false;
      socket.ping();
      this.#beat();
    });
  }
}
