import type { CaseEvent, CaseInput } from '@throughline/schemas/generated/messages';
import { CASE_EVENTS, CASE_INPUTS } from '@throughline/schemas/topics';
import { isForeign } from './foreigner.ts';
import { simPartitionsOf } from './foundations.ts';
import type { SimMesh } from './mesh.ts';
import type { Model } from './model.ts';

/** How far a contact has come in a case: entry numbers, 0 where there is none. */
interface Standing {
  /** Of what asks for a briefing: a turn, a reply that came too late, or what came of an action that was asked for. */
  asked: number;
  /** Of the newest briefing, or of the move by which the contact left. */
  served: number;
  /** It moved on, or hung up: what comes of its actions is nothing that it hears here. Mail is answered all the same. */
  isGone: boolean;
}

/**
 * Once all is at rest nobody waits: every turn, and every reply that was refused as stale, led to a briefing, or to a move that takes
 * it along; whatever was asked of the agent, of the runner of actions and of who sends mails has been reported on.
 */
export async function checkAnswered(mesh: SimMesh, model: Model): Promise<void> {
  const events = await everything<CaseEvent>(mesh, CASE_EVENTS);
  const standings = new Map<string, Standing>();
  const askers = new Map<string, string>();
  for (const event of withoutRepeats(events)) follow(standings, askers, event);
  for (const [place, { asked, served }] of standings)
    model.demand(served > asked, `It does not drain: ${place} waits since entry ${asked}.`);
  const done = new Set((await everything<CaseInput>(mesh, CASE_INPUTS)).map(answering));
  const undone = events.map(asking).find((asked) => asked !== undefined && !done.has(asked));
  model.demand(undone === undefined, `It does not drain: nothing came of the ${undone}.`);
  checkOneMail(events, mesh, model);
}

/** Law 3: what is sent again is the same mail, so that who gets it can tell. */
function checkOneMail(events: readonly CaseEvent[], { mailroom }: SimMesh, model: Model): void {
  const due = new Set(events.map(asking).filter((asked) => asked?.startsWith('mail')));
  const sent = new Set(mailroom.sent.map(({ messageId }) => messageId));
  model.demand(sent.size <= due.size, `Law 3: ${due.size} mails were due and ${sent.size} were sent.`);
}

async function everything<M extends CaseEvent | CaseInput>({ log, plain }: SimMesh, topic: string): Promise<M[]> {
  const messages: M[] = [];
  for (let partition = 0; partition < simPartitionsOf(topic); partition += 1) {
    const records = log.records(topic, partition).filter(({ headers }) => !isForeign(headers));
    await plain.codec.prepare(records);
    for (const record of records) messages.push(plain.codec.decode(record) as M);
  }
  return messages;
}

/** What the log was handed more than once counts once. */
function withoutRepeats(events: readonly CaseEvent[]): readonly CaseEvent[] {
  const newest = new Map<string, number>();
  return events.filter(({ body: { caseId, number } }) => {
    if (number <= (newest.get(caseId) ?? 0)) return false;
    newest.set(caseId, number);
    return true;
  });
}

/** `askers`: on which standing an action was asked for. */
function follow(standings: Map<string, Standing>, askers: Map<string, string>, { type, body }: CaseEvent): void {
  const { number } = body;
  const contactId = 'contactId' in body ? body.contactId : undefined;
  if (type === 'ActionRequested') askers.set(body.actionId, placeOf(body.caseId, body.contactId));
  const place =
    type === 'ActionUpdated' ? askers.get(body.action.actionId) : contactId && placeOf(body.caseId, contactId);
  if (place === undefined || place === null) return;
  const standing = standings.get(place) ?? { asked: 0, served: 0, isGone: false };
  standings.set(place, standing);
  const isStale = type === 'ReplyRefused' && body.reason === 'stale';
  if (type === 'InteractionAdded' || isStale || (type === 'ActionUpdated' && !standing.isGone)) standing.asked = number;
  if (type === 'ContactBriefed' || type === 'ContactMoved') standing.served = number;
  if (type === 'ContactMoved' || (type === 'ContactEnded' && body.channel !== 'email')) standing.isGone = true;
  if (
    type === 'ContactCaughtUp' ||
    type === 'InteractionAdded' ||
    (type === 'ContactBriefed' && body.cause === 'joined')
  )
    standing.isGone = false;
}

const placeOf = (caseId: string, contactId: string): string => `${contactId} in ${caseId}`;

/** What an event asks of whoever acts in the world. */
function asking({ type, body }: CaseEvent): string | undefined {
  if (type === 'ContactBriefed' && body.replyDue) return `briefing ${body.contactId} ${body.inputId} ${body.basis}`;
  if (type === 'ActionRequested') return `action ${body.actionId}`;
  if (type === 'MailDue') return `mail ${body.mailId}`;
  return type === 'ReplyAccepted' && body.channel === 'email' ? `mail ${body.entryId}` : undefined;
}

/** What an input reports on, in the same words. */
function answering({ type, body }: CaseInput): string | undefined {
  if (type === 'ReplyProposed') return `briefing ${body.contactId} ${body.inputId} ${body.basis}`;
  if (type === 'ActionReported') return `action ${body.actionId}`;
  return type === 'Delivered' ? `mail ${body.entryId}` : undefined;
}
