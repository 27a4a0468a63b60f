import type { EdgeDraft } from '@throughline/kernel/edge';
import { ERASED } from '@throughline/kernel/envelope';
import { deriveId } from '@throughline/kernel/ids';
import type { Clock, Reporter } from '@throughline/kernel/ports';
import type { Reactor } from '@throughline/kernel/reactor';
import { traceIdOf } from '@throughline/kernel/trace';
import { factsFromBody } from '@throughline/language/backend-facts';
import type { ActionRequested, CaseEvent, CaseInput, Fact } from '@throughline/schemas/generated/messages';
import { CASE_EVENTS, CASE_INPUTS } from '@throughline/schemas/topics';
import { type ActionSpec, type BoundAction, bindAction } from './actions.ts';
import { type Answer, callBackend, type Fetch } from './backend-call.ts';

const TRIES_MAX = 3;
/** Before the second and the third try. */
const PAUSES_MS = [500, 2_000] as const;

type Outcome = Pick<Extract<Answer, { kind: 'answered' }>, 'outcome' | 'body' | 'note'>;

/**
 * Runs what `ActionRequested` asks for and reports it with exactly one `ActionReported`. It may run twice after a crash:
 * the idempotency key lets the backend see that it is the same action (law 3).
 */
export function createActionsReactor(options: {
  readonly actions: readonly ActionSpec[];
  readonly clock: Clock;
  readonly reporter: Reporter;
  readonly fetch?: Fetch;
}): Reactor<CaseEvent> {
  const { actions, clock, reporter, fetch = globalThis.fetch } = options;

  async function run(asked: ActionRequested, trace: string): Promise<Outcome> {
    const spec = actions.find((action) => action.name === asked.name);
    if (!spec) return refused('This is not something that can be done here.');
    const parameters = Object.fromEntries(asked.parameters.map(({ name, value }) => [name, value]));
    const binding = bindAction(spec, { externalId: asked.externalId, parameters });
    if (!binding.ok) {
      reporter.warn('action.unbound', {
        action: asked.name,
        actionId: asked.actionId,
        trace,
        missing: binding.missing,
      });
      return refused('Something that is needed for it is missing.');
    }
    return await callWithRetries(asked, spec, binding.bound, trace);
  }

  async function callWithRetries(
    asked: ActionRequested,
    spec: ActionSpec,
    bound: BoundAction,
    trace: string,
  ): Promise<Outcome> {
    const idempotencyKey = spec.effect === 'write' ? asked.actionId : undefined;
    for (let attempt = 1; ; attempt += 1) {
      const answer = await callBackend({ bound, idempotencyKey, clock, fetch });
      if (answer.kind === 'answered') return answer;
      reporter.warn('action.try-failed', {
        action: asked.name,
        actionId: asked.actionId,
        trace,
        attempt,
        reason: answer.reason,
      });
      if (attempt === TRIES_MAX) return refused('The system that does this could not be reached.');
      await pause(clock, PAUSES_MS[attempt - 1] ?? 0);
    }
  }

  return {
    name: 'actions',
    topic: CASE_EVENTS,
    types: ['ActionRequested'],
    wants: (event) => event.type === 'ActionRequested',
    async handle(event) {
      if (event.type !== 'ActionRequested' || isErased(event.body)) return [];
      const trace = traceIdOf(event.traceparent);
      const outcome = await run(event.body, trace);
      reporter.info('action.reported', { action: event.body.name, outcome: outcome.outcome, trace });
      return [reportOf(event.body, outcome, clock.nowMs(), event.traceparent)];
    },
  };
}

/** One report per attempt, so a second run of the same attempt says nothing new. */
function reportOf(
  asked: ActionRequested,
  outcome: Outcome,
  atMs: number,
  traceparent: string,
): EdgeDraft<Extract<CaseInput, { type: 'ActionReported' }>> {
  const { caseId, actionId } = asked;
  const reportId = deriveId('rep', actionId, asked.attempt);
  const found = outcome.outcome === 'failed' ? [] : factsFromBody(asked.name, outcome.body);
  const facts = found.map((fact): Fact => ({ ...fact, assurance: 0, source: 'backend', atMs }));
  return {
    topic: CASE_INPUTS,
    key: caseId,
    type: 'ActionReported',
    subject: caseId,
    id: deriveId('msg', 'ActionReported', reportId),
    timeMs: atMs,
    traceparent,
    body: {
      caseId,
      actionId,
      outcome: outcome.outcome,
      facts,
      note: outcome.note,
      promiseDueMs: null,
      by: 'runner',
      reportId,
      atMs,
    },
  };
}

function refused(note: string): Outcome {
  return { outcome: 'failed', body: undefined, note };
}

function pause(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(delayMs, resolve);
  });
}

/** The case's key is destroyed: nothing is done any more for somebody who is forgotten. */
function isErased(asked: ActionRequested): boolean {
  return [asked.externalId, ...asked.parameters.map(({ value }) => value)].includes(ERASED);
}
