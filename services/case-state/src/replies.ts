import { deriveId } from '@throughline/kernel/ids';
import { labelText } from '@throughline/language/sensitivity';
import type { ReplyProposed, ReplyRefused } from '@throughline/schemas/generated/messages';
import { requestAction, requestStepUp, stepUpOf } from './actions.ts';
import { briefAgain, ROUNDS_MAX, unansweredTurns } from './briefing-contacts.ts';
import { type ContactHead, type DueReply, LIMITS, newest, type Sensitivity } from './documents.ts';
import type { Drafting } from './drafting.ts';
import { recordFact } from './facts.ts';
import { loadFor, mayUse } from './loading/briefing.ts';
import { stricter } from './loading/policy.ts';
import { makePromise } from './promises.ts';
import { remember } from './said.ts';
import { changeStatus, type StatusWish } from './statuses.ts';
import { changeSubject, changesSubject } from './subjects.ts';

/**
 * What the agent would say or do. It counts if it answers what is still due and knows everything that counts (law 4);
 * otherwise it is refused and, where nothing newer is on its way, the contact is briefed again.
 */
export function propose(draft: Drafting, proposal: ReplyProposed): void {
  const contact = draft.contact(proposal.contactId);
  const due = contact.due;
  const tooLate = whyTooLate(contact, proposal);
  if (due === null || tooLate !== undefined) {
    refuse(draft, proposal, tooLate ?? 'answered');
  } else if (proposal.basis < draft.head().basis) {
    refuse(draft, proposal, 'stale');
    briefAgain(draft, proposal.contactId, due, due.round);
  } else if (changesSubject(draft, proposal, contact)) {
    changeSubject(draft, proposal);
  } else if (asksAgain(draft, proposal, contact) || stepsUpAgain(draft, proposal, contact)) {
    sendBack(draft, proposal, due);
  } else {
    accept(draft, proposal, contact, due);
  }
}

/** Why nobody waits for this proposal any more: its contact is not here, or something newer is on its way or has been asked for. */
function whyTooLate(
  { due, movedTo, leaving, offered }: ContactHead,
  proposal: ReplyProposed,
): ReplyRefused['reason'] | undefined {
  if (movedTo !== null || leaving) return 'moved';
  const isOld = due === null ? offered.length > 0 : due.inputId !== proposal.inputId || proposal.basis < due.basis;
  return isOld ? 'superseded' : undefined;
}

function refuse(draft: Drafting, proposal: ReplyProposed, reason: ReplyRefused['reason']): void {
  const { contactId, inputId, basis } = proposal;
  draft.record('ReplyRefused', { contactId, inputId, basis, newest: draft.head().basis, reason });
}

/** Nobody is asked for what is known and may be used (law 7). */
function asksAgain(draft: Drafting, proposal: ReplyProposed, contact: ContactHead): boolean {
  return draft.head().facts.some((fact) => fact.name === proposal.asks && mayUse(fact, contact));
}

/**
 * Identity has been asked, and its answer led to the briefing that is to be answered now: this is the former proposal once more, from
 * an agent that was replaced before it had kept its place, or a model that does not listen.
 */
function stepsUpAgain(draft: Drafting, proposal: ReplyProposed, { steppedUpFor }: ContactHead): boolean {
  return steppedUpFor === proposal.inputId && stepUpOf(draft, proposal) !== undefined;
}

function sendBack(draft: Drafting, proposal: ReplyProposed, due: DueReply): void {
  if (due.round < ROUNDS_MAX) {
    refuse(draft, proposal, 'stale');
    briefAgain(draft, proposal.contactId, due, due.round + 1);
    return;
  }
  refuse(draft, proposal, 'withheld');
  draft.changeContact(proposal.contactId, { due: null });
  changeStatus(draft, { needsPerson: true, because: 'The agent keeps asking for what has been answered.' });
}

function accept(draft: Drafting, proposal: ReplyProposed, contact: ContactHead, due: DueReply): void {
  const { contactId } = proposal;
  // Before the turns count as answered: what the agent had before it decides how sensitive its words are.
  const sensitivity = heldBy(draft, contact, proposal.text ?? '');
  draft.changeContact(contactId, { due: null });
  for (const fact of proposal.facts) recordFact(draft, factOf(fact, contact), contactId);
  answerQuestion(draft, proposal);
  settleStatus(draft, proposal, due);
  askQuestion(draft, proposal, contact);
  if (proposal.promise !== null) {
    const { promise: text, promiseDueMs: dueMs, inputId } = proposal;
    const madeBy = `${contactId}\n${inputId}\n${text}`;
    makePromise(draft, { text, dueMs, contactId, actionId: null, assurance: contact.assurance, madeBy });
  }
  if (proposal.text !== null) sayTo(draft, proposal, proposal.text, sensitivity);
  const needed = stepUpOf(draft, proposal);
  if (needed !== undefined) requestStepUp(draft, contactId, proposal.inputId, needed);
  else if (proposal.action !== null) requestAction(draft, proposal, proposal.action, due);
  else draft.changeContact(contactId, { unanswered: [], carried: [] });
}

/** A fact from a customer's words is as sure as the contact that it was said on, whatever the proposal claims. */
const factOf = (fact: ReplyProposed['facts'][number], contact: ContactHead) => ({
  ...fact,
  source: fact.source === 'backend' ? ('agent' as const) : fact.source,
  assurance: contact.assurance,
});

function answerQuestion(draft: Drafting, proposal: ReplyProposed): void {
  const { question } = draft.head();
  if (question === null || !proposal.facts.some((fact) => fact.name === question.fact)) return;
  draft.change({ question: null });
  draft.record('QuestionAnswered', { fact: question.fact });
}

function askQuestion(draft: Drafting, proposal: ReplyProposed, contact: ContactHead): void {
  const { asks, text, contactId } = proposal;
  if (asks === null || text === null) return;
  const question = { fact: asks, text, contactId, atMs: draft.nowMs };
  draft.record('QuestionAsked', { question });
  draft.change({ question: { ...question, assurance: contact.assurance } });
  draft.changeContact(contactId, { asked: newest([...contact.asked, asks], LIMITS.asked) });
}

/** At most one change of status follows from a reply. */
function settleStatus(draft: Drafting, proposal: ReplyProposed, due: DueReply): void {
  const wish: StatusWish = { kind: proposal.kind, kindFrom: proposal.contactId, because: 'The matter became clear.' };
  if (proposal.handover !== null) {
    const because = proposal.handover;
    changeStatus(draft, { ...wish, to: 'waiting', needsPerson: true, because });
    return;
  }
  if (proposal.resolves) {
    changeStatus(draft, { ...wish, to: 'resolved', because: 'The customer is served.' });
    return;
  }
  if (!tellsTheEnd(draft, proposal, due)) {
    changeStatus(draft, wish);
    return;
  }
  changeStatus(draft, { ...wish, to: 'resolved', because: 'The customer has heard that it is done.' });
  draft.change({ actions: draft.head().actions.map((action) => ({ ...action, told: true })) });
}

/** The reply that first tells a customer that something was done ends the matter, unless something else is open. */
function tellsTheEnd(draft: Drafting, proposal: ReplyProposed, due: DueReply): boolean {
  const { actions, needsPerson, status } = draft.head();
  const isOpen = proposal.asks !== null || proposal.action !== null || proposal.stepUp !== null || needsPerson;
  if (proposal.text === null || isOpen || due.cause === 'turn' || status === 'closed') return false;
  if (draft.contact(proposal.contactId).assurance < 1) return false;
  const writes = actions.filter((action) => action.effect === 'write');
  const isRunning = writes.some((action) => action.state === 'requested' || action.state === 'pending');
  return !isRunning && writes.some((action) => action.state === 'done' && !action.told);
}

function sayTo(draft: Drafting, proposal: ReplyProposed, text: string, sensitivity: Sensitivity): void {
  const { contactId, inputId, basis, playbook } = proposal;
  const { channel, assurance, route, answerable, frames } = draft.contact(contactId);
  const entryId = deriveId('ent', draft.caseId, contactId, inputId, String(basis));
  const said = { contactId, channel, text, sensitivity, assurance };
  const reply = { ...said, entryId, inputId, from: 'agent' as const, route, answerable, playbook };
  const number = draft.record('ReplyAccepted', reply);
  draft.take(entryId, number);
  remember(draft, { ...said, number, inputId: null, from: 'agent', atMs: draft.nowMs });
  draft.changeContact(contactId, {
    unanswered: [],
    carried: [],
    reopened: false,
    lastRepliedNumber: number,
    firstWordsSaid: true,
    frames: newest([...frames, number], LIMITS.frames),
  });
}

/** The highest sensitivity of what the agent had before it, or of its own words where those speak of money. */
function heldBy(draft: Drafting, contact: ContactHead, text: string): Sensitivity {
  const { receipt } = loadFor(draft.head(), contact, unansweredTurns(draft, contact));
  const words = labelText(text);
  const held = receipt.given.map((line) => line.sensitivity);
  const all = words === 'personal' ? held : [...held, words];
  return all.reduce(stricter, 'status');
}
