export type Intent =
  | 'refund'
  | 'order_status'
  | 'refund_status'
  | 'person'
  | 'new_issue'
  | 'yes'
  | 'no'
  | 'goodbye'
  | 'other';

/** What somebody wants, by their words (English), so that playbooks run without a model. `['other']` where nothing is recognised; asking about a refund that exists is `refund_status`, never also `refund`; a good-bye behind what is wrong is none. */
export function intents(text: string): readonly Intent[] {
  const said = plain(text);
  const found: Intent[] = [];
  if (REFUND_STATUS.test(said)) found.push('refund_status');
  else if (REFUND.test(said) && !NO_REFUND.test(said) && !REFUND_ASKED_ABOUT.test(said)) found.push('refund');
  if (ORDER_STATUS.test(said) || (found.length === 0 && NUMBER_STATUS.test(said))) found.push('order_status');
  if (PERSON.test(said)) found.push('person');
  if (NEW_ISSUE.test(said)) found.push('new_issue');
  if (YES.test(said)) found.push('yes');
  else if (NO.test(said)) found.push('no');
  if (GOODBYE.test(said) && !TROUBLE.test(said)) found.push('goodbye');
  return found.length === 0 ? ['other'] : found;
}

/** They say that they want no refund, or not any more. Complaining that none has come is no such thing. */
export function withdrawsRefund(text: string): boolean {
  const said = plain(text);
  return NO_REFUND.test(said) && !REFUND_STATUS.test(said);
}

/** A yes and nothing besides: what may set something going. One with a condition, a question or a thought behind it is no such yes. */
export function agrees(text: string): boolean {
  const said = plain(text);
  return YES.test(said) && !/[\p{L}\p{N}?]/u.test(said.replace(ASSENT, ' '));
}

/** The number that somebody asks about without saying what it is of ("when will 10-4477 be here"), as written; undefined where nobody does. */
export function numberAskedAbout(text: string): string | undefined {
  return NUMBER_STATUS.exec(plain(text))
    ?.slice(1)
    .find((number) => number !== undefined);
}

/** The reason that somebody gives, in their own words and short ("it arrived broken"), or undefined. */
export function reasonOf(text: string): string | undefined {
  const said = text.replace(/\s+/g, ' ').slice(0, TEXT_LENGTH_MAX);
  for (const pattern of [BECAUSE, IT_IS, FAULT]) {
    const reason = pattern.exec(said)?.[1]?.trim();
    if (reason !== undefined && reason !== '') return reason;
  }
  return undefined;
}

/** A wish or a reason stands in the first few thousand characters. */
const TEXT_LENGTH_MAX = 4000;

/** As patterns of what is meant read it: the beginning, in lower case, with plain apostrophes and single spaces. */
export function plain(text: string): string {
  return text.slice(0, TEXT_LENGTH_MAX).toLowerCase().replace(/[’]/g, "'").replace(/\s+/g, ' ').trim();
}

/** A call or a message is returned otherwise than a parcel. */
const RETURN = 'return(?! (?:home|to|(?:\\w+ )?(?:calls?|messages?|mails?|e-?mails?))\\b)';
const GOODS = '(?:it|this|them|these|that|the \\w+|my \\w+)';
const REFUND = new RegExp(
  [
    '\\b(?:refund(?:ed|s)?(?! polic)|money back|reimburse(?:d|ment)?|get my money|return (?:and|&) refund)\\b',
    `\\b(?:${RETURN} ${GOODS}|(?:send|give) ${GOODS} back|(?:want|like|need) to ${RETURN})\\b`,
  ].join('|'),
);
const MONEY_BACK = `(?:refund(?:s|ed)?|reimburse(?:d|ment)?|(?:my |the )?money back|return(?! (?:label|slip|address))|(?:send|give) ${GOODS} back)`;
/** A no in front of the wish, with nothing but small words between: "never asked for a refund", "cancel my refund". Who keeps a thing wants none for it either. */
const NO_REFUND = new RegExp(
  [
    `(?:\\w{2,6}n't|dont|didnt|not|never|no longer) (?:\\w+ly )?(?:want(?:ed|ing)?|need(?:ed)?|wish|like|ask(?:ed|ing)?|looking|interested)(?: (?:for|in|to|be|have|a|an|any|the|my|that|this)){0,4} ${MONEY_BACK}`,
    `(?:\\w{2,6}n't|dont|didnt|not|never|no longer) (?:want(?:ed)?|need|like) (?:${GOODS} )?(?:to be )?(?:refunded|returned|sent back)`,
    `(?:don'?t|do not|never|can'?t|cannot|not|without|instead of|rather than)(?: (?:for|a|an|any|the|my|that|this|be|go|on|through|with)){0,4} ${MONEY_BACK}`,
    `no ${MONEY_BACK}`,
    `(?<!\\b(?:can|could|may|should|do) )(?:i|i'll|will|to|rather) keep ${GOODS}`,
    `(?<!not |never |n't )(?:cancel|stop|forget|withdraw|drop)(?: about)?(?: (?:a|any|the|my|that|this))? ${MONEY_BACK}`,
  ]
    .map((no) => `\\b(?:${no})\\b`)
    .join('|'),
);
/** Whoever asks what would be does not want it yet: "would you refund me if it never comes". */
const REFUND_ASKED_ABOUT =
  /\b(?:would|will|do|does) (?:you|i|they) (?:\w+ ){0,2}(?:refund|reimburse|get my money) [^.!?]{0,80}\b(?:if|when)\b/;
const REFUND_STATUS = new RegExp(
  [
    "\\b(?:news|update|status|progress|happen(?:ing|ed)|heard|going on|what's up|hear) (?:\\w+ ){0,4}(?:refund|money|reimbursement)\\b",
    '\\b(?:what|how) about (?:my|the|that) refund\\b',
    '\\brefund (?:status|update|progress)\\b',
    "\\b(?:where|when|how long|has|is|did|why)(?:'s)? (?:\\w+ ){0,6}(?:refund|money|reimbursement)\\b(?! back\\?? (?:for|because))",
    "\\b(?:my|the|that) refund (?:has not|hasn't|did not|didn't|is not|isn't|still|yet|was|has|should)\\b",
    '\\b(?:still|yet) (?:\\w+ ){0,4}(?:waiting|receive|received|get|got) (?:\\w+ ){0,3}(?:refund|money)\\b',
    '\\bwaiting (?:for|on) (?:\\w+ ){0,3}(?:refund|money)\\b',
    "\\bhaven't (?:received|gotten|got|seen) (?:\\w+ ){0,3}(?:refund|money)\\b",
    '\\b(?:check|ask|asking|calling|following up|follow up) (?:\\w+ ){0,3}(?:about|on|for) (?:my|the|that) refund\\b',
  ].join('|'),
);
const ITEM = '(?:order|parcel|package|delivery|shipment|purchase|stuff|item|items|things?)';
const ORDER_STATUS = new RegExp(
  [
    `\\b(?:where|when|what)(?:'s| is| are| will| does| has|'ll)? (?:\\w+ ){0,5}${ITEM}\\b(?! number)`,
    `\\b(?:status|track|tracking|news|update|happen(?:ing|ed)|check) (?:\\w+ ){0,4}${ITEM}\\b`,
    `\\b(?:has|have|did|was|is|will) (?:it|they|(?:my|the|that) (?:\\w+ ){0,2}${ITEM}) (?:\\w+ ){0,2}(?:ship|shipped|sent|left|arrive|arrived|delivered|dispatched|come)\\b`,
    `\\b${ITEM} status\\b|\\b${ITEM} (?:[#\\w-]+ ){0,3}(?:not|n't|hasn'?t|didn'?t|never) (?:\\w+ ){0,2}(?:arrived?|come|shipped|delivered)\\b`,
    '\\bhas (?:it|that) shipped\\b|\\bwhen (?:will|does|is) (?:it|that) (?:arrive|arriving|come|coming|get here|be delivered)\\b',
  ].join('|'),
);
/** Something written like an order's number, "#1029" or "10-4477": whoever asks about one names no parcel with it. What a mask left is none. */
const NUMBER = '(#?(?:[a-z]{1,3}-?)?\\d[\\d-]{2,12})(?![\\d-])';
const NUMBER_STATUS = new RegExp(
  [
    `\\b(?:where|when)(?:'?s| is| will| does| did)? (?:\\w+ ){0,3}${NUMBER}`,
    `\\b(?:status|track|tracking|news|update|happen(?:ing|ed)|check) (?:\\w+ ){0,3}${NUMBER}`,
    `(?<![\\w•-])${NUMBER} (?:has|is|did|was)(?: not|n'?t) (?:\\w+ ){0,2}(?:arrived?|come|here|shipped|delivered)\\b`,
  ].join('|'),
);
const PERSON =
  /\b(?:(?:talk|speak|chat|connect|transfer|put|get|pass|hand)(?: \w+){0,3} (?:to|with|through to) (?:\w+ ){0,2}(?:human|person|agent|somebody|someone|representative|rep|manager|supervisor|advisor|operator|colleague|people|customer (?:service|care|support))|(?:real|actual|live) (?:human|person|agent)|human(?: being)?,? please|(?:want|need|get me|give me) (?:a|an|some|your|the) (?:human|person|agent|representative|operator|manager|supervisor)|(?:agent|representative|operator|human)[.!?]*$)/;
const NEW_ISSUE =
  /\b(?:something else|(?:a |an )?(?:different|another|separate|new|other) (?:matter|question|issue|problem|topic|thing|request|case|subject)|something (?:different|new)|(?:a )?different order|unrelated)\b/;
const YES =
  /^(?:(?:oh|uh|um|well|ah),? )?(?:yes|yeah|yep|yup|sure|correct|right|exactly|ok|okay|please do|that's (?:right|correct|it|me)|go ahead|of course|absolutely|definitely|affirmative|i do|it is|indeed)\b(?!n't| (?:now|away|after|before|not|no longer)\b)/;
/** What a plain yes is said with. */
const ASSENT = new RegExp(
  `\\b(?:${[
    "yes|yeah|yep|yup|sure(?: thing)?|correct|right|exactly|ok(?:ay)?|of course|absolutely|definitely|affirmative|indeed|that(?:'s| is) (?:right|correct|fine|me)",
    "please|go (?:ahead|on|for it)|(?:i )?do(?: (?:it|that|so))?|it is|continue|proceed|i(?: want| would like|'d like) (?:it|that)|with (?:it|that)|(?:with )?(?:the|my) refund",
    'thank(?:s| you)(?: (?:very|so) much)?|oh|uh|um|well|ah|great|good|fine|perfect|then|now',
  ].join('|')})\\b`,
  'g',
);
const NO =
  /^(?:(?:oh|uh|um|well|ah),? )?(?:no|nope|nah|not (?:really|that|quite|this)|never ?mind|negative|i don't(?: think so)?$|it(?:'s| is) not|wrong)\b/;
const GOODBYE =
  /\b(?:good ?bye|bye(?: bye)?|see you|have a (?:nice|good|great) (?:day|one|evening|weekend)|that's all|that is all|that will be all|that'll be all|nothing else|no more questions|talk to you later|hang up)\b/;
const DEFECTS = 'broken|damaged|defective|faulty|cracked';
const TROUBLE = new RegExp(
  `\\b(?:${DEFECTS}|broke|leak(?:s|ing))\\b|(?:\\b(?:never|not|hasnt|didnt|doesnt|stopped)|n't) (?:\\w+ )?(?:work(?:s|ing)?|arrived?|come)\\b`,
);

const BECAUSE =
  /\b(?:because|the reason is(?: that)?|due to)\s((?:it|they|the|this|that|my|i|one|of)?[^.!?;,\n]{3,120})/iu;
const FAULTS = `${DEFECTS}|scratched|torn|leaking|dead|missing|late|too (?:late|small|big|large|tight|loose|long|short)|the wrong (?:size|colou?r|item|one|model)|wrong|empty|incomplete|used|dirty|not working|not what i (?:ordered|expected)`;
const ENDS = `${FAULTS}|fit|work|working|arrive|arrived|turn on|match|pieces`;
const BROKE = 'broke(?: down| apart| again)?';
const IT_IS = new RegExp(
  `\\b((?:it|they|this|that|the \\w{1,30}|my \\w{1,30}|one)(?:'s|’s| is| are| was| were| arrived| came| has arrived| turned out| got here| never arrived| do ?n[o'’]t| does ?n[o'’]t| did ?n[o'’]t| stopped| keeps| ${BROKE})(?: (?:completely|totally|already|all|to be|in))?(?: (?:${ENDS}))?)(?= ?[.,;!?]| and| so| when| but|$)(?<=${ENDS}|${BROKE})`,
  'iu',
);
const FAULT = new RegExp(
  `\\b(${DEFECTS}|broke(?: again)?|scratched|wrong (?:size|colou?r|item|model)|too (?:small|big|large|tight|late)|not working|(?:doesn|didn)['’]t (?:fit|work|arrive)|never arrived|missing parts?|changed my mind|no longer need(?: it| them)?|by mistake)\\b`,
  'iu',
);
