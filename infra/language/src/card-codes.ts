import { cardRuns } from './cards.ts';
import type { DigitAtom } from './digit-atoms.ts';
import { type Span, touches } from './spans.ts';
import type { Word } from './words.ts';

/** Three or four digits beside a word for a card's code. */
export function cardCodes(
  text: string,
  list: readonly Word[],
  atoms: readonly DigitAtom[],
  exempt: readonly Span[],
): readonly Span[] {
  const spans: Span[] = [];
  const places = new Map(list.map((word, index) => [word.start, index]));
  const atomsByStart = new Map(atoms.map((atom, index) => [atom.start, index]));
  const atomsByEnd = new Map(atoms.map((atom, index) => [atom.end, index]));
  for (const cue of text.matchAll(CODE_CUE)) {
    const at = places.get(cue.index);
    if (at === undefined) continue;
    const end = cue.index + cue[0].length;
    const after = list.slice(at, at + CODE_LINKS_MAX + 5).filter((word) => word.start >= end);
    const before = list.slice(Math.max(0, at - CODE_LINKS_MAX - 4), at).reverse();
    const right = nearest(after, (word) => atomsByStart.get(word.start));
    const left = nearest(before, (word) => atomsByEnd.get(word.end));
    const span = codeFrom(text, atoms, right, 1) ?? codeFrom(text, atoms, left, -1);
    if (span !== undefined && !touches(span, exempt)) spans.push(span);
  }
  return spans;
}

const COUNT = '(?:three|four|3|4)[- ]digits?';
const CODE_CUE = new RegExp(
  `\\b(?:${[
    '(?:cvv|cvc)2?|csc|security (?:code|number)|card (?:verification|security)(?: (?:code|number|value))?|card code|verification value|prüfziffer',
    `${COUNT}(?: (?:code|number))? (?:on|from|at|of|for) (?:the back|(?:the|my) card)|card(?:['’]s)? ${COUNT} (?:code|number)`,
  ].join('|')})\\b`,
  'giu',
);
const CODE_LINKS = new Set(
  'ending ends in is are the my s it number code value of for on card back and as its equals was a three four digit digits here you go'.split(
    ' ',
  ),
);
const CODE_LINKS_MAX = 6;

/** The index of the first digits on the way, over linking words only. A count ("the three digit code is 123") is passed over, and so is how a card ends. */
function nearest(way: readonly Word[], atomAt: (word: Word) => number | undefined): number | undefined {
  for (const [step, word] of way.entries()) {
    const index = atomAt(word);
    const beside = [way[step - 1]?.lower, way[step + 1]?.lower];
    const isCount = beside.some((lower) => lower === 'digit' || lower === 'digits');
    const isEnding = way[step - 1]?.lower === 'in' && /^end(?:ing|s)$/.test(way[step - 2]?.lower ?? '');
    if (index !== undefined && !isCount && !isEnding) return index;
    if (index === undefined && !CODE_LINKS.has(word.lower)) return undefined;
  }
  return undefined;
}

/** The run that begins (or, going back, ends) at an atom, if it has three or four digits. */
function codeFrom(
  text: string,
  atoms: readonly DigitAtom[],
  index: number | undefined,
  step: 1 | -1,
): Span | undefined {
  if (index === undefined) return undefined;
  const near = step === 1 ? atoms.slice(index, index + 6) : atoms.slice(Math.max(0, index - 5), index + 1);
  const runs = cardRuns(text, near);
  const run = step === 1 ? runs[0] : runs.at(-1);
  const digits = run?.atoms.map((atom) => atom.digits).join('') ?? '';
  const [first, last] = [run?.atoms[0], run?.atoms.at(-1)];
  if (first === undefined || last === undefined || digits.length < 3 || digits.length > 4) return undefined;
  return { start: first.start, end: last.end };
}
