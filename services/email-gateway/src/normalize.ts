import { deriveId } from '@throughline/kernel/ids';
import type { Mac } from '@throughline/kernel/ports';
import { normalizeEmail } from '@throughline/language/identifiers';
import { redact } from '@throughline/language/redact';
import type { ContactStarted, Evidence, RevocationRequested } from '@throughline/schemas/generated/messages';
import { isAutomatic } from './automatic.ts';
import { headerValues, type IncomingMail, type MailEnvelope, messageIds } from './incoming.ts';
import type { KeptMail } from './keep.ts';
import { writeRoute } from './route.ts';
import { DEFAULT_LOCAL, readCaseToken, readEntryMessageId, readRevocationToken, splitRecipient } from './token.ts';
import { cutText, turnText } from './turn-text.ts';

/** A mail that has been read and checked. */
export interface CheckedMail {
  readonly mail: IncomingMail;
  readonly envelope: MailEnvelope;
  readonly dmarc: 'proven' | 'failed';
  /** SHA-256 of the raw mail: it names a mail that has no Message-ID. */
  readonly contentHash: string;
  readonly receivedMs: number;
}

/** A checked mail that has been kept as well. */
export type ReceivedMail = CheckedMail & KeptMail;

export interface MailSurroundings {
  readonly mac: Mac;
  /** Domains that are ours; empty: any. */
  readonly mailDomains: readonly string[];
  /** Region for numbers without a country code, such as US. */
  readonly region: string;
}

/** The claim that a mail takes back by its token; undefined for every other mail, which is a contact. Nothing is kept of such a mail. */
export function revocationOf(checked: CheckedMail, surroundings: MailSurroundings): RevocationRequested | undefined {
  const author = authorOf(checked.mail);
  if (author === undefined || !isAnswerable(checked, author, surroundings.mailDomains)) return undefined;
  for (const token of tokensOf(checked.envelope)) {
    const claim = readRevocationToken(surroundings.mac, token, author, checked.receivedMs);
    if (claim !== undefined) return { ...claim, by: 'mail' };
  }
  return undefined;
}

/** The contact that a mail is. A forged mail never takes the id of the genuine one: the genuine one would count as its repetition. */
export function contactIdOf({ mail, dmarc, contentHash }: CheckedMail): string {
  const author = authorOf(mail);
  const [messageId] = messageIds(mail.headers, 'message-id');
  const name = author === undefined || messageId === undefined ? contentHash : messageId;
  const grade = dmarc === 'proven' ? [] : ['unproven'];
  return deriveId('ctc', 'email', ...grade, author ?? '', name);
}

/** Turns a mail into a contact. Pure: the same mail gives the same ids, whenever and wherever it is delivered. */
export function normalizeMail(received: ReceivedMail, surroundings: MailSurroundings): ContactStarted {
  const { mail, envelope, receivedMs } = received;
  const { mac, region } = surroundings;
  const author = authorOf(mail);
  const contactId = contactIdOf(received);
  const subjectLine = redact(mail.subject, '', region).text;
  return {
    contactId,
    channel: 'email',
    startedMs: receivedMs,
    connectionId: null,
    route: author === undefined ? null : routeOf(received, author, subjectLine),
    answerable: author !== undefined && isAnswerable(received, author, surroundings.mailDomains),
    expectsWords: false,
    region,
    origin: mac('origin', author ?? envelope.peerAddress),
    originDigits: null,
    evidence: author === undefined ? [] : evidenceOf(received, author, mac),
    turn: turnOf(received, contactId, region),
    subjectLine: subjectLine === '' ? null : subjectLine,
  };
}

const REFERENCES_MAX = 20;

function isAnswerable({ mail, envelope, dmarc }: CheckedMail, author: string, mailDomains: readonly string[]): boolean {
  return dmarc === 'proven' && !isAutomatic(mail, envelope, author) && !isOurs(author, envelope, mailDomains);
}

function tokensOf(envelope: MailEnvelope): readonly string[] {
  return envelope.recipients.flatMap((recipient) => splitRecipient(lower(recipient)).token ?? []);
}

function authorOf(mail: IncomingMail): string | undefined {
  const author = mail.author && normalizeEmail(mail.author.address);
  return author?.ok === true ? author.value : undefined;
}

function turnOf(
  { mail, attachments, receivedMs }: ReceivedMail,
  contactId: string,
  region: string,
): ContactStarted['turn'] {
  const isReply = headerValues(mail.headers, 'in-reply-to').length > 0;
  const redacted = redact(cutText(turnText(mail, isReply)), '', region);
  return {
    inputId: deriveId('inp', contactId, 'mail'),
    text: cutText(redacted.text),
    kind: 'written',
    atMs: receivedMs,
    codeProofs: [],
    masked: redacted.found,
    attachments: attachments.map((file) => ({ ...file, name: redact(file.name, '', region).text })),
  };
}

/** Tokens and threads count only together with proven mail from the address that they were made for. */
function evidenceOf({ mail, envelope, dmarc, receivedMs }: CheckedMail, author: string, mac: Mac): readonly Evidence[] {
  const from: Evidence = {
    method: 'dmarc',
    grade: dmarc,
    identifier: { type: 'email', value: author },
    seenMs: receivedMs,
  };
  if (dmarc !== 'proven') return [from];
  const byToken = tokensOf(envelope).flatMap((token) => readCaseToken(mac, token, author, receivedMs) ?? []);
  const referred = ['in-reply-to', 'references'].flatMap((name) => messageIds(mail.headers, name));
  const byThread = referred.flatMap((messageId) => readEntryMessageId(mac, messageId, author) ?? []);
  return [
    from,
    ...oncePerCase(byToken).map(({ caseId, issuedMs }) => caseEvidence('case-token', caseId, issuedMs)),
    ...[...new Set(byThread)].map((caseId) => caseEvidence('thread-reference', caseId, null)),
  ];
}

function caseEvidence(method: 'case-token' | 'thread-reference', caseId: string, seenMs: number | null): Evidence {
  return { method, grade: 'proven', identifier: { type: 'case', value: caseId }, seenMs };
}

function oncePerCase<T extends { readonly caseId: string }>(tokens: readonly T[]): readonly T[] {
  return [...new Map(tokens.map((token) => [token.caseId, token])).values()];
}

function routeOf({ mail, envelope, rawBlob }: ReceivedMail, author: string, subject: string): string {
  const [messageId = null] = messageIds(mail.headers, 'message-id');
  const earlier = messageIds(mail.headers, 'references');
  const parents = earlier.length > 0 ? earlier : messageIds(mail.headers, 'in-reply-to');
  const name = mail.author?.name ?? '';
  return writeRoute({
    to: author,
    ...(name === '' ? {} : { name }),
    mailbox: splitRecipient(lower(envelope.recipients[0] ?? '')).base,
    subject,
    messageId,
    references: parents.slice(-REFERENCES_MAX),
    raw: rawBlob,
  });
}

/** Whether the author is one of our own mailboxes: one that this mail was sent to, or one that answers or takes tokens in a domain of ours. */
function isOurs(author: string, envelope: MailEnvelope, mailDomains: readonly string[]): boolean {
  const { base, token } = splitRecipient(author);
  const recipients = envelope.recipients.map((recipient) => splitRecipient(lower(recipient)).base);
  if (recipients.includes(base)) return true;
  const at = base.lastIndexOf('@');
  const isOurDomain = mailDomains.includes(base.slice(at + 1));
  return token !== undefined || (isOurDomain && base.slice(0, at) === DEFAULT_LOCAL);
}

function lower(address: string): string {
  return address.trim().toLowerCase();
}
