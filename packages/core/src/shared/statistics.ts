// Summaries of a few numbers and the intervals that go with them. Everything here is exact or a
// textbook formula; nothing resamples, so equal input gives equal output.

import { incompleteBeta } from "./incomplete-beta.ts";

export type Interval = readonly [low: number, high: number];

/** The confidence of every interval of a report. */
const CONFIDENCE = 0.95;

/** Sum / n; NaN for no values. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Sample standard deviation, sqrt(sum (x - mean)^2 / (n - 1)); NaN for n < 2. */
export function sampleSd(values: readonly number[]): number {
  if (values.length < 2) return Number.NaN;
  const center = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - center) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

/** The middle value, or the mean of the two middle ones; NaN for no values. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/**
 * The quantile of Hyndman and Fan's type 7 (The American Statistician 50, 1996), NumPy's default:
 * linear between the order statistics around position (n - 1) p. Infinite values may be among
 * them; the result is NaN only where the two neighbours are -Infinity and +Infinity.
 */
export function quantile(values: readonly number[], p: number): number {
  return sortedQuantile(sorted(values), p);
}

/** `quantile` of values that are already in ascending order. */
export function sortedQuantile(ascending: ArrayLike<number>, p: number): number {
  if (ascending.length === 0) return Number.NaN;
  const position = (ascending.length - 1) * p;
  const below = Math.floor(position);
  const low = ascending[below];
  const high = ascending[Math.min(below + 1, ascending.length - 1)];
  const fraction = position - below;
  if (fraction === 0 || low === high) return low;
  // One infinite neighbour: any step away from the finite one is infinite.
  if (low === Number.NEGATIVE_INFINITY) return high - Number.POSITIVE_INFINITY;
  return low + fraction * (high - low);
}

/**
 * The p-quantile of Student's t with `df` degrees of freedom. Inverts
 * P(|T| > t) = I_x(df / 2, 1 / 2), x = df / (df + t^2) (Abramowitz and Stegun 26.7.1 with 26.5.27)
 * by bisection down to neighbouring floats.
 */
export function studentTQuantile(p: number, df: number): number {
  if (p === 0.5) return 0;
  if (p < 0.5) return -studentTQuantile(1 - p, df);
  const tails = 2 * (1 - p);
  const isBelow = (t: number) => incompleteBeta(df / (df + t * t), df / 2, 0.5) > tails;
  let low = 0;
  let high = 1;
  while (isBelow(high)) [low, high] = [high, 2 * high];
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (isBelow(middle)) low = middle;
    else high = middle;
  }
}

/** 95% interval of the mean, mean -+ t(0.975, n - 1) sd / sqrt(n); undefined for n < 2. */
export function meanInterval(values: readonly number[]): Interval | undefined {
  return correctedInterval(values, 0);
}

/**
 * The same of values that were measured on parts of the same rows: their variance counts 1/n +
 * `testToTrain` times instead of 1/n (Nadeau and Bengio, Machine Learning 52, 2003).
 */
export function correctedInterval(
  values: readonly number[],
  testToTrain: number,
): Interval | undefined {
  const n = values.length;
  if (n < 2) return undefined;
  const t = studentTQuantile((1 + CONFIDENCE) / 2, n - 1);
  const half = t * sampleSd(values) * Math.sqrt(1 / n + testToTrain);
  const center = mean(values);
  return [center - half, center + half];
}

/** The 0.975 quantile of the standard normal distribution (Abramowitz and Stegun, table 26.1). */
const Z = 1.959963984540054;

/**
 * Wilson's 95% interval of a share, k of n (Wilson, JASA 22, 1927; recommended for small n by
 * Brown, Cai and DasGupta, Statistical Science 16, 2001):
 * (k + z^2/2 -+ z sqrt(k (n - k) / n + z^2/4)) / (n + z^2). [0, 1] for n = 0.
 */
export function wilsonInterval(k: number, n: number): Interval {
  if (n === 0) return [0, 1];
  const center = k + Z ** 2 / 2;
  const half = Z * Math.sqrt((k * (n - k)) / n + Z ** 2 / 4);
  // Exact at the ends, where rounding would leave 1e-17.
  const low = k === 0 ? 0 : (center - half) / (n + Z ** 2);
  const high = k === n ? 1 : (center + half) / (n + Z ** 2);
  return [low, high];
}

/** Fewest values that have a 95% interval of the median: 1 - 2 / 2^6 = 0.969, 1 - 2 / 2^5 = 0.938. */
export const MIN_FOR_MEDIAN_INTERVAL = 6;

export interface MedianInterval {
  readonly interval: Interval;
  /** Probability with which such an interval covers the median; at least 0.95. */
  readonly coverage: number;
}

/**
 * Exact interval of the median: the sign test inverted. With k the largest rank for which
 * 1 - 2 P(Bin(n, 1/2) < k) >= 0.95, it reaches from the k-th smallest to the k-th largest value
 * (Conover, Practical Nonparametric Statistics, 3rd ed., section 3.2). No assumption on the
 * distribution; ties only raise the coverage, and values may be infinite. Undefined for n < 6.
 */
export function medianInterval(values: readonly number[]): MedianInterval | undefined {
  const n = values.length;
  if (n < MIN_FOR_MEDIAN_INTERVAL) return undefined;
  // P(Bin(n, 1/2) < k) = I_{1/2}(n - k + 1, k) (DLMF 8.17.5).
  const coverageOf = (k: number) => 1 - 2 * incompleteBeta(0.5, n - k + 1, k);
  let rank = 1;
  while (coverageOf(rank + 1) >= CONFIDENCE) rank++;
  const ascending = sorted(values);
  return { interval: [ascending[rank - 1], ascending[n - rank]], coverage: coverageOf(rank) };
}

function sorted(values: readonly number[]): Float64Array {
  return Float64Array.from(values).sort();
}
