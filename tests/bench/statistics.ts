import { quantile } from './engines/figures.ts';

/** An estimate with its 95 % interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 2_000;
/** Of the standard normal: 95 % lie within. */
const Z = 1.959964;

/**
 * The median of what was taken round by round, with the interval in which 95 % of the medians of resampled rounds lie
 * (percentile bootstrap). The same rounds give the same interval: the draw is seeded.
 */
export function medianOf(rounds: readonly number[]): Estimate {
  const random = seeded(rounds.length);
  const medians = Array.from({ length: RESAMPLES }, () =>
    middleOf(rounds.map(() => rounds[Math.floor(random() * rounds.length)] ?? Number.NaN)),
  );
  return { value: middleOf(rounds), low: quantile(medians, 0.025), high: quantile(medians, 0.975) };
}

/** Of an even number, the mean of the two in the middle; NaN of none. */
export function middleOf(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[sorted.length / 2 - 1] ?? Number.NaN) + upper) / 2;
}

/** The slope of the least-squares line through the points, with the interval of Student's t; NaN of fewer than three. */
export function slopeOf(points: readonly { readonly x: number; readonly y: number }[]): Estimate {
  const freedom = points.length - 2;
  if (freedom < 1) return { value: Number.NaN, low: Number.NaN, high: Number.NaN };
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / points.length;
  const spread = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  const value = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / spread;
  const left = points.reduce((sum, { x, y }) => sum + (y - meanY - value * (x - meanX)) ** 2, 0);
  const within = studentT(freedom) * Math.sqrt(left / freedom / spread);
  return { value, low: value - within, high: value + within };
}

/** The two-sided 95 % point, by the expansion around the normal (Abramowitz and Stegun 26.7.5). */
function studentT(freedom: number): number {
  const first = (Z ** 3 + Z) / 4;
  const second = (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / 96;
  const third = (3 * Z ** 7 + 19 * Z ** 5 + 17 * Z ** 3 - 15 * Z) / 384;
  return Z + first / freedom + second / freedom ** 2 + third / freedom ** 3;
}

/** Numbers from 0 up to 1 that a seed fixes (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
