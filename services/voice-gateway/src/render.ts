/** The frames that go out on the relay, by Twilio's ConversationRelay protocol. */
export type OutFrame =
  | {
      readonly type: 'text';
      readonly token: string;
      readonly last: true;
      /** Whether the caller may talk over it. */
      readonly interruptible: boolean;
      /** Whether what is said next may cut it short. */
      readonly preemptible: boolean;
    }
  | { readonly type: 'end'; readonly handoffData: string };

/** Why the gateway ends a relay. It comes back with the carrier's next webhook, which decides what the caller hears then. */
export type EndReason = 'done' | 'unavailable' | 'not-accepted';

/** Nothing has come for a while. */
export const ONE_MOMENT = 'One moment, please.';
/** What was said is held behind something that a person must look at. */
export const KEPT = 'What you said is kept; a colleague has to look at something first.';
/** New calls cannot be taken. */
export const TRY_LATER = 'We cannot take your call right now. Please try again in a few minutes.';

/** Words of the conversation, as one frame; undefined where nothing of the text can be said. */
export function wordsFrame(text: string): OutFrame | undefined {
  const token = speakable(text);
  if (!/[\p{L}\p{N}]/u.test(token)) return undefined;
  return { type: 'text', token, last: true, interruptible: true, preemptible: false };
}

/** A sentence of the gateway's own, which gives way to the conversation. */
export const asideFrame = (sentence: string): OutFrame => ({
  type: 'text',
  token: sentence,
  last: true,
  interruptible: true,
  preemptible: true,
});

export const endFrame = (reason: EndReason): OutFrame => ({ type: 'end', handoffData: JSON.stringify({ reason }) });

/**
 * Text as a voice can say it: no markdown, no addresses of pages, one line. Numbers stay: order numbers may have six
 * digits, and a one-time code is never among what is to be said, since only mails know codes.
 */
export function speakable(text: string): string {
  const plain = text
    // Bounded, and no bracket inside of another: a text of brackets would keep the thread of every caller.
    .replace(/!?\[([^[\]]{0,1000})\]\([^)\s]{0,2000}\)/gu, '$1')
    .replace(/\b(?:https?:\/\/|www\.)[^\s<>"]*[^\s<>".,;:!?)]/giu, '')
    .replace(/```[\w-]*|[`*]|~~/gu, '')
    .replace(/(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])/gu, '')
    .replace(/\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u{FE0F}|\u{200D}/gu, '');
  const lines = plain.split(/\r?\n/u).map(lineOf).filter(Boolean);
  return lines
    .map((line, at) => (at < lines.length - 1 ? ended(line) : line))
    .join(' ')
    .replace(/\(\s*\)/gu, '')
    .replace(/\s+/gu, ' ')
    .replace(/ ([.,;:!?])/gu, '$1')
    .trim();
}

/** One line without what only paper needs: headings, quotes, bullets. */
const lineOf = (line: string): string => line.replace(/^\s*(?:#{1,6}\s+|>\s*|[-+•]\s+)/u, '').trim();

/** Lines become sentences, so that the voice pauses where the paper broke. */
const ended = (line: string): string => (/[.,;:!?…]$/u.test(line) ? line : `${line}.`);
