import { runInNewContext } from 'node:vm';
import EmailReplyParser from 'email-reply-parser';
import { cutChars } from './turn-text.ts';

/**
 * What somebody wrote in a reply, without the quoted mail and the signature; empty where nothing else is there.
 * The parser's patterns can be made to backtrack for minutes by a text of a few kilobytes, so it gets half a second of
 * the calling thread and then the whole text counts as written.
 */
export function visibleReply(text: string): string {
  const bounded = cutChars(text, TEXT_CHARS_MAX).split(/\r?\n/).map(shortLines).join('\n');
  const parsed = limited(() => new EmailReplyParser().parseReply(bounded.replace(/\n{3,}/g, '\n\n')));
  return (parsed ?? text).trim();
}

const TEXT_CHARS_MAX = 65_536;
const LINE_CHARS_MAX = 2_000;
const PARSE_MS_MAX = 500;

/** A long line in pieces, each still quoted where the line was. */
function shortLines(line: string): string {
  if (line.length <= LINE_CHARS_MAX) return line;
  const pieces: string[] = [];
  for (let rest = line; rest !== ''; rest = rest.slice(pieces.at(-1)?.length))
    pieces.push(cutChars(rest, LINE_CHARS_MAX));
  return pieces.join(line.startsWith('>') ? '\n> ' : '\n');
}

/** The time limit of a script reaches into the functions that it calls; undefined when it was cut off. */
function limited(run: () => string): string | undefined {
  try {
    const result: unknown = runInNewContext('run()', { run }, { timeout: PARSE_MS_MAX });
    return typeof result === 'string' ? result : undefined;
  } catch {
    return undefined;
  }
}
