import { digitAtoms } from './digit-atoms.ts';
import { normalizeEmail } from './identifiers.ts';
import { gapBetween, type Word, words } from './words.ts';

/** An address in a text, normalised, and the characters that say it. */
export interface EmailSpan {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** The e-mail addresses that somebody said or wrote, in whatever mix of both ("ines dot okafor at post.example"), normalised, each once. */
export function spokenEmails(text: string): readonly string[] {
  return [...new Set(emailSpans(text).map((span) => span.value))];
}

/** The same with their places, in order. Linear in the length of the text: an address ends after `PIECES_MAX` words. */
export function emailSpans(text: string): readonly EmailSpan[] {
  const pieces = readPieces(text);
  const spans: EmailSpan[] = [];
  for (const [index, piece] of pieces.entries()) {
    const pivot = pivotAt(text, pieces, index);
    if (pivot === undefined) continue;
    const local = readLocal(text, pieces, pivot.left);
    const domain = readDomain(text, pieces, pivot.right);
    if (local === undefined || domain === undefined || local.start < (spans.at(-1)?.end ?? 0)) continue;
    if (piece.word === 'at' && !pivot.certain && !local.structured && !isAnnounced(pieces, local.first)) continue;
    const email = normalizeEmail(`${local.value}@${domain.value}`);
    if (email.ok) spans.push({ value: email.value, start: local.start, end: domain.end });
  }
  return spans;
}

const PIECES_MAX = 40;

/** One word as an address may use it. */
interface Piece {
  readonly word: string;
  /** What it stands for inside an address: the word itself, digits for number words, letters for "double n". */
  readonly value: string;
  /** Said letter by letter or as digits, so that it may be joined to its neighbours without a connector. */
  readonly spelled: boolean;
  readonly start: number;
  readonly end: number;
}

interface Part {
  readonly value: string;
  readonly start: number;
  readonly end: number;
  /** Index of its first piece. */
  readonly first: number;
  /** Made of more than one bare word, so that it is hardly anything but an address. */
  readonly structured: boolean;
}

const CONNECTORS: ReadonlyMap<string, string> = new Map([
  ['dot', '.'],
  ['period', '.'],
  ['underscore', '_'],
  ['dash', '-'],
  ['hyphen', '-'],
  ['minus', '-'],
  ['plus', '+'],
]);

/** Words that come before an address and are no part of it, though digits or letters may follow them. */
const LEADS = new Set(
  (
    'is its it s that this my me mine the email e mail address to at and or for from under as be use i a an yes yeah yep sure ok okay so um uh ' +
    'well hi hello contact reach name account login with on in of by was send write'
  ).split(' '),
);
const ANNOUNCES = new Set(['email', 'emails', 'mail', 'address', 'contact', 'reach', 'write']);

function readPieces(text: string): readonly Piece[] {
  const list = words(text);
  const spoken = new Map(
    digitAtoms(text, list)
      .filter((atom) => atom.spoken)
      .map((atom) => [atom.start, atom]),
  );
  const pieces: Piece[] = [];
  for (let index = 0; index < list.length; index += 1) {
    const word = list[index];
    if (word === undefined || word.start < (pieces.at(-1)?.end ?? 0)) continue;
    const digits = spoken.get(word.start);
    const letters = doubledLetter(text, word, list[index + 1]);
    if (digits !== undefined) {
      pieces.push({ word: digits.digits, value: digits.digits, spelled: true, start: digits.start, end: digits.end });
    } else if (letters !== undefined) {
      pieces.push(letters);
    } else {
      const spelled = [...word.lower].length === 1 || /^\d+$/.test(word.lower);
      pieces.push({ word: word.lower, value: word.lower, spelled, start: word.start, end: word.end });
    }
  }
  return pieces;
}

/** "double n" is `nn`; "double u" is the letter w. */
function doubledLetter(text: string, word: Word, next: Word | undefined): Piece | undefined {
  const times = word.lower === 'double' ? 2 : word.lower === 'triple' ? 3 : 0;
  if (times === 0 || next === undefined || !/^\s{1,2}$/u.test(gapBetween(text, word.end, next.start) ?? '')) {
    return undefined;
  }
  const isW = times === 2 && (next.lower === 'u' || next.lower === 'you');
  if (!isW && !/^[a-z]$/.test(next.lower)) return undefined;
  const value = isW ? 'w' : next.lower.repeat(times);
  return { word: value, value, spelled: true, start: word.start, end: next.end };
}

interface Pivot {
  readonly left: number;
  readonly right: number;
  readonly certain: boolean;
}

/** Where the `@` is: written between two words, or said as "at" or "at sign". */
function pivotAt(text: string, pieces: readonly Piece[], index: number): Pivot | undefined {
  const piece = pieces[index];
  const next = pieces[index + 1];
  if (piece === undefined || next === undefined) return undefined;
  if (gapBetween(text, piece.end, next.start)?.includes('@') === true) {
    const isSingle = /^\s?@\s?$/u.test(text.slice(piece.end, next.start));
    return isSingle ? { left: index, right: index + 1, certain: true } : undefined;
  }
  if (piece.word !== 'at') return undefined;
  const isSign = next.word === 'sign';
  return { left: index - 1, right: isSign ? index + 2 : index + 1, certain: isSign };
}

const WRITTEN_CONNECTOR = /^(?:[.'&]|[-_+]{1,3})$/u;
const SPACE = /^(?:\s{1,3}|,\s)$/u;
const SPELLING_SPACE = /^(?:\s{1,3}|[-.,]\s?)$/u;

type Join = { readonly text: string; readonly pieces: 1 | 2 };

/** How the piece at `index` goes on to the right: with a connector between, directly, or not at all. */
function joinAfter(text: string, pieces: readonly Piece[], index: number): Join | undefined {
  const [left, next, third] = [pieces[index], pieces[index + 1], pieces[index + 2]];
  if (left === undefined || next === undefined) return undefined;
  const gap = gapBetween(text, left.end, next.start) ?? '';
  const connector = CONNECTORS.get(next.word);
  if (connector !== undefined && third !== undefined && SPACE.test(gap)) {
    return SPACE.test(gapBetween(text, next.end, third.start) ?? '') ? { text: connector, pieces: 2 } : undefined;
  }
  const isSpelling = left.spelled && next.spelled && left.value.length === 1 && next.value.length === 1;
  if (isSpelling && SPELLING_SPACE.test(gap)) return { text: '', pieces: 1 };
  if (WRITTEN_CONNECTOR.test(gap)) return { text: gap, pieces: 1 };
  return SPACE.test(gap) && (left.spelled || next.spelled) ? { text: '', pieces: 1 } : undefined;
}

function readLocal(text: string, pieces: readonly Piece[], last: number): Part | undefined {
  const end = pieces[last];
  if (end === undefined || CONNECTORS.has(end.word)) return undefined;
  let first = last;
  let value = end.value;
  while (last - first < PIECES_MAX) {
    const step = joinBefore(text, pieces, first);
    const piece = step === undefined ? undefined : pieces[first - step.pieces];
    if (step === undefined || piece === undefined) break;
    value = piece.value + step.text + value;
    first -= step.pieces;
  }
  const start = pieces[first]?.start ?? end.start;
  const structured = first < last || /\d/.test(value);
  return { value, start, end: end.end, first, structured };
}

/** How the piece at `index` goes on to the left. A bare lead word ("is", "email") ends an address unless a connector binds it. */
function joinBefore(text: string, pieces: readonly Piece[], index: number): Join | undefined {
  const before = pieces[index - 1];
  if (before === undefined) return undefined;
  if (CONNECTORS.has(before.word)) {
    const bound = joinAfter(text, pieces, index - 2);
    return bound?.pieces === 2 ? bound : undefined;
  }
  const join = joinAfter(text, pieces, index - 1);
  if (join === undefined || join.pieces === 2) return undefined;
  if (join.text !== '') return join;
  const [piece, further] = [pieces[index], pieces[index - 2]];
  const isLetters = /^[a-z]$/.test(before.value) && piece?.spelled === true;
  // The s of "it's" is no letter of what follows.
  const isGenitive =
    before.value === 's' && further !== undefined && /['’]/.test(text.slice(further.end, before.start));
  if (isGenitive) return undefined;
  if (LEADS.has(before.word)) return isLetters ? join : undefined;
  const isWordBeforeLetter = !before.spelled && piece !== undefined && /^[a-z]+$/.test(piece.value);
  return isWordBeforeLetter ? undefined : join;
}

function readDomain(text: string, pieces: readonly Piece[], first: number): Part | undefined {
  const begin = pieces[first];
  if (begin === undefined || CONNECTORS.has(begin.word)) return undefined;
  let index = first;
  let value = begin.value;
  let label = begin.value;
  while (index - first < PIECES_MAX) {
    const join = joinAfter(text, pieces, index);
    const piece = join === undefined ? undefined : pieces[index + join.pieces];
    if (join === undefined || piece === undefined) break;
    if (join.text !== '' && join.text !== '.' && join.text !== '-') break;
    if (join.text === '' && !labelGoesOn(value, label, pieces[index], piece)) break;
    label = join.text === '.' ? piece.value : label + join.text + piece.value;
    value += join.text + piece.value;
    index += join.pieces;
  }
  if (!value.includes('.')) return undefined;
  return { value, start: begin.start, end: pieces[index]?.end ?? begin.end, first, structured: true };
}

/** Behind the first dot only a spelled label is spelled on, and no further than an ending that is complete: what follows is the sentence. */
function labelGoesOn(value: string, label: string, left: Piece | undefined, right: Piece): boolean {
  if (!value.includes('.')) return true;
  const isSpelling = left?.spelled === true && right.spelled && /^[a-z]$/.test(right.value);
  return isSpelling && !['com', 'org', 'net', 'edu', 'uk', 'de', 'io'].includes(label);
}

/** "looking at amazon dot com" is no address: a bare word needs somebody to announce it, or to begin the sentence. */
function isAnnounced(pieces: readonly Piece[], first: number): boolean {
  const before = pieces.slice(Math.max(0, first - 6), first).map((piece) => piece.word);
  return (
    before.some((word) => ANNOUNCES.has(word)) ||
    (before.length === first && before.every((w) => LEADS.has(w) && w !== 'i'))
  );
}
