import { plain } from './intent.ts';

/**
 * Nothing is said but thanks, a good-bye or that nothing is needed, in the usual words and over a name. A question, or a single word that
 * says something else, is more than that: "cancel it, bye".
 */
export function wantsNothing(text: string): boolean {
  const said = plain(text.trim().replace(SIGNED, ''));
  return LETTER.test(said) && !SAYS_MORE.test(said.replace(LEAVE, ' '));
}

/** A short turn that thanks or takes leave and wants nothing else. A yes or a no alone answers something, and is none. */
export function isFarewell(text: string): boolean {
  if (text.trim().length > LENGTH_MAX) return false;
  return wantsNothing(text) && LETTER.test(plain(text).replace(ANSWER, ''));
}

const LENGTH_MAX = 80;
const LETTER = /\p{L}/u;
const SAYS_MORE = /[\p{L}\p{N}?•]/u;
/** ", Pat" or "Pat Doe" on a line of its own, at the end. */
const SIGNED = /[,\n][ \t]{0,4}\p{Lu}\p{Ll}{1,20}(?: \p{Lu}\p{Ll}{1,20})?\.?$/u;
const ANSWER = /\b(?:yes|yeah|yep|yup|no|nope|nah|please)\b/g;

const ALL = '(?:all|it|everything)(?: (?:for (?:now|today)|i (?:need|needed|wanted)(?: to know)?|from me))?';
/** Phrases rather than words, so that no complaint can be put together from them. */
const LEAVE = new RegExp(
  `\\b(?:${[
    '(?:many )?thank(?:s| you)(?: (?:very much|so much|a lot|again|all))*(?: for (?:that|this|now|today|everything|checking|looking|letting me know|(?:your|the|all your) (?:quick )?(?:help|support|time|reply|answer|information|update)))?',
    'cheers|(?:i )?appreciate (?:it|that|your help)|much appreciated|for (?:now|today|that|your help)|a lot|(?:very|so) much|many|again',
    '(?:and |for )?(?:now )?good ?bye|bye(?: bye)?|see you(?: (?:later|soon))?|talk to you (?:later|soon)|take care|good night|(?:you can )?hang up',
    '(?:and )?(?:have|wish you) a (?:nice|good|great|lovely|wonderful) (?:day|one|evening|weekend|night|week)|(?:and )?(?:the )?same to you|you too',
    `(?:that's|that is|that will be|that'll be|that was) ${ALL}|nothing (?:else|more)(?: for (?:now|today))?|no more questions|(?:i'm|i am|we're) (?:good|fine|done|all set)`,
    "yes|yeah|yep|yup|no(?:pe)?|nah|never ?mind|not really(?! (?!thank|bye)\\w)|no need|i don't think so|(?:please )?don't(?! \\w)",
    "(?:you(?:'ve| have)? (?:been|were|are)|that(?:'s| is| was)) (?:so |very |really )?(?:helpful|kind)|that helps",
    "ok(?:ay)?|great|perfect|super|fine|excellent|wonderful|alright|all right|sounds good|got it|understood|that's (?:fine|great|perfect|ok(?:ay)?)",
    '(?:best|kind|warm) regards|regards|best wishes|sincerely|yours|please|and|then|well|oh|uh|um|ah',
  ].join('|')})\\b`,
  'g',
);
