import type { CaseEvent, CaseInput } from '@throughline/schemas/generated/messages';
import { CASE_EVENTS, CASE_INPUTS } from '@throughline/schemas/topics';
import { isForeign } from './foreigner.ts';
import { simPartitionsOf } from './foundations.ts';
import type { SimMesh } from './mesh.ts';
import type { Model } from './model.ts';

/** How far a contact has come in a case: entry numbers, 0 where there is none. */
interface Standing {
  /** Of what asks for a briefing: a turn, or a reply that came too late. */
  asked: number;
  /** Of the newest briefing, or of the move by which the contact left. */
  served: number;
}

/**
 * Once all is at rest nobody waits: every turn, and every reply that was refused as stale, led to a briefing, or to a move that takes
 * it along; whatever was asked of the agent, of the runner of actions and of who sends mails has been reported on.
 */
export async function checkAnswered(mesh: SimMesh, model: Model): Promise<void> {
  const events = await everything<CaseEvent>(mesh, CASE_EVENTS);
  const standings = new Map<string, Standing>();
  for (const event of events) follow(standings, event);
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

function follow(standings: Map<string, Standing>, { type, body }: CaseEvent): void {
  if (!('contactId' in body) || body.number === 0) return;
  const place = `${body.contactId} in ${body.caseId}`;
  const standing = standings.get(place) ?? { asked: 0, served: 0 };
  const isAsked = type === 'InteractionAdded' || (type === 'ReplyRefused' && body.reason === 'stale');
  const isServed = type === 'ContactBriefed' || type === 'ContactMoved';
  if (isAsked) standing.asked = Math.max(standing.asked, body.number);
  if (isServed) standing.served = Math.max(standing.served, body.number);
  if (isAsked || isServed) standings.set(place, standing);
}

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
