import { createRecent } from '@throughline/gateway/recent';
import type { EdgeDraft } from '@throughline/kernel/edge';
import { ERASED } from '@throughline/kernel/envelope';
import { deriveId } from '@throughline/kernel/ids';
import type { Clock, Mac } from '@throughline/kernel/ports';
import type { Reactor } from '@throughline/kernel/reactor';
import type { CaseEvent, Delivered, MailDue, ReplyAccepted } from '@throughline/schemas/generated/messages';
import { CASE_EVENTS, CASE_INPUTS } from '@throughline/schemas/topics';
import { MailDeferred, MailRefused, type Outbox } from './outbox.ts';
import { type OutgoingMail, renderMail, renderReply } from './render.ts';
import { readRoute } from './route.ts';

/** Mail takes seconds on its way; what comes together is looked through at once. */
const LINGER_MS = 250;
/**
 * How long a recipient that the mail server does not take now is tried again. Others wait meanwhile, for codes too, and a server that can
 * keep a mail for later takes it at once: who is not taken for a minute has a mailbox that is full or a domain that is not there.
 */
export const DEFERRED_MAX_MS = 60_000;
/** How many mails are remembered to have been deferred. */
const DEFERRED_KEPT = 1_000;

/**
 * Sends what is said to contacts that mailed, and the mails about identifiers; tells the case what came of each. An outage of
 * the mail server rejects, so it is tried again in order; the Message-ID is the same each time. A recipient that is deferred for too
 * long is undeliverable.
 * @param mailDomain the domain that mails come from when no mail of a customer names one
 */
export function createDelivery(options: {
  readonly mac: Mac;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly mailDomain: string;
}): Reactor<CaseEvent> {
  const { mac, outbox, clock, mailDomain } = options;
  /** By Message-ID, since when. */
  const deferred = createRecent<number>(DEFERRED_KEPT);

  function mayWait({ messageId }: OutgoingMail): boolean {
    const sinceMs = deferred.get(messageId) ?? clock.nowMs();
    deferred.set(messageId, sinceMs);
    return clock.nowMs() - sinceMs < DEFERRED_MAX_MS;
  }

  async function send(mail: OutgoingMail): Promise<Outcome> {
    try {
      await outbox.send(mail);
      return { outcome: 'delivered', detail: null };
    } catch (error) {
      if (!(error instanceof MailRefused) && !(error instanceof MailDeferred)) throw error;
      if (error instanceof MailDeferred && mayWait(mail)) throw error;
      return { outcome: 'undeliverable', detail: `smtp-${error.status}` };
    }
  }

  return {
    name: 'email-gateway',
    topic: CASE_EVENTS,
    types: ['MailDue', 'ReplyAccepted'],
    lingerMs: LINGER_MS,
    wants: (event) => event.type === 'MailDue' || (event.type === 'ReplyAccepted' && event.body.channel === 'email'),
    async handle(event) {
      const due = dueOf(event, mailDomain, mac);
      if (due === undefined) return [];
      const { mail, ...about } = due;
      const outcome = typeof mail === 'string' ? suppressed(mail) : await send(mail);
      return [reportOf({ ...about, ...outcome, atMs: clock.nowMs() }, event.traceparent)];
    },
  };
}

interface Outcome {
  readonly outcome: Delivered['outcome'];
  readonly detail: string | null;
}

/** What an event asks to send, or why nothing is sent. */
function dueOf(
  event: CaseEvent,
  mailDomain: string,
  mac: Mac,
): (Pick<Delivered, 'contactId' | 'caseId' | 'entryId'> & { readonly mail: OutgoingMail | string }) | undefined {
  if (event.type === 'ReplyAccepted') {
    const { contactId, caseId, entryId } = event.body;
    return { contactId, caseId, entryId, mail: replyOf(event.body, mac) };
  }
  if (event.type === 'MailDue') {
    const { contactId, caseId, mailId } = event.body;
    return { contactId, caseId, entryId: mailId, mail: mailOf(event.body, mailDomain, mac) };
  }
  return undefined;
}

function replyOf(body: ReplyAccepted, mac: Mac): OutgoingMail | string {
  if (!body.answerable) return 'not-answerable';
  if (body.text === ERASED) return 'erased';
  const route = readRoute(body.route);
  return route === undefined ? 'no-route' : renderReply(body, route, mac);
}

function mailOf(body: MailDue, mailDomain: string, mac: Mac): OutgoingMail | string {
  if (body.to === null) return 'nobody-to-write-to';
  if (body.to === ERASED) return 'erased';
  return renderMail(body, mailDomain, mac) ?? 'incomplete';
}

function suppressed(detail: string): Outcome {
  return { outcome: 'suppressed', detail };
}

function reportOf(body: Delivered, traceparent: string): EdgeDraft {
  return {
    topic: CASE_INPUTS,
    key: body.caseId,
    type: 'Delivered',
    subject: body.caseId,
    id: deriveId('msg', 'Delivered', body.entryId),
    timeMs: body.atMs,
    traceparent,
    body,
  };
}
