import type { Said, Sink } from './line.ts';
import { createRecent } from './recent.ts';

/** How many entries a line remembers to have given. */
const GIVEN_MAX = 2000;

/** What one line has given to its channel: each entry once, and what was missed before what comes after it. */
export interface Hearing {
  /** Said to the customer, or by the customer on another line. */
  hear(said: Said): void;
  /** The line has this from its own customer; it is not given again. */
  note(entryId: string, caseId: string): void;
  /** From now on everything is held back until the answer for this connection is here. */
  holdFor(connectionId: string): void;
  /** The answer for this connection is awaited. */
  awaits(connectionId: string): boolean;
  /** The answer, or a part of it: gives what was missed and goes on holding back. */
  missed(frames: readonly Said[]): void;
  /** No more answer is to come for this connection: gives what was held back and not missed. */
  release(connectionId: string): void;
  /** In which case the entry was said; undefined where this line has not given it. */
  caseOf(entryId: string): string | undefined;
}

export function createHearing(sink: Sink): Hearing {
  const given = createRecent<string>(GIVEN_MAX);
  let awaited: string | undefined;
  let heldBack: Said[] = [];

  function give(said: Said): void {
    if (given.has(said.entryId)) return;
    given.set(said.entryId, said.caseId);
    if (said.from === 'customer') sink.overheard?.(said);
    else sink.said(said);
  }

  return {
    hear(said) {
      if (awaited === undefined) give(said);
      else heldBack = [...heldBack, said];
    },
    note: (entryId, caseId) => given.set(entryId, caseId),
    holdFor(connectionId) {
      awaited = connectionId;
    },
    awaits: (connectionId) => awaited === connectionId,
    missed(frames) {
      const news = frames.filter((frame) => !given.has(frame.entryId));
      for (const frame of news) given.set(frame.entryId, frame.caseId);
      sink.missed(news);
    },
    release(connectionId) {
      if (awaited !== connectionId) return;
      awaited = undefined;
      sink.caughtUp?.();
      const held = heldBack;
      heldBack = [];
      for (const said of held) give(said);
    },
    caseOf: (entryId) => given.get(entryId),
  };
}
