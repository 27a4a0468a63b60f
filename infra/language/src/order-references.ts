import { type DigitAtom, digitAtoms, isOneByOne } from './digit-atoms.ts';
import { gapBetween, type Word, words } from './words.ts';

/** An order reference in its normal form (upper case, no `#`, no spaces), and the characters that say it. */
export interface OrderSpan {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** What all ways to give one reference have in common: nobody says its dashes aloud. Orders are compared by it, and shown as they were given. */
export const orderKey = (order: string): string => order.replaceAll('-', '');

/** A day, however its numbers are ordered, and no order. */
export const isDate = (value: string): boolean => DATE.test(value);

/** Order references in a text, in order, without those inside `taken` (addresses). Linear in the length of the text. */
export function orderSpans(text: string, taken: readonly { start: number; end: number }[] = []): readonly OrderSpan[] {
  const list = words(text);
  const reading: Reading = {
    text,
    list,
    spoken: new Map(
      digitAtoms(text, list)
        .filter((atom) => atom.spoken)
        .map((atom) => [atom.start, atom]),
    ),
  };
  const spans: OrderSpan[] = [];
  let mayContinue = false;
  let nextTaken = 0;
  for (let index = 0; index < list.length; index += 1) {
    const word = list[index];
    if (word === undefined || word.start < (spans.at(-1)?.end ?? 0)) continue;
    while ((taken[nextTaken]?.end ?? Number.POSITIVE_INFINITY) <= word.start) nextTaken += 1;
    if (word.end > (taken[nextTaken]?.start ?? Number.POSITIVE_INFINITY)) continue;
    const found: OrderSpan | undefined = CUES.has(word.lower)
      ? afterCue(reading, index)
      : (standalone(reading, index) ?? (mayContinue ? continued(reading, index) : undefined));
    if (found !== undefined) spans.push(found);
    mayContinue = found !== undefined || (mayContinue && (word.lower === 'and' || word.lower === 'or'));
  }
  return spans;
}

interface Reading {
  readonly text: string;
  readonly list: readonly Word[];
  /** Number words by where they begin. */
  readonly spoken: ReadonlyMap<number, DigitAtom>;
}

const CUES = new Set(
  'order orders bestellung bestellnummer ordernummer auftragsnummer parcel package purchase orderid'.split(' '),
);
/** What people put between the word and the reference. Those marked as naming a number let even a short one count. */
const NAMES_NUMBER = new Set('number numbers num no nr nummer id ids ref reference code'.split(' '));
const LINKS = new Set('is was are the my s it called ist lautet die with mit and'.split(' '));
const LINKS_MAX = 5;
/** What follows a count, a duration or a date and never a reference. */
const COUNTED = new Set(
  (
    'day days week weeks month months year years hour hours minute minutes min am pm euro euros eur dollar dollars usd pound pounds gbp cents ' +
    'percent item items piece pieces pack packs times of more january february march april may june july august september october november ' +
    'december jan feb mar apr jun jul aug sep sept oct nov dec kg g ml inch inches stück tage wochen st nd rd th'
  ).split(' '),
);
const MONTHS = new Set('jan feb mar apr may jun jul aug sep oct nov dec'.split(' '));

const REFERENCE_GAP = /^\s{0,2}[-#:.,(=]{0,2}\s{0,2}[#"'“]?$/u;

function afterCue(reading: Reading, cue: number): OrderSpan | undefined {
  const { text, list } = reading;
  let named = false;
  for (let index = cue + 1; index <= cue + 1 + LINKS_MAX; index += 1) {
    const [before, word] = [list[index - 1], list[index]];
    if (before === undefined || word === undefined) return undefined;
    const gap = gapBetween(text, before.end, word.start);
    if (gap === undefined || !(REFERENCE_GAP.test(gap) || /^['’]$/.test(gap))) return undefined;
    named ||= gap.includes('#');
    const found = written(reading, index) ?? said(reading, index);
    if (found !== undefined) return isReference(found, named, list[cue - 1]) ? found : undefined;
    if (NAMES_NUMBER.has(word.lower)) named = true;
    else if (!LINKS.has(word.lower)) return undefined;
  }
  return undefined;
}

/** Bare digits count from three on; "to order 500 pens" orders, it does not name an order. */
function isReference(span: OrderSpan, named: boolean, beforeCue: Word | undefined): boolean {
  if (named || /[A-Z]/.test(span.value)) return true;
  return span.value.length >= 3 && beforeCue?.lower !== 'to';
}

/** "orders 4711 and 4712". */
function continued(reading: Reading, index: number): OrderSpan | undefined {
  const found = written(reading, index);
  return found !== undefined && /\d{3}/.test(found.value) ? found : undefined;
}

/** A token that looks like a reference wherever it stands: `#W2378156`, `W2378156`, `ORD-12345`, `A-1001`. */
function standalone(reading: Reading, index: number): OrderSpan | undefined {
  const { text, list } = reading;
  const word = list[index];
  if (word === undefined) return undefined;
  const hashed = text[word.start - 1] === '#';
  if (!hashed && /[-/=_.@\p{L}\p{N}]/u.test(text[word.start - 1] ?? ' ')) return undefined;
  const span = written(reading, index);
  if (span === undefined || span.value.length > STANDALONE_LENGTH_MAX) return undefined;
  if (hashed) return span.value.length >= 3 ? span : undefined;
  const [, letters, dash, digits] = STANDALONE.exec(span.value) ?? [];
  if (letters === undefined || digits === undefined || MONTHS.has(letters.toLowerCase())) return undefined;
  const isCapital = text.slice(word.start, word.start + letters.length) === letters;
  if (!isCapital && letters.length > 2) return undefined;
  const enough = digits.length >= (dash === '-' ? 3 : isCapital ? 4 : 5);
  return enough ? span : undefined;
}

const STANDALONE = /^([A-Z]{1,4})(-?)(\d{3,12})(?:-\d{1,8})?$/;
const STANDALONE_LENGTH_MAX = 24;

/** A reference of one written token, with its dashes: `W2378156`, `10-4477`. No date, time, amount or count. */
function written(reading: Reading, index: number): OrderSpan | undefined {
  const { text, list } = reading;
  const first = list[index];
  if (first === undefined || reading.spoken.has(first.start)) return undefined;
  let last = index;
  while (last - index < 5 && isDashed(text, list[last], list[last + 1])) last += 1;
  const end = list[last]?.end ?? first.end;
  const value = text.slice(first.start, end).toUpperCase();
  if (!/\d/.test(value) || value.length > REFERENCE_LENGTH_MAX || !/^[A-Z\d]+(?:-[A-Z\d]+)*$/.test(value)) {
    return undefined;
  }
  if (/^\d$/.test(value) && isOneByOneAhead(reading, last)) return undefined;
  return isSomethingElse(reading, value, first.start, last) ? undefined : { value, start: first.start, end };
}

const REFERENCE_LENGTH_MAX = 40;

function isDashed(text: string, left: Word | undefined, right: Word | undefined): boolean {
  return left !== undefined && right !== undefined && right.start - left.end === 1 && text[left.end] === '-';
}

function isOneByOneAhead(reading: Reading, index: number): boolean {
  const next = reading.list[index + 1];
  const left = reading.list[index];
  if (next === undefined || left === undefined) return false;
  return (
    /^\s{1,2}$/u.test(gapBetween(reading.text, left.end, next.start) ?? '') && charactersOf(reading, next) !== undefined
  );
}

const DATE = /^(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}-\d{1,2}-\d{2,4})$/;
const NUMBER_WITH_UNIT = /^\d+(?:ST|ND|RD|TH|PM|AM|DAYS?|H|X|KG|G|CM|MM|ML|GB|TB|MIN|EUR|USD|GBP)$/;

function isSomethingElse(reading: Reading, value: string, start: number, last: number): boolean {
  const { text, list } = reading;
  const end = list[last]?.end ?? start;
  const next = list[last + 1];
  const isBare = /^[\d-]+$/.test(value);
  if (isDate(value) || NUMBER_WITH_UNIT.test(value)) return true;
  if (/[$€£¥+]\s?$|\d[.,:/]$/u.test(text.slice(Math.max(0, start - 2), start))) return true;
  if (/^(?:[.,:/]\d|\s?[$€£¥%@])/u.test(text.slice(end, end + 3))) return true;
  const isSpaced = next !== undefined && /^\s{1,2}$/u.test(gapBetween(text, end, next.start) ?? '');
  return isBare && isSpaced && COUNTED.has(next.lower);
}

/** A reference read out: "w two three seven eight", "T L dash one zero four two". At least three digits, letters only before them. */
function said(reading: Reading, index: number): OrderSpan | undefined {
  const { text, list } = reading;
  const first = list[index];
  // Longer digits were read as written, and the s of "it's" is no letter of a reference.
  if (first === undefined || /^\d{2}/.test(first.lower) || /['’]/.test(text[first.start - 1] ?? '')) return undefined;
  let value = '';
  let end = first.start;
  for (let at = index; at < list.length && value.length < REFERENCE_LENGTH_MAX; at += 1) {
    const word = list[at];
    if (word === undefined) break;
    if (word.start < end) continue;
    const gap = at === index ? ' ' : (gapBetween(text, end, word.start) ?? '');
    if (!/^(?:\s{1,2}|-\s?|[.,]\s)$/u.test(gap)) break;
    const piece = charactersOf(reading, word);
    const pieceEnd = reading.spoken.get(word.start)?.end ?? word.end;
    if (piece === undefined || (/[A-Z]/.test(piece) && /\d/.test(value))) break;
    if (/\d/.test(piece) && isCounted(reading, at, pieceEnd)) break;
    value += piece;
    end = pieceEnd;
  }
  const clean = value.replace(/^-+|-+$/g, '');
  const digits = clean.replace(/[^\d]/g, '').length;
  return digits >= 3 && /^[A-Z]{0,4}-?[\d-]+$/.test(clean) ? { value: clean, start: first.start, end } : undefined;
}

/** What one spoken word adds to a reference. */
function charactersOf(reading: Reading, word: Word): string | undefined {
  const atom = reading.spoken.get(word.start);
  if (atom !== undefined && isOneByOne(atom)) return atom.digits;
  if (['dash', 'hyphen', 'minus'].includes(word.lower)) return '-';
  if (/^(?:[a-z]|\d{1,4})$/.test(word.lower)) return word.lower.toUpperCase();
  return undefined;
}

function isCounted(reading: Reading, index: number, end: number): boolean {
  const next = reading.list.slice(index + 1, index + 4).find((word) => word.start >= end);
  const gap = next === undefined ? undefined : gapBetween(reading.text, end, next.start);
  return next !== undefined && /^\s{1,2}$/u.test(gap ?? '') && COUNTED.has(next.lower);
}
