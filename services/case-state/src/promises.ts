import { deriveId } from '@throughline/kernel/ids';
import { labelFact, labelText } from '@throughline/language/sensitivity';
import { type KeptPromise, LIMITS } from './documents.ts';
import type { Drafting } from './drafting.ts';

export const PROMISE_TIMER = 'promise:';

export interface PromiseWish {
  readonly text: string;
  /** Epoch milliseconds; null where no time was said. */
  readonly dueMs: number | null;
  readonly contactId: string | null;
  readonly actionId: string | null;
  /** Assurance at which it was made. */
  readonly assurance: number;
  /** What made it: the same promise is made once. */
  readonly madeBy: string;
}

/**
 * Makes a promise once and sets the timer that asks for a person should it not be kept. What a backend says comes next is
 * part of where the case stands, unless it names amounts or accounts; what else was promised is as personal as its words.
 */
export function makePromise(draft: Drafting, wish: PromiseWish): void {
  const { text, dueMs, contactId, actionId, assurance } = wish;
  const promiseId = deriveId('prm', draft.caseId, wish.madeBy);
  if (draft.head().promises.some((promise) => promise.promiseId === promiseId)) return;
  const sensitivity = actionId === null ? labelText(text) : labelFact('note', text);
  const promise = { promiseId, text, sensitivity, dueMs, state: 'open' as const, atMs: draft.nowMs };
  draft.record('PromiseMade', { contactId, promise });
  draft.change({ promises: kept([...draft.head().promises, { ...promise, actionId, assurance }]) });
  if (dueMs !== null) draft.timer(promiseTimer(draft.caseId, promiseId), dueMs);
}

/** Ends the open promises that are meant. */
export function endPromises(
  draft: Drafting,
  state: 'kept' | 'broken',
  because: string,
  isMeant: (promise: KeptPromise) => boolean,
): void {
  for (const promise of draft.head().promises.filter((each) => each.state === 'open' && isMeant(each))) {
    draft.record('PromiseEnded', { promiseId: promise.promiseId, state, because });
    const promises = draft.head().promises.map((each) => (each === promise ? { ...each, state } : each));
    draft.change({ promises });
    if (promise.dueMs !== null) draft.timer(promiseTimer(draft.caseId, promise.promiseId), null);
  }
}

export const promiseTimer = (caseId: string, promiseId: string): string => `${PROMISE_TIMER}${caseId}:${promiseId}`;

/** Open promises stay before ended ones, newer before older. */
function kept(promises: readonly KeptPromise[]): readonly KeptPromise[] {
  let surplus = promises.length - LIMITS.promises;
  return promises.filter((promise) => promise.state === 'open' || surplus-- <= 0).slice(-LIMITS.promises);
}
