import { headerValues, type IncomingMail, type MailEnvelope } from './incoming.ts';

/**
 * Whether a machine wrote the mail: a bounce, an auto-reply, a mailing list (RFC 3834 and what is in use). To answer one is how
 * mail loops begin.
 */
export function isAutomatic(mail: IncomingMail, envelope: MailEnvelope, author: string | undefined): boolean {
  const values = (name: string): readonly string[] =>
    headerValues(mail.headers, name).map((value) => value.trim().toLowerCase());
  const senders = [author, envelope.sender].filter((address) => address !== undefined);
  return (
    envelope.sender === '' ||
    values('return-path').some((value) => value === '' || value === '<>') ||
    values('auto-submitted').some((value) => (value.split(/[;\s]/)[0] ?? '') !== 'no') ||
    values('precedence').some((value) => BULK.test(value)) ||
    values('x-auto-response-suppress').some((value) => value !== '' && value !== 'none') ||
    values('content-type').some((value) => value.startsWith('multipart/report')) ||
    MARKS.some((name) => values(name).length > 0) ||
    senders.some((address) => MACHINES.test(address.slice(0, address.lastIndexOf('@'))))
  );
}

const MARKS = ['list-id', 'x-autoreply', 'x-autorespond', 'x-failed-recipients'];
const BULK = /^(?:bulk|list|junk|auto[_-]reply)\b/;
const MACHINES = /^(?:mailer-daemon|postmaster|(?:no|do-?not|donot)[._-]?reply|bounces?)(?:[+=_-].*)?$/i;
