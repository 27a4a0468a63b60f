import type { IncomingMail } from './incoming.ts';

const TEXT_BYTES_MAX = 65_536;
const REPLY_PREFIX = /^\s*(?:(?:re|aw|fwd?|wg|sv|tr|antw)\s*(?:\[\d+\])?\s*:\s*)+/i;

/**
 * What the customer says with a mail: what they wrote, without quotes and signature; the whole text where nothing is left of
 * it; the subject where there is no text. The subject of a new mail stands in front when it says something that the text does not.
 */
export function turnText(mail: IncomingMail, isReply: boolean): string {
  const written = mail.visibleText === '' ? mail.text : mail.visibleText;
  const subject = mail.subject.replace(REPLY_PREFIX, '').trim();
  if (written === '') return subject;
  return isReply || REPLY_PREFIX.test(mail.subject) || !saysMore(subject, written)
    ? written
    : `${subject}\n\n${written}`;
}

/** At most 64 kB of UTF-8, cut between characters. */
export function cutText(text: string): string {
  if (Buffer.byteLength(text) <= TEXT_BYTES_MAX) return text;
  const bytes = Buffer.from(text).subarray(0, TEXT_BYTES_MAX);
  return bytes.toString('utf8').replace(/\uFFFD+$/, '');
}

/** At most so many UTF-16 units, and no half of a character at the end. */
export function cutChars(text: string, charsMax: number): string {
  return text.length <= charsMax ? text : text.slice(0, charsMax).replace(/[\ud800-\udbff]$/, '');
}

function saysMore(subject: string, text: string): boolean {
  const known = new Set(wordsOf(text));
  return wordsOf(subject).some((word) => !known.has(word));
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]{2,}/gu) ?? [];
}
