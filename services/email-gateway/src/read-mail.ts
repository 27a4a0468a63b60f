import { type EmailAddress, type ParsedMail, simpleParser } from 'mailparser';
import type { IncomingFile, IncomingMail, MailHeader } from './incoming.ts';
import { cutChars } from './turn-text.ts';
import { visibleReply } from './visible-reply.ts';

/**
 * Reads the bytes of a mail. Rejects where they are no mail or have more parts, deeper headers or more HTML than any mail of a
 * person has. It may take long on hostile bytes: call it on a thread that can be ended.
 */
export async function readMail(raw: Uint8Array): Promise<IncomingMail> {
  const parsed = await simpleParser(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength), LIMITS);
  const headers = headersOf(parsed);
  const text = cutChars((parsed.text ?? '').replace(/\r\n?/g, '\n'), TEXT_CHARS_MAX).trim();
  return {
    headers,
    author: authorOf(parsed, headers),
    subject: cutChars((parsed.subject ?? '').replace(/[\p{Cc}\s]+/gu, ' ').trim(), SUBJECT_CHARS_MAX),
    text,
    visibleText: visibleReply(text),
    attachments: parsed.attachments.slice(0, ATTACHMENTS_MAX).map(
      (file): IncomingFile => ({
        name: cutChars((file.filename ?? '').replace(/\p{Cc}/gu, ''), NAME_CHARS_MAX),
        mediaType: MEDIA_TYPE.test(file.contentType) ? file.contentType.toLowerCase() : 'application/octet-stream',
        bytes: file.content,
      }),
    ),
  };
}

const TEXT_CHARS_MAX = 65_536;
const SUBJECT_CHARS_MAX = 300;
const NAME_CHARS_MAX = 200;
const ATTACHMENTS_MAX = 50;
const MEDIA_TYPE = /^[\w.+-]{1,60}\/[\w.+-]{1,80}$/;

const LIMITS = {
  maxHeadSize: 256_000,
  maxChildNodes: 200,
  maxHtmlLengthToParse: 2_000_000,
  skipTextToHtml: true,
  skipImageLinks: true,
  keepCidLinks: true,
  checksumAlgo: false,
} as const;

function headersOf(parsed: ParsedMail): readonly MailHeader[] {
  return (parsed.headerLines ?? []).map(({ key, line }) => ({
    name: key.toLowerCase(),
    value: line
      .slice(line.indexOf(':') + 1)
      .replace(/\r?\n/g, '')
      .trim(),
  }));
}

/** Two From fields, two authors or a group: nobody can say who wrote it (RFC 9989 5.3.1), so nobody did. */
function authorOf(parsed: ParsedMail, headers: readonly MailHeader[]): IncomingMail['author'] {
  if (headers.filter((header) => header.name === 'from').length !== 1) return undefined;
  const authors: readonly EmailAddress[] = parsed.from?.value ?? [];
  const [author] = authors;
  if (authors.length !== 1 || author === undefined || author.group !== undefined) return undefined;
  if (author.address === undefined || author.address === '') return undefined;
  return { address: author.address, name: cutChars(author.name.replace(/[\p{Cc}\s]+/gu, ' '), NAME_CHARS_MAX) };
}
