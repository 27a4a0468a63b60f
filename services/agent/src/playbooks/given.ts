import type {
  ActionState,
  BriefedTurn,
  Briefing,
  CasePromise,
  ContactBriefed,
  Fact,
  Question,
} from '@throughline/schemas/generated/messages';
import { DEMO_ACTIONS } from '../demo-backend.ts';
import type { Plan } from '../model.ts';
import { planReply } from './playbook.ts';

/** What the stories of these tests are given: a briefing of which only what matters is stated. */

export const TOOLS = DEMO_ACTIONS('http://shop.example');
export const NOW_MS = 1_790_000_000_000;

export function briefed(stated: Partial<ContactBriefed> = {}, briefing: Partial<Briefing> = {}): ContactBriefed {
  return {
    caseId: 'case_1',
    number: 7,
    atMs: NOW_MS,
    contactId: 'ctc_1',
    channel: 'chat',
    cause: 'turn',
    inputId: 'inp_1',
    hop: 1,
    disposition: 'opened',
    assurance: 2,
    settled: true,
    codeAwaited: false,
    verdict: null,
    triesLeft: 0,
    connectionId: null,
    replyDue: true,
    basis: 6,
    briefing: {
      status: 'open',
      kind: null,
      needsPerson: false,
      facts: [],
      knownFacts: [],
      question: null,
      promises: [],
      actions: [],
      unanswered: [],
      news: [],
      newsWithheld: 0,
      recent: [],
      firstWords: false,
      asked: [],
      ...briefing,
    },
    receipt: { policy: 'load-1', given: [], withheld: [], bytes: 0, budgetBytes: 8_192 },
    ...stated,
  };
}

export function turn(text: string, stated: Partial<BriefedTurn> = {}): BriefedTurn {
  return {
    number: 5,
    inputId: 'inp_1',
    contactId: 'ctc_1',
    channel: 'chat',
    from: 'customer',
    text,
    atMs: NOW_MS,
    ...stated,
  };
}

export function fact(name: string, value: string, stated: Partial<Fact> = {}): Fact {
  return { name, value, sensitivity: 'status', assurance: 1, source: 'customer', atMs: NOW_MS, ...stated };
}

export function action(name: string, state: ActionState['state'], stated: Partial<ActionState> = {}): ActionState {
  const effect = name.startsWith('request') ? 'write' : 'read';
  return {
    actionId: `act_${name}`,
    name,
    effect,
    state,
    attempt: 'inp_0',
    note: null,
    atMs: NOW_MS - 1_000,
    ...stated,
  };
}

export function promise(text: string): CasePromise {
  return { promiseId: 'prm_1', text, sensitivity: 'status', dueMs: null, state: 'open', atMs: NOW_MS - 1_000 };
}

export function question(name: string): Question {
  return { fact: name, text: 'What is it?', contactId: 'ctc_1', atMs: NOW_MS - 1_000 };
}

export function plan(given: ContactBriefed, tools = TOOLS): Plan {
  return planReply(given, tools, 'US');
}
