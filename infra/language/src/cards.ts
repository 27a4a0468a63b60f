import type { DigitAtom } from './digit-atoms.ts';
import { gapBetween } from './words.ts';

/** A stretch of digits in a text that belong together, by the wide rules that fit card numbers. */
export interface CardRun {
  readonly atoms: readonly DigitAtom[];
}

/** A card number: characters `start` to `end` of the text say it. */
export interface CardSpan {
  readonly start: number;
  readonly end: number;
}

export const CARD_DIGITS_MIN = 13;
export const CARD_DIGITS_MAX = 19;

/** Whether the digits are a card number: 13 to 19 digits, an issuer that gives numbers of that length, the Luhn check digit (ISO/IEC 7812). */
export function isCardNumber(digits: string): boolean {
  return (
    ISSUERS.some((issuer) => issuer.lengths.includes(digits.length) && issuer.prefix.test(digits)) && isLuhn(digits)
  );
}

/** Whether a card number may begin like this. */
export function isCardPrefix(digits: string): boolean {
  return ISSUERS.some((issuer) => issuer.prefix.test(digits));
}

/** Groups digits that may be parts of one number: with any punctuation and the words of somebody who reads out between them. */
export function cardRuns(text: string, atoms: readonly DigitAtom[]): readonly CardRun[] {
  const runs: DigitAtom[][] = [];
  let last: DigitAtom | undefined;
  for (const atom of atoms) {
    const current = runs.at(-1);
    const goesOn = last !== undefined && !last.gluedRight && !atom.gluedLeft && isGap(text, last, atom);
    if (goesOn && current !== undefined) current.push(atom);
    else runs.push([atom]);
    last = atom;
  }
  return runs.map((run) => ({ atoms: run }));
}

/** The card numbers of a run, none overlapping another, the evenly grouped ones first. At most 19 atoms are looked at from each. */
export function cardsIn(text: string, run: CardRun): readonly CardSpan[] {
  const candidates = run.atoms.flatMap((_, first) => windowsFrom(text, run.atoms, first));
  candidates.sort((a, b) => a.rank - b.rank || a.first - b.first || b.last - a.last);
  const used = new Set<number>();
  const spans: CardSpan[] = [];
  for (const { first, last, start, end } of candidates) {
    const indexes = Array.from({ length: last - first + 1 }, (_, step) => first + step);
    if (indexes.some((index) => used.has(index))) continue;
    for (const index of indexes) used.add(index);
    spans.push({ start, end });
  }
  return spans;
}

interface Candidate extends CardSpan {
  readonly first: number;
  readonly last: number;
  /** Lower is likelier. */
  readonly rank: number;
}

const ISSUERS: readonly { readonly prefix: RegExp; readonly lengths: readonly number[] }[] = [
  { prefix: /^4/, lengths: [13, 16, 19] },
  { prefix: /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16] },
  { prefix: /^3[47]/, lengths: [15] },
  { prefix: /^(?:30[0-5]|3095|3[689])/, lengths: [14, 15, 16, 17, 18, 19] },
  { prefix: /^35(?:2[89]|[3-8])/, lengths: [16, 17, 18, 19] },
  { prefix: /^(?:60|62|64|65|81|82|220[0-4]|9792)/, lengths: [16, 17, 18, 19] },
  // Maestro and the national schemes that share its range.
  { prefix: /^(?:50|5[6-8]|6[0-9])/, lengths: [13, 14, 15, 16, 17, 18, 19] },
];

function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - at) - 0x30;
    const weighted = at % 2 === 0 ? digit : digit * 2;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0;
}

const WEAK_GAP = /^(?:\s{1,2}|\s?[-‐‑–—]\s?|[.·_])$/u;
/** No letter, no digit, and nothing that begins a new matter: a mask, a currency, a reference, an address. */
const STRONG_GAP = /^[^\p{L}\p{N}•$€£¥#@+]{1,12}$/u;
const SAID_GAP = /^[\s,.]{0,2}(?:dash|hyphen|then|and|uh|um|space|next|comma|dot|and then)[\s,.]{1,2}$/iu;

/** "and the last four are": what stands between the parts of a number where somebody names them. */
const PART = 'first|second|third|next|last|final';
const NAMED_GAP = new RegExp(
  `^[\\s,.;]{1,2}(?:(?:and|then) ){0,2}(?:(?:the|my) )?(?:${PART})(?: (?:four|4))?(?: (?:digits|numbers))?(?: (?:is|are))?:?\\s$`,
  'iu',
);
const NAMED_GAP_MAX = 40;

/** The digits of a text without the four of "the last four are 1111", which counts them. */
export function withoutCounts(text: string, atoms: readonly DigitAtom[]): readonly DigitAtom[] {
  const isCount = ({ digits, start, end }: DigitAtom): boolean =>
    digits === '4' &&
    COUNTED_PART.test(text.slice(Math.max(0, start - 8), start)) &&
    COUNTS.test(text.slice(end, end + 9));
  return atoms.filter((atom) => !isCount(atom));
}

const COUNTED_PART = new RegExp(`\\b(?:${PART})\\s$`, 'iu');
const COUNTS = /^[\s:]{1,2}(?:digits|numbers|is|are|\d{3})/iu;

function isGap(text: string, left: DigitAtom, right: DigitAtom): boolean {
  if (right.start - left.end <= NAMED_GAP_MAX && NAMED_GAP.test(text.slice(left.end, right.start))) return true;
  const gap = gapBetween(text, left.end, right.start);
  return gap !== undefined && (STRONG_GAP.test(gap) || SAID_GAP.test(gap));
}

function windowsFrom(text: string, atoms: readonly DigitAtom[], first: number): readonly Candidate[] {
  const found: Candidate[] = [...insideOne(atoms, first)];
  let digits = '';
  for (let last = first; last < atoms.length && digits.length < CARD_DIGITS_MAX; last += 1) {
    digits += atoms[last]?.digits ?? '';
    if (digits.length < CARD_DIGITS_MIN || digits.length > CARD_DIGITS_MAX || !isCardNumber(digits)) continue;
    const parts = atoms.slice(first, last + 1);
    if (!isOneNumber(text, parts)) continue;
    const isWhole = parts.length === atoms.length;
    const rank = isWhole ? -1 : isEven(parts) ? 0 : digits.length === 15 || digits.length === 16 ? 1 : 2;
    found.push({ first, last, rank, start: atoms[first]?.start ?? 0, end: atoms[last]?.end ?? 0 });
  }
  return found;
}

/** A card pasted together with what stands before or behind it (expiry, code): only at the edges, since long numbers hold cards by chance. */
function insideOne(atoms: readonly DigitAtom[], index: number): readonly Candidate[] {
  const atom = atoms[index];
  if (atom === undefined || atom.digits.length <= CARD_DIGITS_MAX) return [];
  const isWhole = [15, 16].some(
    (length) => isCardNumber(atom.digits.slice(0, length)) || isCardNumber(atom.digits.slice(-length)),
  );
  return isWhole ? [{ first: index, last: index, rank: 1, start: atom.start, end: atom.end }] : [];
}

/** With pauses between its parts it must be read out one by one, paused everywhere or evenly grouped: two phone numbers in a list are no card. */
function isOneNumber(text: string, parts: readonly DigitAtom[]): boolean {
  const isWeak = parts.slice(1).map((part, at) => WEAK_GAP.test(text.slice(parts[at]?.end ?? 0, part.start)));
  if (isWeak.every((weak) => weak) || isWeak.every((weak) => !weak) || isEven(parts)) return true;
  return parts.every((part) => part.spoken || part.digits.length === 1 || part.digits.length === 4);
}

function isEven(parts: readonly DigitAtom[]): boolean {
  const size = parts[0]?.digits.length;
  return (
    parts.slice(0, -1).every((part) => part.digits.length === size) && (parts.at(-1)?.digits.length ?? 0) <= (size ?? 0)
  );
}
