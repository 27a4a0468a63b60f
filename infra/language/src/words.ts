/** One word of a text: letters, marks and digits, with its place. What stands between two words is `text.slice(a.end, b.start)`. */
export interface Word {
  /** Lower case. */
  readonly lower: string;
  readonly start: number;
  readonly end: number;
}

/** The words of a text, in order. Linear in its length. */
export function words(text: string): readonly Word[] {
  const found: Word[] = [];
  for (const match of text.matchAll(/[\p{L}\p{M}\p{N}]+/gu)) {
    found.push({ lower: match[0].toLowerCase(), start: match.index, end: match.index + match[0].length });
  }
  return found;
}

/** What stands between two places, or undefined where it is longer than anything that could join them. Keeps every look at a gap short. */
export function gapBetween(text: string, end: number, start: number): string | undefined {
  return start - end <= GAP_LENGTH_MAX ? text.slice(end, start) : undefined;
}

const GAP_LENGTH_MAX = 16;
