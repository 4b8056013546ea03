// Steps that move and scale columns, each by itself. A missing value (NaN) is left out of every fit
// and stays missing, as in scikit-learn.

import { sortedQuantile } from "../../shared/statistics.ts";
import { columnwise, type Fit, type Transform, UnfitColumns } from "./fitted-step.ts";

/**
 * Mean 0 and standard deviation 1 (population). A column without spread is only centred: its divisor
 * is 1, as in scikit-learn's StandardScaler.
 */
export const standardize: Fit = columnwise((present) => {
  const mean = meanOf(present);
  let squares = 0;
  for (const value of present) squares += (value - mean) ** 2;
  const variance = squares / present.length;
  const sd = isConstant(variance, mean, present.length) ? 1 : Math.sqrt(variance);
  return (value) => (value - mean) / sd;
});

/**
 * The smallest value at the first end and the largest at the second; a column without spread goes to
 * the first (scikit-learn's MinMaxScaler, which divides by 1 where the range is 0).
 */
export function minMax([first, last]: readonly [number, number] = [0, 1]): Fit {
  return columnwise((present) => {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const value of present) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    const range = high - low || 1;
    return (value) => first + ((value - low) / range) * (last - first);
  });
}

/**
 * Median 0 and quartiles 1 apart, quantiles interpolated as NumPy does; where the quartiles are
 * equal it is only centred (scikit-learn's RobustScaler).
 */
export const robust: Fit = columnwise((present) => {
  const sorted = present.slice().sort();
  const center = sortedQuantile(sorted, 0.5);
  const range = sortedQuantile(sorted, 0.75) - sortedQuantile(sorted, 0.25);
  // scikit-learn's _handle_zeros_in_scale.
  const scale = range < 10 * Number.EPSILON ? 1 : range;
  return (value) => (value - center) / scale;
});

/** log(1 + x), NumPy's log1p. */
export const log: Fit = columnwise((present, name) => {
  const lowest = present.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY);
  if (lowest <= -1) {
    throw new UnfitColumns(
      `log takes values above -1, and column "${name}" has ${lowest}; take signedLog for it, or name other columns`,
    );
  }
  return (value) => Math.log1p(value);
});

/** sign(x) log(1 + |x|): for columns that span orders of magnitude. */
export const signedLog: Fit = columnwise(
  () => (value) => Math.sign(value) * Math.log1p(Math.abs(value)),
);

export interface ClipSettings {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly quantiles?: readonly [number, number] | undefined;
}

/** NumPy's clip, between fixed limits or each column's own quantiles (np.nanquantile). */
export function clip({ min, max, quantiles }: ClipSettings): Fit {
  const between =
    (low: number, high: number): Transform =>
    (value) =>
      Math.min(high, Math.max(low, value));
  if (quantiles === undefined) {
    const limits = between(min ?? Number.NEGATIVE_INFINITY, max ?? Number.POSITIVE_INFINITY);
    return columnwise(() => limits);
  }
  return columnwise((present) => {
    const sorted = present.slice().sort();
    return between(sortedQuantile(sorted, quantiles[0]), sortedQuantile(sorted, quantiles[1]));
  });
}

/** NaN for no values. */
export function meanOf(present: Float64Array): number {
  let sum = 0;
  for (const value of present) sum += value;
  return sum / present.length;
}

/**
 * Whether a variance is rounding error only: at most that of n equal values whose mean was rounded
 * (the bound of scikit-learn's `_is_constant_feature`).
 */
function isConstant(variance: number, mean: number, n: number): boolean {
  return variance <= n * Number.EPSILON * variance + (n * mean * Number.EPSILON) ** 2;
}
