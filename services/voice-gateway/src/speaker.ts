import type { Line, Said } from '@throughline/gateway/line';
import { asideFrame, type EndReason, endFrame, type OutFrame, wordsFrame } from './render.ts';

type Outcome = Parameters<Line['delivered']>[1];

/** Says things on one relay and tells what became of each. */
export class Speaker {
  readonly #send: (frame: string, sent: (failure?: Error | null) => void) => void;
  readonly #became: (entryId: string, outcome: Outcome, detail: string | null) => void;
  /** The entry that the caller hears or heard last, while it can still be interrupted. */
  #speaking: string | undefined;
  #hasSpoken = false;

  /**
   * @param send puts a frame on the relay
   * @param became is told what the channel did with an entry
   */
  constructor(
    send: (frame: string, sent: (failure?: Error | null) => void) => void,
    became: (entryId: string, outcome: Outcome, detail: string | null) => void,
  ) {
    this.#send = send;
    this.#became = became;
  }

  /** Whether any words of the conversation have been said here. */
  hasSpoken(): boolean {
    return this.#hasSpoken;
  }

  words(said: Said): void {
    const frame = wordsFrame(said.text);
    if (frame === undefined) {
      this.#became(said.entryId, 'undeliverable', 'nothing-to-say');
      return;
    }
    this.#hasSpoken = true;
    this.#speaking = said.entryId;
    this.#put(frame, (failure) => {
      if (failure == null) this.#became(said.entryId, 'delivered', null);
      else this.#became(said.entryId, 'undeliverable', 'relay-closed');
    });
  }

  /** A sentence of the gateway's own; it is on no record. */
  aside(sentence: string): void {
    this.#speaking = undefined;
    this.#put(asideFrame(sentence), () => {});
  }

  /** The caller talked over what was being said. */
  interrupted(afterMs: number | undefined): void {
    const entryId = this.#speaking;
    this.#speaking = undefined;
    if (entryId !== undefined) {
      this.#became(entryId, 'interrupted', afterMs === undefined ? null : `after-${afterMs}-ms`);
    }
  }

  end(reason: EndReason): void {
    this.#put(endFrame(reason), () => {});
  }

  /** `sent` is told null or nothing when the frame went out. */
  #put(frame: OutFrame, sent: (failure?: Error | null) => void): void {
    this.#send(JSON.stringify(frame), sent);
  }
}
