/** What several rounds have shown: the middle one, and how far apart they were. */
export interface Figure {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

export function figureOf(rounds: readonly number[]): Figure {
  const sorted = sortedOf(rounds);
  return { median: quantile(rounds, 0.5), lowest: sorted.at(0) ?? Number.NaN, highest: sorted.at(-1) ?? Number.NaN };
}

/** The value that this share of them does not exceed; NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  return sortedOf(values)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
}

/** `12.3 (10.1 to 15.0)` */
export const figureText = ({ median, lowest, highest }: Figure, digits: number): string =>
  `${median.toFixed(digits)} (${lowest.toFixed(digits)} to ${highest.toFixed(digits)})`;

const sortedOf = (values: readonly number[]): readonly number[] => [...values].sort((left, right) => left - right);
