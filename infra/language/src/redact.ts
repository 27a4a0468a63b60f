import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { cardCodes } from './card-codes.ts';
import { type CardRun, cardRuns, cardsIn, isCardNumber, isCardPrefix, withoutCounts } from './cards.ts';
import { type DigitAtom, digitAtoms } from './digit-atoms.ts';
import { countryOption } from './identifiers.ts';
import { orderSpans } from './order-references.ts';
import { type Span, touches } from './spans.ts';
import { sixDigitCodes } from './spoken.ts';
import { gapBetween, type Word, words } from './words.ts';

/** What stands in a text where something was masked. */
export const MASK = '••••';

export interface Redacted {
  readonly text: string;
  /** Hand it to the next `redact` of the same contact. Holds digits: keep it no longer than the contact, and never in a log. */
  readonly carry: string;
  readonly found: readonly ('card' | 'card-code')[];
}

/**
 * Masks card numbers and their codes, written or said. `carry` is what the former turn of the same contact gave back
 * (empty at first), so that a number split over two turns is found. `region` tells national phone numbers, which stay.
 * Linear in the length of the text.
 */
export function redact(text: string, carry: string, region = 'US'): Redacted {
  const first = redactOnce(text, carry, region);
  const found = new Set(first.found);
  let result = first.text;
  let before = text;
  // What was masked may have stood between a code and its word: look again until nothing is left to do.
  for (let round = 0; round < ROUNDS_MAX && result !== before; round += 1) {
    before = result;
    const again = redactOnce(before, '', region);
    for (const kind of again.found) found.add(kind);
    result = again.text;
  }
  return { text: result, carry: first.carry, found: [...found] };
}

function redactOnce(text: string, carry: string, region: string): Redacted {
  const list = words(text);
  const atoms = withoutCounts(text, digitAtoms(text, list));
  if (atoms.length === 0) return { text, carry, found: [] };
  const phones = internationalPhones(text, atoms);
  // Order references are no part of a split card, though a whole card number is masked wherever it stands.
  const exempt = [...phones, ...orderSpans(text)];
  const runs = cardRuns(text, atoms);
  const cards = runs.flatMap((run) => cardsIn(text, run)).filter((card) => !touches(card, phones));
  const begun = continuedCard(text, list, runs[0], carry, exempt);
  const codes = cardCodes(text, list, atoms, exempt);
  const tail = openTail(text, runs.at(-1), [...exempt, ...cards, ...begun, ...codes], region);
  const found: ('card' | 'card-code')[] = [];
  if (cards.length + begun.length > 0) found.push('card');
  if (codes.length > 0) found.push('card-code');
  return {
    text: masked(text, [...cards, ...begun, ...codes, ...tail.mask]),
    carry: carryOf(list, tail.groups, carry, begun.length > 0),
    found,
  };
}

/** Masks every six-digit code, written or said, and gives the codes back. Only for while a one-time code is awaited. */
export function maskCodes(text: string): { readonly text: string; readonly codes: readonly string[] } {
  const runs = sixDigitCodes(text);
  return { text: masked(text, runs), codes: runs.map((run) => run.digits) };
}

/**
 * What may be kept of a turn: card numbers are masked always (`redact` says what `carry` and `region` are), six-digit codes while one is
 * awaited, also in parts over several turns, which are given back. Codes first: pressed one after another they would pass for the parts of a card.
 */
export function maskTurn(
  said: string,
  { codeAwaited, carry, region }: { readonly codeAwaited: boolean; readonly carry: string; readonly region?: string },
): { readonly text: string; readonly carry: string; readonly codes: readonly string[]; readonly masked: string[] } {
  const coded = codeAwaited ? maskCodes(said) : { text: said, codes: [] };
  // Parts of a code that was found, here or by a gateway, belong to no further one.
  const before = codeAwaited && coded.text.includes(MASK) ? '' : carry;
  const { found, ...kept } = redact(coded.text, before, region);
  const inParts = codeAwaited ? codeInParts(kept.text, before, kept.carry) : undefined;
  const codes = inParts === undefined ? coded.codes : [inParts.digits];
  return { ...kept, ...inParts?.kept, codes, masked: [...found, ...(codes.length > 0 ? ['code'] : [])] };
}

/** A code that was read out over two or more turns and ends with this one: the newest digits of which there are six. */
function codeInParts(
  text: string,
  before: string,
  carry: string,
): { readonly digits: string; readonly kept: { readonly text: string; readonly carry: string } } | undefined {
  const goesOn = before !== '' && carry.startsWith(`${before} `);
  const isPart = goesOn && carry.slice(before.length).replaceAll(' ', '').length < CODE_DIGITS;
  const groups = carry.split(' ');
  let digits = '';
  while (digits.length < CODE_DIGITS && groups.length > 0) digits = `${groups.pop() ?? ''}${digits}`;
  const atoms = digitAtoms(text);
  const [first, last] = [atoms[0], atoms.at(-1)];
  if (!isPart || digits.length !== CODE_DIGITS || first === undefined || last === undefined) return undefined;
  return { digits, kept: { text: masked(text, [{ start: first.start, end: last.end }]), carry: '' } };
}

const CODE_DIGITS = 6;
const PREFIX_DIGITS_MIN = 8;
const KEPT_DIGITS = 4;
const ROUNDS_MAX = 8;
const CARRY_DIGITS_MAX = 19;

function masked(text: string, spans: readonly Span[]): string {
  const parts: string[] = [];
  let end = 0;
  for (const span of [...spans].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (span.start < end) continue;
    parts.push(text.slice(end, span.start), MASK);
    end = span.end;
  }
  parts.push(text.slice(end));
  return parts.join('');
}

/** Numbers behind a plus that can exist. */
function internationalPhones(text: string, atoms: readonly DigitAtom[]): readonly Span[] {
  const found: Span[] = [];
  for (const [index, atom] of atoms.entries()) {
    if (atom.spoken || text[atom.start - 1] !== '+' || atom.start < (found.at(-1)?.end ?? 0)) continue;
    const end = phoneEnds(text, atoms, index)
      .reverse()
      .find((last) => parsePhoneNumberFromString(text.slice(atom.start - 1, last), { extract: false })?.isValid());
    if (end !== undefined) found.push({ start: atom.start, end });
  }
  return found;
}

/** Where an international number that begins at an atom may end: 8 to 15 digits (E.164) with the usual separators. */
function phoneEnds(text: string, atoms: readonly DigitAtom[], index: number): number[] {
  const ends: number[] = [];
  let digits = 0;
  for (const [step, atom] of atoms.slice(index, index + 15).entries()) {
    const before = atoms[index + step - 1];
    const gap = step === 0 || before === undefined ? ' ' : (gapBetween(text, before.end, atom.start) ?? '');
    digits += atom.digits.length;
    if (digits > 15 || !/^[\s().-]{1,3}$/u.test(gap)) break;
    if (digits >= 8) ends.push(atom.end);
  }
  return ends;
}

/** Words around digits that say nothing else. */
const FILLERS = new Set(
  'and then the last rest is are it s its yes yeah ok okay uh um so digits number numbers of my card ends end ending with in well sure here first next final four 4'.split(
    ' ',
  ),
);

function isFillerOnly(text: string, list: readonly Word[], from: number, to: number): boolean {
  return (
    !text.slice(from, to).includes(MASK) && list.every((w) => w.end <= from || w.start >= to || FILLERS.has(w.lower))
  );
}

/** The beginning of this turn, where it completes a card number that the former turn began. */
function continuedCard(
  text: string,
  list: readonly Word[],
  run: CardRun | undefined,
  carry: string,
  exempt: readonly Span[],
): readonly Span[] {
  const first = run?.atoms[0];
  if (run === undefined || first === undefined || carry === '' || !isFillerOnly(text, list, 0, first.start)) return [];
  const groups = carry.split(' ');
  for (let from = 0; from < groups.length; from += 1) {
    let digits = groups.slice(from).join('');
    for (const atom of run.atoms) {
      digits += atom.digits;
      if (digits.length > CARRY_DIGITS_MAX) break;
      const span = { start: first.start, end: atom.end };
      if (isCardNumber(digits) && !touches(span, exempt)) return [span];
    }
  }
  return [];
}

const PHONE_CUE = /\b(?:phone|call|mobile|cell|tel|telephone|reach|text|sms|whatsapp|dial)\b[^\d]*$/iu;

/** Digits that end the turn: what a card number that goes on in the next turn would have begun with. */
function openTail(
  text: string,
  run: CardRun | undefined,
  taken: readonly Span[],
  region: string,
): { readonly groups: readonly string[]; readonly mask: readonly Span[] } {
  const none = { groups: [], mask: [] };
  const [first, last] = [run?.atoms[0], run?.atoms.at(-1)];
  if (run === undefined || first === undefined || last === undefined) return none;
  const rest = text.slice(last.end, last.end + 8);
  if (text.length - last.end > 8 || /[\p{L}\p{N}]/u.test(rest) || first.gluedLeft) return none;
  if (touches({ start: first.start, end: last.end }, taken)) return none;
  const groups = run.atoms.map((atom) => atom.digits);
  const digits = groups.join('');
  if (digits.length > CARRY_DIGITS_MAX || PHONE_CUE.test(text.slice(Math.max(0, first.start - 40), first.start)))
    return none;
  if (digits.length < PREFIX_DIGITS_MIN || !isCardPrefix(digits)) return { groups, mask: [] };
  if (parsePhoneNumberFromString(digits, countryOption(region))?.isValid() === true) return { groups, mask: [] };
  return { groups, mask: [{ start: first.start, end: keptFrom(run.atoms) }] };
}

/** Where the last digits begin that may stay: at most four, cut inside the last atom where it is a long one. */
function keptFrom(atoms: readonly DigitAtom[]): number {
  let kept = 0;
  let end = atoms.at(-1)?.end ?? 0;
  for (const atom of [...atoms].reverse()) {
    if (kept + atom.digits.length > KEPT_DIGITS) {
      return kept === 0 && !atom.spoken ? atom.end - KEPT_DIGITS : Math.min(end, atom.end);
    }
    kept += atom.digits.length;
    end = atom.start;
  }
  return end;
}

/** A turn of nothing but digits goes on where the former ended; any other begins anew. */
function carryOf(list: readonly Word[], groups: readonly string[], carry: string, isComplete: boolean): string {
  if (groups.length === 0 || isComplete) return '';
  const isAllDigits = list.every(
    (word) => FILLERS.has(word.lower) || /^\p{Nd}+$/u.test(word.lower) || digitAtoms(word.lower).length > 0,
  );
  const all = isAllDigits && carry !== '' ? [...carry.split(' '), ...groups] : [...groups];
  while (all.length > 1 && all.join('').length > CARRY_DIGITS_MAX) all.shift();
  return all.join(' ');
}
