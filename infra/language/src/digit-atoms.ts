import { gapBetween, type Word, words } from './words.ts';

/** Digits that were written or said in one go: `4711`, `seven`, `double five`, `forty-two`. */
export interface DigitAtom {
  /** ASCII digits. */
  readonly digits: string;
  readonly start: number;
  readonly end: number;
  readonly spoken: boolean;
  /** A letter touches the digits on this side, as in `W2378156`. */
  readonly gluedLeft: boolean;
  readonly gluedRight: boolean;
}

/** All digits of a text, written in any of the usual scripts or said in English, in order. Linear in the length of the text. */
export function digitAtoms(text: string, list: readonly Word[] = words(text)): readonly DigitAtom[] {
  const atoms: DigitAtom[] = [];
  for (let index = 0; index < list.length; ) {
    const spoken = spokenAtom(text, list, index, atoms.at(-1));
    if (spoken !== undefined) {
      atoms.push(spoken.atom);
      index = spoken.next;
      continue;
    }
    const word = list[index];
    if (word !== undefined) atoms.push(...writtenAtoms(text, word));
    index += 1;
  }
  return atoms;
}

/** Said or written one by one, the way that people read a number out. */
export function isOneByOne(atom: DigitAtom): boolean {
  return atom.spoken || atom.digits.length === 1;
}

const UNITS: ReadonlyMap<string, string> = new Map([
  ['zero', '0'],
  ['nought', '0'],
  ['naught', '0'],
  ['nil', '0'],
  ['one', '1'],
  ['two', '2'],
  ['three', '3'],
  ['four', '4'],
  ['five', '5'],
  ['six', '6'],
  ['seven', '7'],
  ['eight', '8'],
  ['nine', '9'],
  ['niner', '9'],
]);

const TEENS: ReadonlyMap<string, string> = new Map([
  ['ten', '10'],
  ['eleven', '11'],
  ['twelve', '12'],
  ['thirteen', '13'],
  ['fourteen', '14'],
  ['fifteen', '15'],
  ['sixteen', '16'],
  ['seventeen', '17'],
  ['eighteen', '18'],
  ['nineteen', '19'],
]);

const TENS: ReadonlyMap<string, string> = new Map([
  ['twenty', '2'],
  ['thirty', '3'],
  ['forty', '4'],
  ['fourty', '4'],
  ['fifty', '5'],
  ['sixty', '6'],
  ['seventy', '7'],
  ['eighty', '8'],
  ['ninety', '9'],
]);

const TIMES: ReadonlyMap<string, number> = new Map([
  ['double', 2],
  ['triple', 3],
  ['treble', 3],
]);

/** Where the scripts that people type digits in have their zero: ASCII, Arabic-Indic, Persian, Devanagari, full width. */
const ZEROS = [0x30, 0x660, 0x6f0, 0x966, 0xff10];

const FOLLOWS = /^(?:\s{1,3}|\s?-\s?|,\s)$/u;
const JOINS_WORDS = /^(?:\s{1,3}|\s?-\s?)$/u;

interface Spoken {
  readonly atom: DigitAtom;
  /** Index of the word behind the atom. */
  readonly next: number;
}

function spokenAtom(
  text: string,
  list: readonly Word[],
  index: number,
  before: DigitAtom | undefined,
): Spoken | undefined {
  const word = list[index];
  if (word === undefined) return undefined;
  const follower = joined(text, word, list[index + 1]);
  const plain = UNITS.get(word.lower) ?? TEENS.get(word.lower) ?? letterZero(text, word, follower, before);
  if (plain !== undefined) return spoken(plain, word, word, index + 1);
  const tens = TENS.get(word.lower);
  if (tens !== undefined) {
    const unit = follower === undefined ? undefined : UNITS.get(follower.lower);
    return follower !== undefined && unit !== undefined && unit !== '0'
      ? spoken(tens + unit, word, follower, index + 2)
      : spoken(`${tens}0`, word, word, index + 1);
  }
  const times = TIMES.get(word.lower);
  const repeated = follower === undefined ? undefined : singleDigit(follower.lower);
  return times !== undefined && follower !== undefined && repeated !== undefined
    ? spoken(repeated.repeat(times), word, follower, index + 2)
    : undefined;
}

/** "oh" is a zero only beside another digit: it is a sigh everywhere else. */
function letterZero(
  text: string,
  word: Word,
  follower: Word | undefined,
  before: DigitAtom | undefined,
): string | undefined {
  if (word.lower !== 'oh' && word.lower !== 'o') return undefined;
  const followsDigit = before !== undefined && FOLLOWS.test(gapBetween(text, before.end, word.start) ?? '');
  const precedesDigit = follower !== undefined && singleDigit(follower.lower) !== undefined;
  return followsDigit || precedesDigit ? '0' : undefined;
}

function joined(text: string, word: Word, next: Word | undefined): Word | undefined {
  if (next === undefined) return undefined;
  return JOINS_WORDS.test(gapBetween(text, word.end, next.start) ?? '') ? next : undefined;
}

function singleDigit(lower: string): string | undefined {
  if (lower === 'oh' || lower === 'o') return '0';
  if (lower.length !== 1) return UNITS.get(lower);
  return digitOf(lower.charCodeAt(0));
}

function spoken(digits: string, first: Word, last: Word, next: number): Spoken {
  const atom = { digits, start: first.start, end: last.end, spoken: true, gluedLeft: false, gluedRight: false };
  return { atom, next };
}

function writtenAtoms(text: string, word: Word): readonly DigitAtom[] {
  const atoms: DigitAtom[] = [];
  let digits = '';
  for (let at = word.start; at <= word.end; at += 1) {
    const digit = at < word.end ? digitOf(text.charCodeAt(at)) : undefined;
    if (digit !== undefined) {
      digits += digit;
    } else if (digits !== '') {
      const start = at - digits.length;
      atoms.push({ digits, start, end: at, spoken: false, gluedLeft: start > word.start, gluedRight: at < word.end });
      digits = '';
    }
  }
  return atoms;
}

function digitOf(code: number): string | undefined {
  for (const zero of ZEROS) {
    if (code >= zero && code <= zero + 9) return String(code - zero);
  }
  return undefined;
}
