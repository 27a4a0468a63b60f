import type { Mac } from '@throughline/kernel/ports';
import { oneTimeCode } from '@throughline/language/one-time-code';
import type { MailDue, ReplyAccepted } from '@throughline/schemas/generated/messages';
import type { MailRoute } from './route.ts';
import {
  DEFAULT_LOCAL,
  entryMessageId,
  mailMessageId,
  makeCaseToken,
  makeRevocationToken,
  withToken,
} from './token.ts';

/** A mail to be sent: one part of plain text. Rendered from the event alone, so the same event is the same mail. */
export interface OutgoingMail {
  readonly messageId: string;
  readonly from: string;
  /** The only recipient. */
  readonly to: string;
  readonly toName: string | null;
  readonly replyTo: string | null;
  readonly subject: string;
  readonly text: string;
  readonly inReplyTo: string | null;
  readonly references: readonly string[];
  /** RFC 3834: keeps other machines from answering. */
  readonly autoSubmitted: 'auto-replied' | 'auto-generated';
  readonly dateMs: number;
}

/** The answer to a mail goes to its author and nobody else; a reply to it comes back with a token of the case. */
export function renderReply(event: ReplyAccepted, route: MailRoute, mac: Mac): OutgoingMail {
  const domain = route.mailbox.slice(route.mailbox.lastIndexOf('@') + 1);
  const token = makeCaseToken(mac, event.caseId, route.to, event.atMs);
  const parents = [...new Set([...route.references, ...(route.messageId === null ? [] : [route.messageId])])];
  return {
    messageId: entryMessageId(mac, event, route.to, domain),
    from: route.mailbox,
    to: route.to,
    toName: route.name ?? null,
    replyTo: token === undefined ? null : withToken(route.mailbox, token),
    subject: replySubject(route.subject),
    text: event.text,
    inReplyTo: route.messageId,
    references: parents,
    autoSubmitted: 'auto-replied',
    dateMs: event.atMs,
  };
}

/**
 * A mail about an identifier, or undefined where the event does not say enough for one.
 * @param mailDomain our domain
 */
export function renderMail(event: MailDue, mailDomain: string, mac: Mac): OutgoingMail | undefined {
  if (event.to === null) return undefined;
  const basics = {
    messageId: mailMessageId(mac, event.mailId, mailDomain),
    from: `${DEFAULT_LOCAL}@${mailDomain}`,
    to: event.to,
    toName: null,
    inReplyTo: null,
    references: [],
    autoSubmitted: 'auto-generated' as const,
    dateMs: event.atMs,
  };
  if (event.kind === 'code') {
    if (event.stepUpId === null) return undefined;
    const text = codeText(event, oneTimeCode(mac, event.stepUpId));
    return { ...basics, replyTo: null, subject: 'Your one-time code', text };
  }
  const { claimId, customerId } = event;
  if (claimId === null || customerId === null) return undefined;
  const token = makeRevocationToken(mac, { claimId, customerId }, event.to, event.atMs);
  if (token === undefined) return undefined;
  const subject = `${event.channel === 'email' ? 'An e-mail address' : 'A number'} was linked to your account`;
  return { ...basics, replyTo: `${token}@${mailDomain}`, subject, text: linkedText(event) };
}

const ASKED_ON: Readonly<Record<MailDue['channel'], string>> = {
  chat: 'in a chat',
  voice: 'on a phone call',
  email: 'by e-mail',
};

function replySubject(subject: string): string {
  if (subject === '') return 'Re: your message';
  return /^re\s*:/i.test(subject) ? subject : `Re: ${subject}`;
}

/** "on a phone call from a number ending in 42" */
function whoAsked(event: MailDue): string {
  const asked = ASKED_ON[event.channel];
  return event.digits === null ? asked : `${asked} from a number ending in ${event.digits}`;
}

/** The code is the only six-digit number in it: people and tests look for exactly one. */
function codeText(event: MailDue, code: string): string {
  return [
    `Your one-time code is ${code}`,
    '',
    `It was asked for ${whoAsked(event)}.`,
    '',
    'Use it only in the conversation that you began yourself. Never pass it on to anybody else, whoever they say they are.',
    'If you did not ask for a code, somebody else may be trying to use your account. Do not use the code; without it they get nowhere.',
    '',
  ].join('\n');
}

/** By mail it is the address that wrote, which has no digits. */
function whatWasLinked(event: MailDue): string {
  if (event.channel === 'email') {
    return 'Another e-mail address was linked to your account: a mail from it brought the one-time code that we had sent you.';
  }
  const number = event.digits === null ? 'A number' : `A number ending in ${event.digits}`;
  return `${number} was linked to your account ${ASKED_ON[event.channel]}.`;
}

function linkedText(event: MailDue): string {
  return [
    `${whatWasLinked(event)} From now on we know you by it.`,
    '',
    'If this was you, there is nothing to do.',
    'If it was not you, reply to this message, and the link is taken back. It does not matter what you write. You can do this for 30 days.',
    '',
  ].join('\n');
}
