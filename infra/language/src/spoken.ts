import { type DigitAtom, digitAtoms, isOneByOne } from './digit-atoms.ts';
import { gapBetween } from './words.ts';

/** Digits that belong together, and the characters of the text that say them. */
export interface DigitRun {
  /** ASCII digits, without what stood between them. */
  readonly digits: string;
  readonly start: number;
  readonly end: number;
}

/** Runs of digits in a text: written, separated by single spaces, dashes or dots, or spoken; never the digits of a word such as `W2378156`. */
export function digitRuns(text: string): readonly DigitRun[] {
  return atomRuns(text).map(({ digits, start, end }) => ({ digits, start, end }));
}

/**
 * Every run of exactly six digits, which is what a one-time code looks like: written, grouped, or said one by one.
 * Never a part of a longer run, and never an amount of money, a decimal, a date, a reference behind `#` or the beginning of an address.
 */
export function sixDigitCodes(text: string): readonly DigitRun[] {
  return atomRuns(text)
    .filter((run) => run.digits.length === CODE_DIGITS && !isSomethingElse(text, run))
    .map(({ digits, start, end }) => ({ digits, start, end }));
}

interface AtomRun extends DigitRun {
  readonly atoms: readonly DigitAtom[];
}

function atomRuns(text: string): readonly AtomRun[] {
  const runs: DigitAtom[][] = [];
  let digits = 0;
  let last: DigitAtom | undefined;
  for (const atom of digitAtoms(text)) {
    if (atom.gluedLeft || atom.gluedRight) {
      last = undefined;
      continue;
    }
    const current = runs.at(-1);
    const isNext =
      last !== undefined && (belongTogether(text, last, atom) || (digits < CODE_DIGITS && isAnd(text, last, atom)));
    if (isNext && current !== undefined) current.push(atom);
    else runs.push([atom]);
    digits = (isNext ? digits : 0) + atom.digits.length;
    last = atom;
  }
  return runs.map((atoms) => ({
    digits: atoms.map((atom) => atom.digits).join(''),
    start: atoms[0]?.start ?? 0,
    end: atoms.at(-1)?.end ?? 0,
    atoms,
  }));
}

const SEPARATOR = /^(?:\s{1,2}|\s?[-‐‑–—]\s?|\.)$/u;
/** How a recogniser writes the pauses of somebody who reads out digits, and what people say between them. */
const PAUSE = /^(?:[,.;]\s{1,2}|,|\s?\.{2,3}\s?|,?\s(?:dash|hyphen|then|uh|um|and then)\s)$/iu;

function belongTogether(text: string, left: DigitAtom, right: DigitAtom): boolean {
  const gap = gapBetween(text, left.end, right.start);
  if (gap === undefined) return false;
  if (SEPARATOR.test(gap)) return true;
  if (PAUSE.test(gap) && isOneByOne(left) && isOneByOne(right)) return true;
  // "421,907": some recognisers write six digits as one number.
  return gap === ',' && !left.spoken && !right.spoken && left.digits.length <= 3 && right.digits.length === 3;
}

const CODE_DIGITS = 6;
const AND = /^,?\sand\s$/iu;

/** "one two three and four five six". What has six digits already is a number of its own, and so is what comes behind it. */
function isAnd(text: string, left: DigitAtom, right: DigitAtom): boolean {
  return isOneByOne(left) && isOneByOne(right) && AND.test(gapBetween(text, left.end, right.start) ?? '');
}

const MONEY_BEFORE = /[$€£¥]\s?$|\b(?:usd|eur|gbp)\s$/iu;
const MONEY_AFTER = /^\s?(?:[$€£¥%]|(?:dollars?|euros?|pounds?|usd|eur|gbp|cents?)\b)/iu;
const WRITTEN_DATE = /^(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.\d{2}$/;
const DECIMAL = /^\d+\.\d{1,2}$/;

function isSomethingElse(text: string, run: DigitRun): boolean {
  const before = text.slice(Math.max(0, run.start - 5), run.start);
  const after = text.slice(run.end, run.end + 10);
  const written = run.end - run.start <= 16 ? text.slice(run.start, run.end) : '';
  return (
    MONEY_BEFORE.test(before) ||
    MONEY_AFTER.test(after) ||
    WRITTEN_DATE.test(written) ||
    DECIMAL.test(written) ||
    /[#@+]$|[\p{L}_][-_.]$/u.test(before) ||
    /^[@_]|^[-.][\p{L}]/u.test(after)
  );
}
