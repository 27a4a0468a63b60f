import type { Drafting } from './drafting.ts';
import { endContact, IDLE_TIMER, idleDueMs } from './idling.ts';
import { endPromises, PROMISE_TIMER, promiseTimer } from './promises.ts';
import { CLOSE_TIMER, CLOSES_AFTER_MS, changeStatus } from './statuses.ts';

/** A timer is due. It may come late or twice, so what it means is read from the case as it is now. */
export function fire(draft: Drafting, timerId: string): void {
  const head = draft.found();
  if (head === undefined) return;
  if (timerId.startsWith(IDLE_TIMER)) {
    idle(draft, timerId.slice(IDLE_TIMER.length));
    return;
  }
  if (timerId.startsWith(CLOSE_TIMER)) {
    close(draft);
    return;
  }
  if (!timerId.startsWith(PROMISE_TIMER)) return;
  const broken = head.promises.filter(
    (promise) => promise.state === 'open' && promiseTimer(head.caseId, promise.promiseId) === timerId,
  );
  if (broken.length === 0) return;
  endPromises(draft, 'broken', 'It fell due.', (promise) =>
    broken.some((each) => each.promiseId === promise.promiseId),
  );
  changeStatus(draft, { needsPerson: true, because: 'A promise fell due and was not kept.' });
}

/** The contact whose idling a timer is about. */
export const idleContactOf = (timerId: string): string | undefined =>
  timerId.startsWith(IDLE_TIMER) ? timerId.slice(IDLE_TIMER.length) : undefined;

/** Turns do not touch the timer; it looks when the contact was last active and goes on from there. */
function idle(draft: Drafting, contactId: string): void {
  const contact = draft.contactFound(contactId);
  if (contact === undefined || contact.ended || contact.movedTo !== null) return;
  const dueMs = idleDueMs(contact.lastActiveMs);
  if (dueMs > draft.nowMs) draft.timer(`${IDLE_TIMER}${contactId}`, dueMs);
  else endContact(draft, contactId, 'idle', contact.lastActiveMs);
}

function close(draft: Drafting): void {
  const { status, resolvedMs } = draft.head();
  if (status !== 'resolved' || resolvedMs === null) return;
  const dueMs = resolvedMs + CLOSES_AFTER_MS;
  if (dueMs > draft.nowMs) draft.timer(`${CLOSE_TIMER}${draft.caseId}`, dueMs);
  else changeStatus(draft, { to: 'closed', because: 'It was resolved and nobody came back to it.' });
}
