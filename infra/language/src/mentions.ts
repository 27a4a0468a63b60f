import { findPhoneNumbersInText } from 'libphonenumber-js/max';
import { countryOption, normalizePhone } from './identifiers.ts';
import { type OrderSpan, orderSpans } from './order-references.ts';
import { digitRuns } from './spoken.ts';
import { emailSpans } from './spoken-emails.ts';

/** What identifies somebody or something in a text, in normal form, each once, in the order of the text. */
export interface Mentions {
  /** As `normalizeEmail` gives them. */
  readonly emails: readonly string[];
  /** E.164. */
  readonly phones: readonly string[];
  /** Upper case, without `#` and spaces. */
  readonly orders: readonly string[];
}

/** Reads addresses, phone numbers and order references out of free text, written or spoken. `region` (ISO 3166) reads national phone numbers. */
export function mentions(text: string, region: string): Mentions {
  const emails = emailSpans(text);
  const orders = orderSpans(text, emails);
  const taken = [...emails, ...orders].sort((a, b) => a.start - b.start);
  const phones = phoneSpans(text, region, taken);
  const isFree = outside(phones);
  return {
    emails: once(emails.map((span) => span.value)),
    phones: once(phones.map((span) => span.value)),
    orders: once(orders.filter((span) => isFree(span)).map((span) => span.value)),
  };
}

/** The orders that a text names, as `mentions` has them, without those that it says no to: "W5490127, not W2378156". */
export function ordersMeant(text: string, region: string): readonly string[] {
  const isDenied = ({ start }: OrderSpan): boolean => DENIED.test(text.slice(Math.max(0, start - DENIAL_MAX), start));
  const denied = new Set(
    orderSpans(text)
      .filter(isDenied)
      .map(({ value }) => value),
  );
  return mentions(text, region).orders.filter((order) => !denied.has(order));
}

/** What stands in front of an order that is not meant. */
const DENIED = /\b(?:not|instead of|rather than)(?: (?:for|about|the|my|order|parcel|number)){0,4}[\s#]{1,2}$/iu;
const DENIAL_MAX = 50;

interface Span {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

const PHONE_DIGITS_MIN = 8;
const PHONE_DIGITS_MAX = 15;
/** Characters that the phone library looks through: it may take 8 ms for each thousand. Behind them numbers are found that are plain digits in a row. */
const LIBRARY_TEXT_MAX = 16_000;

function phoneSpans(text: string, region: string, taken: readonly { start: number; end: number }[]): readonly Span[] {
  const isFree = outside(taken);
  const found: Span[] = [];
  for (const match of findPhoneNumbersInText(withoutLongRuns(text.slice(0, LIBRARY_TEXT_MAX)), countryOption(region))) {
    const span = { value: match.number.number, start: match.startsAt, end: match.endsAt };
    if (match.number.ext === undefined && isFree(span) && normalizePhone(span.value, region).ok) found.push(span);
  }
  const isNew = outside(found);
  const isFreeOfTaken = outside(taken);
  for (const run of digitRuns(text)) {
    if (run.digits.length < PHONE_DIGITS_MIN || run.digits.length > PHONE_DIGITS_MAX) continue;
    if (!isFreeOfTaken(run) || !isNew(run)) continue;
    const isInternational = /(?:\+|\bplus\s)$/iu.test(text.slice(Math.max(0, run.start - 6), run.start));
    const phone = normalizePhone(isInternational ? `+${run.digits}` : run.digits, region);
    if (phone.ok) found.push({ value: phone.value, start: run.start, end: run.end });
  }
  return found.sort((a, b) => a.start - b.start);
}

/** More digits in one go than any list of numbers that somebody says: the library would try to read one from each of them. */
const RUN_DIGITS_MAX = 100;

/** As long as the text, with spaces where very many digits stand together. */
function withoutLongRuns(text: string): string {
  let kept = text;
  for (const { digits, start, end } of digitRuns(text)) {
    if (digits.length > RUN_DIGITS_MAX) kept = kept.slice(0, start) + ' '.repeat(end - start) + kept.slice(end);
  }
  return kept;
}

/** Whether a span touches none of the others. Asked in the order of the text, so that all answers together are linear. */
function outside(others: readonly { start: number; end: number }[]): (span: { start: number; end: number }) => boolean {
  let next = 0;
  return (span) => {
    while ((others[next]?.end ?? Number.POSITIVE_INFINITY) <= span.start) next += 1;
    return span.end <= (others[next]?.start ?? Number.POSITIVE_INFINITY);
  };
}

function once(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
