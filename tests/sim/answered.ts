import type { CaseEvent } from '@throughline/schemas/generated/messages';
import { CASE_EVENTS } from '@throughline/schemas/topics';
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

/** Once all is at rest nobody waits: every turn, and every reply that was refused as stale, led to a briefing, or to a move that takes it along. */
export async function checkAnswered({ log, plain }: SimMesh, model: Model): Promise<void> {
  const standings = new Map<string, Standing>();
  for (let partition = 0; partition < simPartitionsOf(CASE_EVENTS); partition += 1) {
    const records = log.records(CASE_EVENTS, partition);
    await plain.codec.prepare(records);
    for (const record of records) follow(standings, plain.codec.decode(record) as CaseEvent);
  }
  for (const [place, { asked, served }] of standings)
    model.demand(served > asked, `It does not drain: ${place} waits since entry ${asked}.`);
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
