import { deriveId } from '@throughline/kernel/ids';
import type { ActionReported, ProposedAction, ReplyProposed } from '@throughline/schemas/generated/messages';
import { brief, ROUNDS_MAX } from './briefing-contacts.ts';
import { actionRef, type CaseHead, type DueReply, type LedgerAction, LIMITS } from './documents.ts';
import type { Drafting } from './drafting.ts';
import { recordFact } from './facts.ts';
import { endPromises, makePromise } from './promises.ts';
import { changeStatus } from './statuses.ts';

/** Asks identity for more assurance; it answers with `TurnWeighed`. */
export function requestStepUp(draft: Drafting, contactId: string, inputId: string, needed: number): void {
  draft.changeContact(contactId, { steppedUpFor: inputId });
  draft.toIdentity('StepUpRequested', { contactId, caseId: draft.caseId, needed, inputId });
}

/** The assurance that the contact is to earn before what is proposed; undefined where it has it. */
export function stepUpOf(draft: Drafting, { contactId, action, stepUp }: ReplyProposed): number | undefined {
  if (action === null) return stepUp ?? undefined;
  const isEnough = !draft.head().provisional && action.assurance <= draft.contact(contactId).assurance;
  return isEnough ? undefined : Math.max(action.assurance, 1);
}

/**
 * Runs an action, once (law 3): the same action for the same customer with the same parameters has one id, and its attempt rises
 * only after a failure. Who asks again waits for the same answer, or has it at once. For somebody who is sure enough (`stepUpOf`).
 */
export function requestAction(draft: Drafting, proposal: ReplyProposed, action: ProposedAction, due: DueReply): void {
  const { contactId, inputId } = proposal;
  const { customerId } = draft.head();
  const sameId = deriveId('act', customerId, action.name, canonical(action));
  const attempt = action.effect === 'read' ? inputId : attemptOf(draft.head(), sameId);
  const actionId = deriveId('act', customerId, action.name, canonical(action), attempt);
  const known = draft.head().actions.find((each) => each.actionId === actionId);
  const waiter = { contactId, inputId };
  if (known !== undefined) {
    joinAction(draft, known, waiter, due);
    return;
  }
  const { name, effect, parameters } = action;
  const { externalId } = draft.head();
  const state = { actionId, name, effect, state: 'requested' as const, attempt, note: null, atMs: draft.nowMs };
  const actions = keepActions([...draft.head().actions, { ...state, sameId, waiters: [waiter], told: false }]);
  draft.change({ actions });
  draft.write({ ...actionRef(actionId), content: { caseId: draft.caseId, actionId, name } });
  draft.record('ActionRequested', {
    actionId,
    name,
    effect,
    attempt,
    customerId,
    externalId,
    parameters,
    contactId,
    inputId,
  });
}

/** Who asks for what is under way hears of it with the others; what has an answer is told at once. */
function joinAction(
  draft: Drafting,
  known: LedgerAction,
  waiter: LedgerAction['waiters'][number],
  due: DueReply,
): void {
  const isWaiting = known.waiters.some((each) => each.contactId === waiter.contactId);
  const waiters = isWaiting ? known.waiters : [...known.waiters, waiter].slice(-LIMITS.waiters);
  update(draft, known.actionId, { waiters });
  if (known.state === 'requested') return;
  if (due.round >= ROUNDS_MAX) {
    changeStatus(draft, { needsPerson: true, because: 'The agent keeps asking for what has been done.' });
    return;
  }
  brief(draft, waiter.contactId, { cause: 'action', inputId: waiter.inputId, replyDue: true, round: due.round + 1 });
}

/**
 * What a backend did. Taken once for each report; an action that has ended, or is forgotten since, stays as it ended, save where a
 * runner gave up on what its backend did all the same.
 */
export function report(draft: Drafting, reported: ActionReported): void {
  const { actionId, outcome, note, by, reportId } = reported;
  const action = draft.head().actions.find((each) => each.actionId === actionId);
  if (action === undefined || draft.seen(reportId)) return;
  draft.take(reportId);
  if (!isNews(action, reported)) return;
  for (const fact of reported.facts)
    recordFact(draft, { ...fact, source: 'backend', assurance: 0, atMs: draft.nowMs }, null);
  update(draft, actionId, { state: outcome, note, atMs: draft.nowMs, reportedBy: by });
  const { name, effect, attempt } = action;
  const state = { actionId, name, effect, state: outcome, attempt, note, atMs: draft.nowMs };
  draft.record('ActionUpdated', { action: state, by });
  follow(draft, action, reported);
  tell(draft, action, reported);
}

/** A runner knows only that nobody answered in time, so that a backend may know better afterwards, and never the other way round. */
function isNews({ state, reportedBy }: LedgerAction, { by, outcome }: ActionReported): boolean {
  if (state === 'done') return false;
  if (state === 'failed') return reportedBy === 'runner' && by === 'backend' && outcome !== 'failed';
  return state === 'requested' || by === 'backend';
}

/** What a report means for the case: a wait with a promise, an end, or a person who has to look. */
function follow(draft: Drafting, action: LedgerAction, reported: ActionReported): void {
  const { outcome, note, promiseDueMs: dueMs, actionId } = reported;
  if (outcome === 'failed') {
    changeStatus(draft, { needsPerson: true, because: `The action ${action.name} failed.` });
    return;
  }
  if (action.effect !== 'write') return;
  if (outcome === 'pending') {
    changeStatus(draft, { to: 'waiting', because: `The action ${action.name} is under way.` });
    const text = note ?? 'We will tell you as soon as it is done.';
    const contactId = action.waiters[0]?.contactId ?? null;
    makePromise(draft, { text, dueMs, contactId, actionId, assurance: 0, madeBy: actionId });
    return;
  }
  endPromises(draft, 'kept', `The action ${action.name} is done.`, (promise) => promise.actionId === actionId);
  const { status, needsPerson, actions } = draft.head();
  const isPending = actions.some((each) => each.effect === 'write' && each.state === 'pending');
  if (status === 'waiting' && !needsPerson && !isPending) {
    changeStatus(draft, { to: 'open', because: `The action ${action.name} is done.` });
  }
}

/** Briefs everybody who waits, and on a later report whoever is on the case; a mail is answered only where it asked. */
function tell(draft: Drafting, action: LedgerAction, reported: ActionReported): void {
  const { outcome, by, actionId } = reported;
  const asked = new Map(action.waiters.map((waiter) => [waiter.contactId, waiter.inputId]));
  const others =
    by === 'backend' ? draft.head().active.filter((id) => draft.contactFound(id)?.channel !== 'email') : [];
  for (const contactId of new Set([...asked.keys(), ...others])) {
    const contact = draft.contactFound(contactId);
    if (contact === undefined || contact.movedTo !== null || contact.assurance < 1) continue;
    if (contact.ended && contact.channel !== 'email') continue;
    const news = by === 'backend' ? `action:${actionId}:${outcome}` : asked.get(contactId);
    // A reply that is due already is briefed again rather than doubled: it will tell this news as well.
    const inputId = contact.due?.inputId ?? news;
    if (inputId !== undefined) brief(draft, contactId, { cause: 'action', inputId, replyDue: true });
  }
}

const canonical = (action: ProposedAction): string =>
  JSON.stringify(
    action.parameters
      .map(({ name, value }) => [name, value])
      .sort(([a = ''], [b = '']) => (a < b ? -1 : a > b ? 1 : 0)),
  );

function attemptOf(head: CaseHead, sameId: string): string {
  const failed = head.actions.filter((action) => action.sameId === sameId && action.state === 'failed');
  return String(failed.length + 1);
}

function update(draft: Drafting, actionId: string, change: Partial<LedgerAction>): void {
  const actions = draft.head().actions.map((each) => (each.actionId === actionId ? { ...each, ...change } : each));
  draft.change({ actions });
}

const WRITES_KEPT_MAX = 100;

/** Reads that have ended go first, oldest first: forgetting a write could run it again. */
function keepActions(actions: readonly LedgerAction[]): readonly LedgerAction[] {
  const isRunning = (action: LedgerAction) => action.state === 'requested' || action.state === 'pending';
  let surplus = actions.length - LIMITS.actions;
  const kept = actions.filter((action) => isRunning(action) || action.effect === 'write' || surplus-- <= 0);
  surplus = kept.length - WRITES_KEPT_MAX;
  return kept.filter((action) => isRunning(action) || surplus-- <= 0);
}
