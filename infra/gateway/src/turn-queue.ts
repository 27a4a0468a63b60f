import type { Clock } from '@throughline/kernel/ports';
import { mayPipeline, type Whereabouts } from './home.ts';
import { createRecent } from './recent.ts';

/** How long a turn may be in flight before the gateway asks through the log whether it still is. */
export const ASK_AFTER_MS = 5000;

/** How many acknowledged turns of a contact are remembered, so that saying one again costs nothing. */
const ACKNOWLEDGED_MAX = 500;

/** Sends one thing to the case that the contact is at home in when its turn has come; resolves once the log has it. */
export type Send = (caseId: string) => Promise<void>;

interface Item {
  /** Null for what is not a turn. */
  readonly inputId: string | null;
  readonly send: Send;
  readonly done: PromiseWithResolvers<void>;
}

/** Keeps the turns of one contact in order on their way to its case. All lines of the contact share it. */
export class TurnQueue {
  readonly #clock: Clock;
  readonly #ask: () => void;
  readonly #acknowledged = createRecent<true>(ACKNOWLEDGED_MAX);
  #waiting: Item[] = [];
  #sending: Item | undefined;
  /** The turn that is being weighed. */
  #inFlight: string | undefined;
  /** Turns that were sent and that no case has said to have taken, with where each was sent to and after how many questions. */
  readonly #untaken = new Map<string, { readonly caseId: string; readonly questions: number }>();
  #questions = 0;
  #where: Whereabouts | undefined;
  #cancelAsk: (() => void) | undefined;

  /** @param ask sends the question whether the turn in flight still is; `standing` brings the answer */
  constructor(clock: Clock, ask: () => void) {
    this.#clock = clock;
    this.#ask = ask;
  }

  /**
   * Sends when its turn has come: the home is known, nothing before it is on the way, not to a former home either, and, unless the
   * contact has settled, the turn before has been taken. Resolves once the log has it. A turn that is on the way or acknowledged is not sent again.
   */
  async say(inputId: string, send: Send): Promise<void> {
    if (this.#acknowledged.has(inputId)) return;
    const onTheWay = [this.#sending, ...this.#waiting].find((item) => item?.inputId === inputId);
    await (onTheWay?.done.promise ?? this.#enqueue(inputId, send));
  }

  /** Sends behind the turns said before, without being a turn. */
  async follow(send: Send): Promise<void> {
    await this.#enqueue(null, send);
  }

  whereabouts(now: Whereabouts): void {
    this.#where = now;
    // A home that turns go straight to has weighed what was on the way.
    if (now.arrived && mayPipeline(now.home)) this.#land();
    this.#pump();
  }

  taken(inputId: string): void {
    this.#untaken.delete(inputId);
    if (this.#inFlight === inputId) this.#land();
    this.#pump();
  }

  /** Where the case says it is: `unanswered` is the turn that is still weighed. `asked`: in answer to this queue's own question. */
  standing(unanswered: string | null, asked: boolean): void {
    // The answer came behind every turn that had been sent before the question, by the same way.
    for (const [inputId, { questions }] of asked ? this.#untaken : [])
      if (questions < this.#questions) this.#untaken.delete(inputId);
    if (this.#where !== undefined && !mayPipeline(this.#where.home)) {
      if (asked && this.#sending === undefined && unanswered !== this.#inFlight) this.#land();
      if (unanswered !== null && this.#inFlight === undefined) this.#fly(unanswered);
    }
    this.#pump();
  }

  /** Rejects what waits. */
  close(reason: Error): void {
    this.#cancelAsk?.();
    const left = this.#waiting;
    this.#waiting = [];
    for (const item of left) item.done.reject(reason);
  }

  #enqueue(inputId: string | null, send: Send): Promise<void> {
    const item: Item = { inputId, send, done: Promise.withResolvers<void>() };
    this.#waiting.push(item);
    this.#pump();
    return item.done.promise;
  }

  #pump(): void {
    const [next] = this.#waiting;
    if (this.#sending !== undefined || next === undefined || !this.#where?.arrived) return;
    const weighed = next.inputId !== null && !mayPipeline(this.#where.home);
    if (weighed && this.#inFlight !== undefined) return;
    const { caseId } = this.#where.home;
    // A former home still has to send on what it was sent: straight to the new one, this would overtake it.
    if ([...this.#untaken.values()].some((sent) => sent.caseId !== caseId)) {
      this.#askLater();
      return;
    }
    this.#waiting.shift();
    this.#sending = next;
    // Before it is sent: the answer may be here before the log's acknowledgement.
    if (weighed && next.inputId !== null) this.#fly(next.inputId);
    if (next.inputId !== null) this.#untaken.set(next.inputId, { caseId, questions: this.#questions });
    next.send(caseId).then(
      () => this.#sent(next),
      (refusal: unknown) => this.#refused(next, refusal),
    );
  }

  #sent(item: Item): void {
    this.#sending = undefined;
    if (item.inputId !== null) this.#acknowledged.set(item.inputId, true);
    item.done.resolve();
    this.#pump();
  }

  #refused(item: Item, refusal: unknown): void {
    this.#sending = undefined;
    if (item.inputId !== null) this.#untaken.delete(item.inputId);
    if (item.inputId !== null && this.#inFlight === item.inputId) this.#land();
    // What was said later must not get ahead of what has to be said again.
    const behind = this.#waiting;
    this.#waiting = [];
    for (const each of [item, ...behind]) each.done.reject(refusal);
  }

  #fly(inputId: string): void {
    this.#inFlight = inputId;
    this.#cancelAsk?.();
    this.#cancelAsk = undefined;
    this.#askLater();
  }

  #land(): void {
    this.#inFlight = undefined;
    this.#cancelAsk?.();
    this.#cancelAsk = undefined;
  }

  /** Asks again and again until something else happens. */
  #askLater(): void {
    this.#cancelAsk ??= this.#clock.after(ASK_AFTER_MS, () => {
      this.#cancelAsk = undefined;
      this.#askLater();
      if (this.#sending !== undefined) return;
      this.#questions += 1;
      this.#ask();
    });
  }
}
