import type { Line, Said } from '@throughline/gateway/line';
import { asideFrame, type EndReason, endFrame, type OutFrame, wordsFrame } from './render.ts';

type Outcome = Parameters<Line['delivered']>[1];

/** How much that the caller may be hearing, or is still to hear, is remembered. */
const SPOKEN_MAX = 10;

/** Says things on one relay and tells what became of each. */
export class Speaker {
  readonly #send: (frame: string, sent: (failure?: Error | null) => void) => void;
  readonly #became: (entryId: string, outcome: Outcome, detail: string | null) => void;
  /** What was put on the relay since the caller last spoke over it, oldest first; a sentence of the gateway's own is no entry. */
  #spoken: readonly { readonly entryId: string | undefined; readonly token: string }[] = [];
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
    this.#speaks(said.entryId, frame);
    this.#put(frame, (failure) => {
      if (failure == null) this.#became(said.entryId, 'delivered', null);
      else this.#became(said.entryId, 'undeliverable', 'relay-closed');
    });
  }

  /** A sentence of the gateway's own; it is on no record. */
  aside(sentence: string): void {
    const frame = asideFrame(sentence);
    this.#speaks(undefined, frame);
    this.#put(frame, () => {});
  }

  /** The caller talked over what was being said, of which they had heard so much; what waited behind it is dropped by the carrier. */
  interrupted(afterMs: number | undefined, heard: string): void {
    const spoken = this.#spoken;
    this.#spoken = [];
    const found = heard === '' ? -1 : spoken.findLastIndex(({ token }) => token.startsWith(heard));
    for (const [index, { entryId }] of spoken.slice(found === -1 ? -1 : found).entries()) {
      if (entryId === undefined) continue;
      const after = afterMs === undefined ? null : `after-${afterMs}-ms`;
      this.#became(entryId, 'interrupted', index === 0 ? after : 'not-begun');
    }
  }

  end(reason: EndReason): void {
    this.#put(endFrame(reason), () => {});
  }

  #speaks(entryId: string | undefined, frame: OutFrame): void {
    const token = frame.type === 'text' ? frame.token : '';
    this.#spoken = [...this.#spoken, { entryId, token }].slice(-SPOKEN_MAX);
  }

  /** `sent` is told null or nothing when the frame went out. */
  #put(frame: OutFrame, sent: (failure?: Error | null) => void): void {
    this.#send(JSON.stringify(frame), sent);
  }
}
